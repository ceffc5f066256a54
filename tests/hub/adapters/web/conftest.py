"""A desk for each test, on a copy of a database that was migrated once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from hub.adapters.db.engine import open_database
from hub.adapters.web.context import WebSettings
from tests.fakes.hub_clock import FakeClock
from tests.hub.adapters.web.desk import TestDesk, make_room, open_desk
from tests.support.databases import Place
from tests.support.room import Node


@pytest.fixture
def settings() -> WebSettings:
    """How the desk is reached; a test file may say otherwise."""
    return WebSettings(hosts=frozenset({"hub.example"}), live_check_s=0.02, body_timeout_s=0.2, probe_timeout_s=0.05)


@pytest.fixture
async def desk(place: Place, settings: WebSettings) -> AsyncIterator[TestDesk]:
    clock = FakeClock()
    database = await open_database(place.where, busy_timeout_ms=200)
    try:
        desk = await open_desk(database, make_room(place, database, clock), clock, settings)
        try:
            yield desk
        finally:
            await desk.client.close()
    finally:
        await database.close()


@pytest.fixture
async def node(desk: TestDesk) -> Node:
    """The node of post p01, online and idle."""
    return await desk.room.node("p01")


@pytest.fixture
async def other(desk: TestDesk) -> Node:
    """The node of post p02, online and idle."""
    return await desk.room.node("p02")
