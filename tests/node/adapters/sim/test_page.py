"""The simulator's page over real HTTP: state, keys, picture, live stream, and who may not."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from yarl import URL

from node.adapters.drawing import draw
from node.adapters.sim import Bell, Page, VirtualKeypad, VirtualLamp, VirtualScreen
from node.adapters.sim.words import EN, FR, choose
from node.core.events import Key, KeyPressed, SignTyped
from node.core.screen import Layout, Picture
from node.ports import Light
from tests.fakes.watch import PATIENCE_S


@dataclass
class Site:
    """A served page and its parts."""

    url: str
    http: aiohttp.ClientSession
    keypad: VirtualKeypad
    screen: VirtualScreen
    status: dict[str, object]
    lamp: VirtualLamp
    cut: asyncio.Event = field(default_factory=asyncio.Event)

    async def pressed(self, number: int) -> list[object]:
        events = self.keypad.events()
        async with asyncio.timeout(PATIENCE_S):
            return [await anext(events) for _ in range(number)]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    bell = Bell(asyncio.get_running_loop())
    keypad, screen = VirtualKeypad(), VirtualScreen(draw, bell.ring)
    status: dict[str, object] = {"phase": "idle", "boot_id": "b"}
    cut = asyncio.Event()
    lamp = VirtualLamp(bell.ring)
    page = Page("p01", keypad=keypad, screen=screen, bell=bell, state=lambda: status, power_cut=cut.set, lamp=lamp)
    url = await page.start(socket.create_server(("127.0.0.1", 0)))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE_S)) as http:
        yield Site(url, http, keypad, screen, status, lamp, cut)
    await page.stop()


async def test_the_state_is_the_status_and_what_the_screen_says(site: Site) -> None:
    site.screen.show(Picture(Layout.CODE, "Votre code", "K7", ("Encore 4 signes",)))
    async with site.http.get(site.url + "state") as answer:
        assert await answer.json() == {
            "phase": "idle",
            "boot_id": "b",
            "screen": ["Votre code", "K7", "Encore 4 signes"],
        }


async def test_the_picture_is_the_display(site: Site) -> None:
    site.screen.show(Picture(Layout.CLOCK, big="1:00"))
    async with site.http.get(site.url + "screen.png") as answer:
        assert answer.content_type == "image/png"
        assert await answer.read() == site.screen.png()


async def test_keys_are_pressed_in_order(site: Site) -> None:
    async with site.http.post(site.url + "keys", json={"keys": "K7\n{help}"}) as answer:
        assert (answer.status, await answer.read()) == (204, b"")
    assert await site.pressed(4) == [
        SignTyped("K"),
        SignTyped("7"),
        KeyPressed(Key.CONFIRM),
        KeyPressed(Key.HELP),
    ]


@pytest.mark.parametrize(
    "body", [b"", b"K7", b"[]", b"{}", b'{"keys": 7}', b'{"keys": "K{nonsense}"}', b"[" * 5000, b"\xff"]
)
async def test_a_bad_body_presses_nothing(site: Site, body: bytes) -> None:
    async with site.http.post(site.url + "keys", data=body) as answer:
        assert (answer.status, answer.content_type) == (422, "application/problem+json")
        assert (await answer.json())["errors"][0]["message"]
    await site.http.post(site.url + "keys", json={"keys": "A"})
    assert await site.pressed(1) == [SignTyped("A")]


async def test_no_charset_and_no_packing_presses_anything(site: Site) -> None:
    for headers in ({"Content-Type": "application/json; charset=nonsense"}, {"Content-Encoding": "gzip"}):
        async with site.http.post(site.url + "keys", data=b'{"keys": "{"}', headers=headers) as answer:
            assert answer.status == 422


async def test_a_huge_body_is_refused(site: Site) -> None:
    async with site.http.post(site.url + "keys", data=b"x" * 70_000) as answer:
        assert answer.status == 413


async def test_the_stream_tells_at_once_and_at_each_change(site: Site) -> None:
    async with site.http.get(site.url + "live") as stream:
        assert stream.content_type == "text/event-stream"
        first = await next_event(stream)
        assert (first["phase"], first["picture"], first["light"]) == ("idle", 0, "dark")
        site.status["phase"] = "running"
        await asyncio.to_thread(site.screen.show, Picture(Layout.CLOCK, big="9:59"))
        told = await next_event(stream)
        assert (told["phase"], told["picture"], told["screen"]) == ("running", 1, ["9:59"])
        site.lamp.show(Light.STEADY)
        assert (await next_event(stream))["light"] == "steady"


async def next_event(stream: aiohttp.ClientResponse) -> dict[str, Any]:
    async for line in stream.content:
        if line.startswith(b"data: "):
            told: dict[str, Any] = json.loads(line[6:])
            return told
    raise AssertionError("the stream ended")


async def test_a_power_cut_is_answered_and_then_made(site: Site) -> None:
    async with site.http.post(site.url + "power-cut") as answer:
        assert answer.status == 204
    async with asyncio.timeout(PATIENCE_S):
        await site.cut.wait()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "rebound.example"},
        {"Host": "[evil"},
        {"Origin": "http://["},
    ],
)
@pytest.mark.parametrize("path", ["keys", "power-cut"])
async def test_another_site_may_press_nothing(site: Site, path: str, headers: dict[str, str]) -> None:
    async with site.http.post(site.url + path, json={"keys": "A"}, headers=headers) as answer:
        assert answer.status == 403
    assert not site.cut.is_set()


async def test_a_foreign_host_name_reads_nothing(site: Site) -> None:
    async with site.http.get(site.url + "state", headers={"Host": "rebound.example"}) as answer:
        assert answer.status == 403


async def test_the_page_itself_may(site: Site) -> None:
    headers = {"Origin": site.url.rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    async with site.http.post(site.url + "keys", json={"keys": "A"}, headers=headers) as answer:
        assert answer.status == 204


@pytest.mark.parametrize(
    ("path", "accept", "title"),
    [("", "fr-FR,fr;q=0.9", FR["title"]), ("", "en", EN["title"]), ("?lang=en", "fr", EN["title"])],
)
async def test_the_page_speaks_the_browsers_language(site: Site, path: str, accept: str, title: str) -> None:
    async with site.http.get(site.url + path, headers={"Accept-Language": accept}) as answer:
        text = await answer.text()
        assert f"<title>p01 · {title}</title>" in text
        assert "$" not in text
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "<script>" not in text


async def test_everything_the_page_asks_for_is_there(site: Site) -> None:
    for name in ("page.css", "page.js", "icon.svg"):
        async with site.http.get(f"{site.url}static/{name}") as answer:
            assert (answer.status, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")


@pytest.mark.parametrize("name", ["", "page.html", "..%2fpage.py", "%00", "x" * 400])
async def test_and_nothing_else_is(site: Site, name: str) -> None:
    async with site.http.get(URL(f"{site.url}static/{name}", encoded=True)) as answer:
        assert answer.status == 404


def test_both_languages_have_the_same_words() -> None:
    assert FR.keys() == EN.keys()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "fr"), ("de", "fr"), ("de,en;q=0.5,fr;q=0.4", "en"), ("en;q=x, fr", "fr"), ("fr;q=0.1,en-GB", "en")],
)
def test_the_best_language_that_we_speak(accepted: str, language: str) -> None:
    assert choose(None, accepted) == language
    assert choose("xx", accepted) == language
