"""A room for each test, on a copy of a database that was migrated once; and its desk's accounts."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from hub.adapters.db.accounts import Accounts
from hub.adapters.db.engine import Database, open_database
from hub.adapters.db.second_factors import SecondFactors
from hub.adapters.db.sign_in_counts import StoredSignInCounts
from hub.adapters.db.store import TortoiseStore
from hub.adapters.passwords import Argon2Passwords
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.throttle import SignInThrottle
from tests.fakes.hub_clock import FakeClock
from tests.support.databases import Place
from tests.support.room import Node, TestRoom


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = await open_database(place.where)
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
async def room(place: Place, database: Database) -> AsyncIterator[TestRoom]:
    clock = FakeClock()
    room = TestRoom(place, TortoiseStore(database, clock), clock)
    yield room
    room.check()


@pytest.fixture
def desk(room: TestRoom, database: Database) -> Desk:
    """The room's accounts, of which there are none yet; passwords are hashed for real, only faster."""
    passwords = Argon2Passwords(memory_kib=8, rounds=1)
    throttle = SignInThrottle(StoredSignInCounts(database, room.clock), room.room.mint)
    return Desk(room.room, Accounts(database, room.clock), SecondFactors(database, room.clock), passwords, throttle)


@pytest.fixture
async def node(room: TestRoom) -> Node:
    """The node of post p01, online and idle."""
    return await room.node("p01")


@pytest.fixture
async def other(room: TestRoom) -> Node:
    """The node of post p02, online and idle."""
    return await room.node("p02")
