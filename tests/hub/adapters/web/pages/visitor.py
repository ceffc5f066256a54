"""Somebody at the panel without a browser: signs in, opens pages, sends their forms."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer

from hub.adapters.web.app import make_app
from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import NAMES, PASSWORD, TestDesk


@dataclass(frozen=True, slots=True)
class Seen:
    """A page, or where the hub sent the browser instead."""

    status: int
    html: str
    location: str | None

    @property
    def text(self) -> str:
        """What the page says, without its tags."""
        body = re.sub(r"(?s)<(script|style|head).*?</\1>", " ", self.html)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in browser."""

    client: TestClient[Any, Any]
    cookie: str
    csrf: str
    language: str = "en"

    async def see(self, path: str) -> Seen:
        """Open a page; redirects are not followed."""
        return await self._ask("GET", path)

    async def send(self, path: str, *, csrf: str | None = None, **fields: str) -> Seen:
        """Send a form with the page's CSRF token, or with another."""
        return await self._ask("POST", path, data={"csrf_token": self.csrf if csrf is None else csrf} | fields)

    async def fill_in(self, page: str, to: str | None = None, **fields: str) -> Seen:
        """Open a page and send one of its forms, with what is hidden in it: the one that goes there, or to the page."""
        to = to or page
        seen = await self.see(page)
        form = re.search(rf'(?s)<form[^>]* action="{re.escape(to)}".*?</form>', seen.html)
        assert form, f"{page} has no form for {to}"
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[0]))
        return await self.send(to, **(hidden | fields))

    async def _ask(self, method: str, path: str, **more: Any) -> Seen:
        headers = {"Cookie": self.cookie, "Accept-Language": self.language}
        async with self.client.request(method, path, headers=headers, allow_redirects=False, **more) as response:
            return Seen(response.status, await response.text(), response.headers.get("Location"))


@asynccontextmanager
async def visiting(desk: TestDesk, role: Role = Role.OPERATOR, language: str = "en") -> AsyncIterator[Visitor]:
    """Somebody of a role, signed in at the panel of a desk."""
    async with TestClient(TestServer(make_app(desk.context)), cookie_jar=DummyCookieJar()) as client:
        form = {"username": NAMES[role], "password": PASSWORD}
        async with client.post("/sign-in", data=form, allow_redirects=False) as response:
            cookie = f"poste={response.cookies['poste'].value}"
        async with client.get("/", headers={"Cookie": cookie}) as response:
            token = re.search(r'name="csrf-token" content="(\w+)"', await response.text())
        yield Visitor(client, cookie, token[1] if token else "", language)
