"""People's browsers, and what none of them may do: complain, ask another host, or run out of its window."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from playwright.async_api import Browser, Page, Request

WATCH_THE_EDGE = """
const told = new Set();
function look() {
  if (document.readyState !== "complete" || matchMedia("print").matches) return;
  for (const box of [document.scrollingElement, ...document.querySelectorAll("dialog[open]")]) {
    const room = box === document.scrollingElement ? innerWidth : box?.clientWidth;
    if (!box || box.scrollWidth <= room || told.has(box)) continue;
    told.add(box);
    console.error(`${location.pathname}: ${box.tagName} is ${box.scrollWidth} wide, and ${room} are shown`);
  }
}
setInterval(look, 100);
addEventListener("pagehide", look);
"""
"""Tells the console, which must stay clean, when a page or a dialog is wider than what is shown of it."""


@dataclass
class Browsing:
    """One person's browser at an address, and what went wrong in it that a test must account for."""

    page: Page
    home: str
    errors: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    async def enter(self, name: str, password: str) -> None:
        """Be signed in; the form is sent without being looked at."""
        form: dict[str, str | float | bool] = {"username": name, "password": password}
        answer = await self.page.context.request.post(f"{self.home}/sign-in", form=form, max_redirects=0)
        assert answer.status == 303, answer.status

    def note_request(self, request: Request) -> None:
        self.requests.append(request)


Somebody = TypeVar("Somebody", bound=Browsing)


@asynccontextmanager
async def visiting(
    browser: Browser, home: str, kind: Callable[[Page, str], Somebody]
) -> AsyncIterator[Callable[..., Awaitable[Somebody]]]:
    """Opens a browser of its own for each person: `await visit(locale="fr", …)`; with `home=` for one elsewhere.

    At the end no page may have asked another host, nor told an error that the test did not take out of `errors`.
    """
    visits: list[Somebody] = []

    async def visit(*, home: str = home, **options: Any) -> Somebody:
        context = await browser.new_context(**({"locale": "en"} | options))
        await context.add_init_script(WATCH_THE_EDGE)
        one = kind(await context.new_page(), home)
        context.on("console", lambda said: one.errors.append(said.text) if said.type in {"error", "warning"} else None)
        context.on("weberror", lambda error: one.errors.append(str(error.error)))
        context.on("request", one.note_request)
        visits.append(one)
        return one

    yield visit
    for one in visits:
        await one.page.context.close()
    errors = [error for one in visits for error in one.errors]
    assert not errors, errors
    abroad = {request.url for one in visits for request in one.requests if not request.url.startswith(f"{one.home}/")}
    assert not abroad, abroad
