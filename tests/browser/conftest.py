"""Debian's Chromium, a desk for each test, and people who sit at it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Request, async_playwright, expect

from hub.adapters.db.migrate import migrate
from tests.browser.desk import PASSWORD, Desk, open_desk

CHROMIUM = shutil.which("chromium")
expect.set_options(timeout=5_000)


@dataclass
class Visit:
    """One person's browser at the panel, and what went wrong in it that a test must account for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    async def sign_in(self, desk: Desk, name: str) -> Page:
        """To the board, live."""
        await self.open(desk, name)
        await expect(self.page.locator("#link-word")).to_have_text("Live")
        return self.page

    async def open(self, desk: Desk, name: str, path: str = "/") -> Page:
        """To a page, signed in; the form is filled in without being looked at."""
        form: dict[str, str | float | bool] = {"username": name, "password": PASSWORD}
        await self.page.context.request.post(f"{desk.url}/sign-in", form=form, max_redirects=0)
        await self.page.goto(f"{desk.url}{path}")
        return self.page

    def note_request(self, request: Request) -> None:
        self.requests.append(request)


Visitor = Callable[..., Awaitable[Visit]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    assert CHROMIUM, "the browser tests need Chromium: apt-get install chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
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
    """Opens a browser of its own for each person: `await visitor(locale="fr", …)`.

    At the end of the test no page may have asked another host, nor told an error that the test did not take out of
    `errors`.
    """
    visits: list[Visit] = []

    async def visit(**options: Any) -> Visit:
        page = await (await browser.new_context(**({"locale": "en"} | options))).new_page()
        visit = Visit(page)
        page.on("console", lambda said: visit.errors.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: visit.errors.append(str(error)))
        page.on("request", visit.note_request)
        visits.append(visit)
        return visit

    yield visit
    for one in visits:
        await one.page.context.close()
    assert [error for one in visits for error in one.errors] == []
    asked = {request.url for one in visits for request in one.requests}
    assert {url for url in asked if not url.startswith(f"{empty.url}/")} == set()


@pytest_asyncio.fixture(loop_scope="session")
async def marie(visitor: Visitor, desk: Desk) -> Page:
    """Marie's board; nothing has gone wrong in it. Posts that a test adds appear on it."""
    return await (await visitor()).sign_in(desk, "marie")
