"""A room for each test, on a copy of a database that was migrated once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.adapters.db.migrate import migrate
from tests.support.room import Node, TestRoom, open_room


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "hub.db"
    asyncio.run(migrate(path))
    return path


@pytest.fixture
async def room(migrated: Path, tmp_path: Path) -> AsyncIterator[TestRoom]:
    async with open_room(Path(shutil.copy(migrated, tmp_path / "hub.db"))) as room:
        yield room
        room.check()


@pytest.fixture
async def node(room: TestRoom) -> Node:
    """The node of post p01, online and idle."""
    return await room.node("p01")


@pytest.fixture
async def other(room: TestRoom) -> Node:
    """The node of post p02, online and idle."""
    return await room.node("p02")
