"""An empty database, migrated once, and how far to search."""

from __future__ import annotations

import asyncio

import pytest

from hub.adapters.db.engine import open_database
from hub.adapters.db.store import TortoiseStore
from hub.domain.house import House
from tests.fakes.hub_clock import FakeClock
from tests.support.databases import Place

GRACE_S = 5


@pytest.fixture(scope="session")
def empty_database(migrated: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A database with the present schema, no rows, and a grace short enough to be seen ending."""
    place = migrated.copy(tmp_path_factory.mktemp("protocol"))
    asyncio.run(_prepare(place))
    return place


async def _prepare(place: Place) -> None:
    database = await open_database(place.where)
    try:
        async with TortoiseStore(database, FakeClock()).transaction() as tx:
            await tx.save(House(grace_s=GRACE_S))
    finally:
        await database.close()
