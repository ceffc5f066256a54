"""An open database for each test, and its store."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from hub.adapters.db.engine import Database, open_database
from hub.adapters.db.store import TortoiseStore
from tests.fakes.hub_clock import FakeClock
from tests.support.databases import Place


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = await open_database(place.where, busy_timeout_ms=200)
    yield database
    await database.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(database: Database, clock: FakeClock) -> TortoiseStore:
    return TortoiseStore(database, clock)
