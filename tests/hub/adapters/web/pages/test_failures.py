"""Problems that no page tells: a page for a browser, JSON for a program and for everybody who asks the API."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer

from hub.adapters.web.app import make_app
from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import PASSWORD, TestDesk
from tests.hub.adapters.web.pages.visitor import visiting

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
Client = TestClient[Any, Any]


@pytest.fixture
async def panel(desk: TestDesk) -> AsyncIterator[Client]:
    async with TestClient(TestServer(make_app(desk.context)), cookie_jar=DummyCookieJar()) as client:
        yield client


async def told(response: ClientResponse) -> tuple[int, str, str]:
    return response.status, response.content_type, await response.text()


@pytest.mark.parametrize(("language", "words"), [("fr", "Cette page n’existe pas"), ("en", "There is no such page")])
async def test_a_page_that_is_not_there_is_told_in_the_readers_language(
    panel: Client, language: str, words: str
) -> None:
    for path in ("/nowhere", "/sign-out", "/static/nothing", "/nowhere?<script>alert(1)</script>"):
        async with panel.get(path, headers={**HTML, "Accept-Language": language}) as response:
            status, kind, text = await told(response)
            assert (status, kind) == ({"/sign-out": 405}.get(path, 404), "text/html")
            assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert words in text
        assert f'<html lang="{language}">' in text
        assert "<script" not in text
    cookie = {"Cookie": "language=fr", "Accept-Language": "en"}
    async with panel.get("/nowhere", headers={**HTML, **cookie}) as response:
        assert "Cette page n’existe pas" in await response.text()


@pytest.mark.parametrize("accept", ["application/json", "*/*", None])
async def test_programs_get_json(panel: Client, accept: str | None) -> None:
    async with panel.get("/nowhere", headers={"Accept": accept} if accept else {}) as response:
        assert (await told(response))[:2] == (404, "application/problem+json")


async def test_the_api_speaks_json_to_browsers_too(panel: Client) -> None:
    for path, status in (("/api/v1/nowhere", 404), ("/api/v1/sessions", 401)):
        async with panel.get(path, headers=HTML) as response:
            assert (await told(response))[:2] == (status, "application/problem+json")


async def test_a_database_that_is_busy_is_told_as_passing_and_asked_again_by_itself(
    panel: Client, desk: TestDesk, path: Path
) -> None:
    form = {"username": "marie", "password": PASSWORD}
    headers = {**HTML, "Accept-Language": "fr"}
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with panel.post("/sign-in", data=form, headers=headers, allow_redirects=False) as response:
            status, kind, text = await told(response)
            assert (status, kind, response.headers["Retry-After"]) == (503, "text/html", "3")
        other.execute("ROLLBACK")
    assert "n’a pas été fait" in text
    assert 'http-equiv="refresh"' not in text, "a form is not sent twice"
    async with panel.post("/sign-in", data=form, headers=headers, allow_redirects=False) as response:
        assert response.status == 303


async def test_a_page_that_was_only_looked_at_is_asked_for_again_by_itself(desk: TestDesk, path: Path) -> None:
    ticket = f"/sessions/{(await desk.issue())['id']}/ticket"  # of one moment: it takes a transaction
    async with visiting(desk, language="fr") as marie:
        headers = {**HTML, "Cookie": marie.cookie, "Accept-Language": "fr"}
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            async with marie.client.get(ticket, headers=headers) as response:
                status, kind, text = await told(response)
            other.execute("ROLLBACK")
        assert (status, kind) == (503, "text/html")
        assert '<meta http-equiv="refresh" content="3">' in text
        assert "Cette page réessaie d’elle-même." in text
        assert (await marie.see(ticket)).status == 200


async def test_a_page_that_needs_nothing_written_is_shown_while_the_database_is_locked(
    desk: TestDesk, path: Path
) -> None:
    async with visiting(desk, role=Role.ADMIN) as ada:
        desk.room.clock.advance(61)  # the use of her token is to be noted
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for page in ("/", "/journal", "/settings", "/statistics"):
                assert (await ada.see(page)).status == 200
            other.execute("ROLLBACK")


async def test_a_failure_of_our_own_is_told_without_details(panel: Client, desk: TestDesk) -> None:
    desk.room.place.run("ALTER TABLE house RENAME TO elsewhere")
    async with panel.get("/sign-in", headers={**HTML, "Accept-Language": "fr"}) as response:
        status, kind, text = await told(response)
    assert (status, kind) == (500, "text/html")
    assert "Une erreur s’est produite dans le serveur" in text
    assert "house" not in text


async def test_what_another_sites_page_sends_is_refused_on_a_page(panel: Client) -> None:
    headers = {**HTML, "Sec-Fetch-Site": "cross-site", "Accept-Language": "en"}
    async with panel.post("/sign-in", data={"username": "marie"}, headers=headers) as response:
        status, kind, text = await told(response)
    assert (status, kind) == (403, "text/html")
    assert "This is not possible" in text
