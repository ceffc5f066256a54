"""By which names, from which pages, past which proxies and with or without TLS the hub is reached."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer

from hub.adapters.web.app import make_app
from hub.adapters.web.context import WebSettings
from tests.hub.adapters.web.desk import PASSWORD, TestDesk


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "hub.example.evil.example",
        "localhost.evil.example",
        "localhost:x@evil.example",
        "[::1].evil.example",
        "[127.0.0.1]evil",
        "[fe80::1%evil]",
        "127.0.0.1:80:80",
        "2130706433",
        "[evil]",
        "a b",
    ],
)
async def test_a_name_that_is_not_ours_is_refused(desk: TestDesk, host: str) -> None:
    refused = await desk.get("/posts", headers={"Host": host})
    assert (refused.status, refused.reason) == (421, "unknown_host")


@pytest.mark.parametrize(
    "host", ["hub.example", "HUB.example:8400", "localhost:1", "127.0.0.1", "[::1]:80", "10.0.0.2"]
)
async def test_configured_names_and_plain_addresses_are_ours(desk: TestDesk, host: str) -> None:
    assert (await desk.get("/posts", headers={"Host": host})).status == 200


async def test_a_request_that_names_no_host_is_refused(desk: TestDesk) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", desk.client.port)
    writer.write(b"GET /healthz HTTP/1.0\r\n\r\n")
    answered = await reader.read()
    writer.close()
    assert answered.startswith(b"HTTP/1.0 400 ")
    assert b"no_host" in answered


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://hub.example", 201),
        ("null", 201),
        ("http://evil.example", 403),
        ("http://hub.example:1", 403),
        ("[", 403),
    ],
)
async def test_where_a_browser_tells_no_site_its_origin_counts(desk: TestDesk, origin: str, status: int) -> None:
    sent = {"Host": "hub.example", "Origin": origin}
    assert (await desk.post("/sessions", {"duration_s": 60}, headers=sent)).status == status


async def failed_from(desk: TestDesk, *told: str) -> str:
    """The address that a failed sign-in is noted with."""
    sent = [("Content-Type", "application/json"), *(("X-Forwarded-For", one) for one in told)]
    body = b'{"username": "marie", "password": "wrong"}'
    async with desk.client.post("/api/v1/auth/token", data=body, headers=sent) as response:
        assert response.status == 401
    found: str = (await desk.get("/logs?action=operator_login_failed")).body["items"][0]["ip_address"]
    return found


async def test_nobody_says_where_they_are(desk: TestDesk) -> None:
    assert await failed_from(desk, "10.9.8.7") == "127.0.0.1"


class TestBehindAProxy:
    @pytest.fixture
    def settings(self) -> WebSettings:
        return WebSettings(proxies=frozenset({"127.0.0.1"}))

    @pytest.mark.parametrize(
        ("told", "address"),
        [
            (["10.0.0.5"], "10.0.0.5"),
            (["6.6.6.6, 10.0.0.5"], "10.0.0.5"),
            (["6.6.6.6", "10.0.0.5"], "10.0.0.5"),
            (["2001:DB8::5"], "2001:db8::5"),
            (["10.0.0.5, nonsense"], "127.0.0.1"),
            (["10.0.0.5,"], "127.0.0.1"),
            ([], "127.0.0.1"),
        ],
    )
    async def test_its_own_word_is_believed_and_not_what_it_was_told(
        self, desk: TestDesk, told: list[str], address: str
    ) -> None:
        assert await failed_from(desk, *told) == address


class TestUnderTls:
    @pytest.fixture
    def settings(self) -> WebSettings:
        return WebSettings(hosts=frozenset({"Hub.Example"}), tls=True)

    async def test_the_cookie_is_bound_to_the_host_and_browsers_stay_with_tls(self, desk: TestDesk) -> None:
        cookie, headers = await sign_in(desk)
        assert cookie.key == "__Host-poste"
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
        assert headers["Strict-Transport-Security"] == "max-age=31536000"

    async def test_a_cookie_that_another_host_could_have_set_is_nobodys(self, desk: TestDesk) -> None:
        cookie, _ = await sign_in(desk)
        for name, status in ((cookie.key, 200), ("poste", 401)):
            sent = {"Cookie": f"{name}={cookie.value}"}
            assert (await desk.get("/posts", role=None, headers=sent)).status == status

    @pytest.mark.parametrize(("origin", "status"), [("https://hub.example", 101), ("http://hub.example", 403)])
    async def test_only_a_page_that_came_by_tls_may_listen(self, desk: TestDesk, origin: str, status: int) -> None:
        cookie, _ = await sign_in(desk)
        sent = {
            "Host": "hub.example",
            "Origin": origin,
            "Cookie": f"{cookie.key}={cookie.value}",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        }
        async with desk.client.get("/api/v1/live", headers=sent) as response:
            assert response.status == status

    @pytest.mark.parametrize("header", ["X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded"])
    async def test_no_header_of_a_client_changes_who_we_are(self, desk: TestDesk, header: str) -> None:
        sent = {"Host": "evil.example", header: "hub.example"}
        assert (await desk.get("/posts", headers=sent)).status == 421


async def sign_in(desk: TestDesk) -> tuple[Any, Any]:
    """The panel's cookie as a browser behind TLS gets it, and the headers that came with it."""
    form = {"username": "marie", "password": PASSWORD}
    sent = {"Host": "hub.example", "Origin": "https://hub.example"}
    async with (
        TestClient(TestServer(make_app(desk.context)), cookie_jar=DummyCookieJar()) as client,
        client.post("/sign-in", data=form, headers=sent, allow_redirects=False) as response,
    ):
        assert response.status == 303
        return response.cookies["__Host-poste"], response.headers
