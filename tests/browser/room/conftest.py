"""The whole demo (hub, Mosquitto, simulated posts) for each file, and people in it in every guise."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.room.guise import GUISES, GUISES_LEFT_OUT, Guise
from tests.browser.room.people import Clerk, Patron
from tests.browser.visit import Browsing, visiting
from tests.system.demo_post import Post
from tests.system.demo_room import DemoRoom, demo_room

Visit = Callable[..., Awaitable[Browsing]]
Seat = Callable[..., Awaitable[Clerk]]
Two = tuple[Post, Post]
Stand = Callable[[str], Awaitable[Patron]]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Unless all are asked for, a story is told in each language and at each size, not in each of both together."""
    if config.getoption("--every-guise"):
        return
    left = [item for item in items if _guise_of(item) in GUISES_LEFT_OUT]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


def _guise_of(item: pytest.Item) -> object:
    made_of = getattr(item, "callspec", None)
    return made_of and made_of.params.get("guise")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DemoRoom]:
    """A demo with two posts, or as many as the file's POSTS says."""
    posts: int = getattr(request.module, "POSTS", 2)
    async with demo_room(tmp_path_factory.mktemp("room") / "demo", posts=posts) as made:
        yield made


@pytest.fixture(params=GUISES, ids=lambda guise: guise.name)
def guise(request: pytest.FixtureRequest) -> Guise:
    given: Guise = request.param
    return given


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, room: DemoRoom) -> AsyncIterator[Visit]:
    """Opens a browser of its own for each person."""
    async with visiting(browser, room.told["panel"], Browsing) as made:
        yield made


@pytest.fixture
def seat(visit: Visit, room: DemoRoom, guise: Guise) -> Seat:
    """Signs people in: `await seat()` the demo's admin, `await seat(name, password)` others; options as a browser's."""

    async def sit(name: str = room.told["username"], password: str = room.told["password"], **options: Any) -> Clerk:
        browsing = await visit(**guise.options | options)
        await browsing.enter(name, password)
        return Clerk(browsing, guise, room)

    return sit


@pytest_asyncio.fixture(loop_scope="session")
async def clerk(seat: Seat) -> Clerk:
    """The demo's admin, signed in."""
    return await seat()


@pytest.fixture
def patron_at(visit: Visit, room: DemoRoom, guise: Guise) -> Stand:
    """Puts a patron before a post: `await patron_at("p01")`."""

    async def stand(post_id: str) -> Patron:
        browsing = await visit(home=room.posts[post_id].url, **guise.options)
        await browsing.page.goto(browsing.home)
        return Patron(browsing, guise)

    return stand


@pytest_asyncio.fixture(loop_scope="session")
async def posts(room: DemoRoom, guise: Guise) -> AsyncIterator[Two]:
    """Two posts, this guise's alone where there are enough for all; free again afterwards."""
    every = list(room.posts.values())
    first = 2 * GUISES.index(guise) % len(every)
    mine = every[first], every[first + 1]
    yield mine
    for post in mine:
        await post.until_free()
