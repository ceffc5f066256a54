"""One running room for the stories that leave it as they found it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from hub.domain.house import House
from tests.system.demo_room import DemoRoom, demo_room, furnished

GRACE_S = 2


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def open_room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DemoRoom]:
    """A demo with three posts and a short grace."""
    data = tmp_path_factory.mktemp("room") / "demo"
    await furnished(data, House(grace_s=GRACE_S))
    async with demo_room(data) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def room(open_room: DemoRoom) -> AsyncIterator[DemoRoom]:
    """The running room, with nobody in it; what a failed story leaves running is ended for the next one."""
    yield open_room
    for post in open_room.posts.values():
        await post.until_free()
