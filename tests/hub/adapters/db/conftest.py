"""A database of its own for each test: a real SQLite file, copied from one that was migrated once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.adapters.db.engine import Database, open_database
from hub.adapters.db.migrate import migrate
from hub.adapters.db.store import TortoiseStore
from tests.fakes.hub_clock import FakeClock


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "hub.db"
    asyncio.run(migrate(path))
    return path


@pytest.fixture
def path(migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated, tmp_path / "hub.db"))


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    database = await open_database(path, busy_timeout_ms=200)
    yield database
    await database.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(database: Database, clock: FakeClock) -> TortoiseStore:
    return TortoiseStore(database, clock)
