"""Debian's Chromium, as it is without a window; a desk for each test, and people who sit at it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from hub.adapters.db.migrate import migrate
from tests.browser.desk import PASSWORD, Desk, open_desk
from tests.browser.visit import Browsing, visiting

CHROMIUM = shutil.which("chromium-headless-shell")
expect.set_options(timeout=15_000)


class Visit(Browsing):
    """Somebody at a desk's panel."""

    async def sign_in(self, desk: Desk, name: str) -> Page:
        """To the board, live."""
        await self.open(desk, name)
        await expect(self.page.locator("#link-word")).to_have_text("Live")
        return self.page

    async def open(self, desk: Desk, name: str, path: str = "/") -> Page:
        """To a page, signed in."""
        await self.enter(name, PASSWORD)
        await self.page.goto(f"{desk.url}{path}")
        return self.page


Visitor = Callable[..., Awaitable[Visit]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    assert CHROMIUM, "the browser tests need Chromium: apt-get install chromium-headless-shell"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the present schema, to be copied: what a browser shows depends on no kind of database."""
    path = tmp_path_factory.mktemp("migrated") / "hub.db"
    await migrate(path)
    return path


@pytest_asyncio.fixture(loop_scope="session")
async def empty(empty_file: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    """A hub as it is the first time."""
    async with open_desk(Path(shutil.copy(empty_file, tmp_path / "hub.db"))) as desk:
        yield desk


@pytest_asyncio.fixture(loop_scope="session")
async def desk(empty: Desk) -> Desk:
    """A hub with the operator marie, and no post."""
    await empty.operator("marie")
    return empty


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser, empty: Desk) -> AsyncIterator[Visitor]:
    """Opens a browser of its own for each person: `await visitor(locale="fr", …)`; see `visiting`."""
    async with visiting(browser, empty.url, Visit) as visit:
        yield visit


@pytest_asyncio.fixture(loop_scope="session")
async def marie(visitor: Visitor, desk: Desk) -> Page:
    """Marie's board; nothing has gone wrong in it. Posts that a test adds appear on it."""
    return await (await visitor()).sign_in(desk, "marie")
