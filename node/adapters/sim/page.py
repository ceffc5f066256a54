"""The simulated post's page: shows screen and relays live, and takes keys."""

from __future__ import annotations

import asyncio
import html
import json
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from string import Template

from aiohttp import web

from node.adapters.sim.bell import Bell
from node.adapters.sim.guard import add_headers, guard, problem
from node.adapters.sim.hardware import VirtualKeypad, VirtualLamp, VirtualScreen
from node.adapters.sim.keys import BadKeys, parse_keys
from node.adapters.sim.words import WORDS, choose

_STATIC = Path(__file__).parent / "static"
_FILES = frozenset({"page.css", "page.js", "icon.svg"})
_MAX_BODY = 64 * 1024
_HEARTBEAT_S = 15
_BODY_S = 10
_SIGNS = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Page:
    """GET / /state /screen.png /live (Server-Sent Events), POST /keys /power-cut.

    `state` gives the status message's fields as they are now; `power_cut` is called once the answer is out and
    need not return. What `bell` announces is sent to every open page.
    """

    def __init__(
        self,
        post_id: str,
        *,
        keypad: VirtualKeypad,
        screen: VirtualScreen,
        bell: Bell,
        state: Callable[[], Mapping[str, object]],
        power_cut: Callable[[], None],
        lamp: VirtualLamp | None = None,
    ) -> None:
        self._post_id, self._keypad, self._screen, self._bell = post_id, keypad, screen, bell
        self._status, self._power_cut, self._lamp = state, power_cut, lamp
        self._runner: web.AppRunner | None = None
        self._closing = False

    def app(self, bound_host: str) -> web.Application:
        """The routes behind their guards."""
        app = web.Application(middlewares=[guard(bound_host)], client_max_size=_MAX_BODY)
        app.on_response_prepare.append(add_headers)
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/static/{name}", self._file),
                web.get("/state", self._state),
                web.get("/screen.png", self._png),
                web.get("/live", self._live),
                web.post("/keys", self._keys),
                web.post("/power-cut", self._cut),
            ]
        )
        return app

    async def start(self, listening: socket.socket) -> str:
        """Serve on a bound socket; returns the page's URL."""
        host, port = listening.getsockname()[:2]
        self._runner = web.AppRunner(self.app(host), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    async def stop(self) -> None:
        """End the streams and the server."""
        self._closing = True
        self._bell.ring()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _page(self, request: web.Request) -> web.Response:
        language = choose(request.query.get("lang"), request.headers.get("Accept-Language", ""))
        words = WORDS[language]
        signs = "".join(f'<button type="button" data-keys="{sign}">{sign}</button>' for sign in _SIGNS)
        text = Template((_STATIC / "page.html").read_text(encoding="utf-8")).substitute(
            {name: html.escape(word) for name, word in words.items()},
            lang=language,
            other_lang="en" if language == "fr" else "fr",
            post=html.escape(self._post_id),
            words=html.escape(json.dumps(dict(words), ensure_ascii=False)),
            signs=signs,
        )
        return web.Response(text=text, content_type="text/html", headers={"Vary": "Accept-Language"})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["name"] not in _FILES:
            raise web.HTTPNotFound
        return web.FileResponse(_STATIC / request.match_info["name"])

    async def _state(self, _: web.Request) -> web.Response:
        return web.json_response(self._now())

    async def _png(self, _: web.Request) -> web.Response:
        return web.Response(body=self._screen.png(), content_type="image/png")

    async def _live(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"retry: 300\n\n")
        with self._bell.listening() as ear, suppress(ConnectionResetError):  # the browser has left
            await self._tell(response, ear)
        return response

    async def _tell(self, response: web.StreamResponse, ear: asyncio.Event) -> None:
        while not self._closing:
            light = None if self._lamp is None else self._lamp.light.value
            now = {**self._now(), "picture": self._screen.count, "light": light}
            await response.write(f"data: {json.dumps(now)}\n\n".encode())
            try:
                await asyncio.wait_for(ear.wait(), _HEARTBEAT_S)
            except TimeoutError:
                await response.write(b": still here\n\n")
            ear.clear()

    async def _keys(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(_BODY_S):
                body = json.loads((await request.read()).decode())
        except TimeoutError:
            return problem(408, "Too slow", {"": f"must come within {_BODY_S} s"})
        except (ValueError, RecursionError, web.RequestPayloadError):
            return problem(422, "The body is not JSON", {"": 'must be {"keys": "…"}'})
        keys = body.get("keys") if isinstance(body, dict) else None
        if not isinstance(keys, str):
            return problem(422, "No keys", {"keys": 'must be a text, as in {"keys": "K7M2QX\\n"}'})
        try:
            self._keypad.press(parse_keys(keys))
        except BadKeys as error:
            return problem(422, "Not keys", {"keys": str(error)})
        return web.Response(status=204)

    async def _cut(self, request: web.Request) -> web.StreamResponse:
        response = web.Response(status=204, headers={"Connection": "close"})
        await response.prepare(request)
        await response.write_eof()
        asyncio.get_running_loop().call_soon(self._power_cut)
        return response

    def _now(self) -> dict[str, object]:
        return {**self._status(), "screen": list(self._screen.picture.text())}
