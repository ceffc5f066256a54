"""What the desk asks of the hub over HTTP, in a house with a long past: a code, a list, the live room."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp

from tests.bench.databases import Bare, Statement, bare, databases
from tests.bench.figures import Aim, Figure, against_limit, spread
from tests.bench.house import House, furnished, hub
from tests.bench.nodes import nodes
from tests.bench.pace import ms
from tests.bench.processes import bare_http
from tests.bench.records import a_session, issuing
from tests.bench.run import Run

REST_TIMES = 3.0
PANELS, LATE_MS = 50, 1000
PAST, PAGE = 100_000, 50
_WARM_UP = 10
_ORDER = {"duration_s": 3600}


async def issue(run: Run, kind: str) -> Sequence[Figure]:
    """Issue a code over REST, then have the same answer echoed, then commit the same rows."""
    measured, limit = [], []
    with databases(kind) as new:
        house, empty = [await furnished(run.sub(name), new, posts=1) for name in ("hub", "bare")]
        async with _both(run, house, empty) as (api, echo, driver):
            for number in range(run.few(600, 80) + _WARM_UP):
                issued, took_ms = await _asked(api, "POST", "sessions", _ORDER)
                bare_ms = (await _asked(echo, "POST", "echo", issued))[1]
                bare_ms += await ms(driver.commit(issuing(a_session(datetime.now(UTC)))))
                if number >= _WARM_UP:
                    measured.append(took_ms)
                    limit.append(bare_ms)
    what = f"REST: issue a code, {kind}"
    against = "a bare aiohttp echo of the same JSON and one bare commit of the same rows"
    return [against_limit(what, "ms", measured, against, limit, median_at_most=REST_TIMES)]


async def list_sessions(run: Run, kind: str) -> Sequence[Figure]:
    """The newest fifty stays of many, by turns with a bare echo of the same answer and a bare query of as many rows."""
    past = run.few(PAST, PAST // 10)
    measured, limit = [], []
    newest = Statement(f"SELECT * FROM session ORDER BY created_at DESC, id DESC LIMIT {PAGE}")
    counted = Statement("SELECT COUNT(*) FROM session")
    with databases(kind) as new:
        house = await furnished(run.folder, new, posts=20, past=past)
        async with _both(run, house, house) as (api, echo, driver):
            for number in range(run.few(200, 30) + _WARM_UP):
                found, took_ms = await _asked(api, "GET", f"sessions?page_size={PAGE}")
                bare_ms = (await _asked(echo, "POST", "echo", found))[1]
                bare_ms += await ms(driver.rows(newest)) + await ms(driver.rows(counted))
                if number >= _WARM_UP:
                    measured.append(took_ms)
                    limit.append(bare_ms)
    what = f"REST: list {PAGE} sessions among {past:,}, {kind}"
    against = "a bare aiohttp echo of the same JSON, a bare SELECT of the rows and one of their count"
    return [against_limit(what, "ms", measured, against, limit, median_at_most=REST_TIMES)]


async def live(run: Run, kind: str) -> Sequence[Figure]:
    """A post's status changes: until fifty panels have heard of it, by turns with a bare server telling fifty."""
    measured, limit = [], []
    with databases(kind) as new:
        house = await furnished(run.folder, new, posts=20)
        async with hub(house) as running, AsyncExitStack() as stack:
            node = running.node("p0001")
            await stack.enter_async_context(nodes([node]))
            echo = await stack.enter_async_context(_bare_http(run))
            api = await stack.enter_async_context(running.http())
            panels = [await stack.enter_async_context(api.ws_connect("live")) for _ in range(PANELS)]
            others = [await stack.enter_async_context(echo.ws_connect("live")) for _ in range(PANELS)]
            for panel in panels:
                await panel.receive_json()
            for number in range(run.few(150, 20)):
                report = node.report(periodic=False, entering=number % 2 == 0)  # each one is news
                frame, took_ms = await _status_heard(node.post_id, report, panels)
                measured.append(took_ms)
                limit.append(await ms(_said(echo, json.dumps(frame), others)))
                await asyncio.sleep(0.05)
    told = spread(measured)
    aim = Aim("p99", told.p99, LATE_MS, "ms")
    against = f"a bare aiohttp server that sends the same frame to {PANELS} sockets"
    what = f"from a post's status to {PANELS} panels, {kind}"
    return [Figure(what, "ms", told, against, spread(limit), (aim,))]


async def _status_heard(post_id: str, report: Any, panels: list[aiohttp.ClientWebSocketResponse]) -> tuple[Any, float]:
    began = asyncio.get_running_loop().time()
    await report
    frames = await asyncio.gather(*(_post_frame(panel, post_id) for panel in panels))
    return frames[0], (asyncio.get_running_loop().time() - began) * 1000


async def _post_frame(panel: aiohttp.ClientWebSocketResponse, post_id: str) -> Any:
    """The next frame about this post."""
    while True:
        frame = await panel.receive_json(timeout=10)
        if frame["type"] == "post" and frame["data"]["id"] == post_id:
            return frame


async def _said(echo: aiohttp.ClientSession, text: str, others: list[aiohttp.ClientWebSocketResponse]) -> None:
    async def say() -> None:
        async with echo.post("say", data=text):
            pass

    await asyncio.gather(say(), *(other.receive_str(timeout=10) for other in others))


async def _asked(http: aiohttp.ClientSession, method: str, path: str, body: Any = None) -> tuple[Any, float]:
    """A good answer as JSON, and the milliseconds until it was read."""
    began = asyncio.get_running_loop().time()
    async with http.request(method, path, json=body) as answer:
        told = await answer.json()
        answer.raise_for_status()
    return told, (asyncio.get_running_loop().time() - began) * 1000


@asynccontextmanager
async def _both(
    run: Run, house: House, other: House
) -> AsyncIterator[tuple[aiohttp.ClientSession, aiohttp.ClientSession, Bare]]:
    """The API of a hub in that house, a bare server, and the bare driver on the other house's database."""
    async with (
        hub(house) as running,
        running.http() as api,
        bare(other.address, other.data) as driver,
        _bare_http(run) as echo,
    ):
        yield api, echo, driver


@asynccontextmanager
async def _bare_http(run: Run) -> AsyncIterator[aiohttp.ClientSession]:
    async with bare_http(run.folder) as url, aiohttp.ClientSession(url) as http:
        yield http
