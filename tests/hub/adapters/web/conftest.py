"""A desk for each test, on a copy of a database that was migrated once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.adapters.db.engine import open_database
from hub.adapters.db.migrate import migrate
from hub.adapters.web.context import WebSettings
from tests.fakes.hub_clock import FakeClock
from tests.hub.adapters.web.desk import TestDesk, make_room, open_desk
from tests.support.room import Node


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "hub.db"
    asyncio.run(migrate(path))
    return path


@pytest.fixture
def settings() -> WebSettings:
    """How the desk is reached; a test file may say otherwise."""
    return WebSettings(hosts=frozenset({"hub.example"}), live_check_s=0.02, body_timeout_s=0.2, probe_timeout_s=0.05)


@pytest.fixture
async def desk(migrated: Path, tmp_path: Path, settings: WebSettings) -> AsyncIterator[TestDesk]:
    path, clock = Path(shutil.copy(migrated, tmp_path / "hub.db")), FakeClock()
    database = await open_database(path)
    try:
        desk = await open_desk(database, make_room(path, database, clock), clock, settings)
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
