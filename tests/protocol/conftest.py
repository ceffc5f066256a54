"""An empty database, migrated once, and how far to search."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hub.adapters.db.engine import open_database
from hub.adapters.db.migrate import migrate
from hub.adapters.db.store import TortoiseStore
from hub.domain.house import House
from tests.fakes.hub_clock import FakeClock

GRACE_S = 5


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the present schema, no rows, and a grace short enough to be seen ending."""
    path = tmp_path_factory.mktemp("protocol") / "empty.sqlite3"
    asyncio.run(_prepare(path))
    return path


async def _prepare(path: Path) -> None:
    await migrate(path)
    database = await open_database(path)
    try:
        async with TortoiseStore(database, FakeClock()).transaction() as tx:
            await tx.save(House(grace_s=GRACE_S))
    finally:
        await database.close()
