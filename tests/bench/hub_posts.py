"""Many posts at one hub: what they cost, how late a panel hears of them, and how soon they are back."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import aiohttp

from hub.wire.terms import STATUS_PERIOD_S
from tests.bench.databases import New, databases
from tests.bench.figures import Aim, Figure, Unmeasured, spread
from tests.bench.house import Hub, furnished, hub
from tests.bench.nodes import Node, nodes
from tests.bench.pace import each, spread_out
from tests.bench.run import Run

MANY, FEW = 2000, 500
CPU_PERCENT, LATE_MS, DEARER_TIMES = 50.0, 1000, 1.25
BACK, BACK_S = 1000, 20
REDEEM_S = 60
_AT_ONCE = 64
_EMPTY_S = 1.0


@dataclass
class Load:
    """What so many posts came to."""

    posts: int
    cpu_percent: float = 0.0
    broker_percent: float = 0.0
    late_ms: list[float] = field(default_factory=list)

    @property
    def a_post(self) -> float:
        """Processor time of the hub a second and post, in microseconds."""
        return self.cpu_percent / 100 / self.posts * 1e6


async def held(run: Run, kind: str) -> Sequence[Figure]:
    """A status in ten seconds and a redeem a minute at each post, and a panel that watches: few posts, then many."""
    with databases(kind) as new:
        few = await _load(run, f"{FEW}", new, run.few(FEW, FEW // 5))
        many = await _load(run, f"{MANY}", new, run.few(MANY, MANY // 5))
    dearer = many.a_post / few.a_post
    what = f"hub: {many.posts:,} posts held"
    late = spread(many.late_ms)
    return [
        Figure(
            f"{what}, processor, {kind}",
            "% of a core",
            spread([many.cpu_percent]),
            aims=(Aim("mean", many.cpu_percent, CPU_PERCENT, "%"),),
            beside={"broker_percent": many.broker_percent},
        ),
        Figure(
            f"{what}, processor a post, {kind}",
            "us/s",
            spread([many.a_post]),
            f"the same with {few.posts:,} posts",
            spread([few.a_post]),
            (Aim("mean", dearer, DEARER_TIMES, "x"),),
        ),
        Figure(
            f"{what}, from a redeem to the panel's tile, {kind}",
            "ms",
            late,
            aims=(Aim("p99", late.p99, LATE_MS, "ms"),),
        ),
    ]


async def back(run: Run, kind: str) -> Sequence[Figure]:
    """The broker dies under many posts, and a tenth of them has just sent a code."""
    posts = run.few(BACK, BACK // 5)
    took: list[float] = []
    with databases(kind) as new:
        house = await furnished(run.folder, new, posts=posts)
        async with hub(house) as running, _fleet(running, posts) as fleet, _closed_sockets_untold():
            asking = fleet[::10]
            for _ in range(run.few(3, 1)):
                os.kill((await running.broker()).pid, signal.SIGKILL)
                killed_at = monotonic()
                async with asyncio.TaskGroup() as group:
                    for node in asking:
                        group.create_task(node.redeem(house.keys.codes[node.post_id]))
                    group.create_task(_all_greeted(fleet, killed_at))
                took += [node.greeted_at - killed_at for node in fleet]
                if any(node.lease is None for node in asking):
                    raise Unmeasured("a redeem was lost")
                await each(asking, Node.settle, _AT_ONCE)
    told = spread(took)
    aims = (Aim("slowest", told.most, BACK_S, "s"),)
    return [Figure(f"hub: {posts:,} posts back after the broker's death, {kind}", "s", told, aims=aims)]


async def _all_greeted(fleet: Sequence[Node], since: float) -> None:
    async with asyncio.timeout(4 * BACK_S):
        while any(node.greeted_at <= since for node in fleet):  # noqa: ASYNC110 - a thousand events to wait for
            await asyncio.sleep(0.05)


async def _load(run: Run, name: str, new: New, posts: int) -> Load:
    house = await furnished(run.sub(name), new, posts=posts)
    load = Load(posts)
    async with hub(house) as running, _fleet(running, posts) as fleet, running.http() as api:
        await each(fleet, lambda node: node.redeem(house.keys.codes[node.post_id]), _AT_ONCE)
        async with api.ws_connect("live") as panel:
            redeemed: dict[str, float] = {}

            async def turn(node: Node) -> None:
                await node.settle()
                await asyncio.sleep(_EMPTY_S)
                redeemed[node.post_id] = monotonic()
                await node.redeem(house.keys.codes[node.post_id])

            work = [
                asyncio.create_task(spread_out(fleet, STATUS_PERIOD_S, Node.report)),
                asyncio.create_task(spread_out(fleet, REDEEM_S, turn)),
                asyncio.create_task(_watch(panel, redeemed, load.late_ms)),
            ]
            try:
                await asyncio.sleep(STATUS_PERIOD_S)
                load.late_ms.clear()
                await _weigh(running, load, run.few(60, 15), work)
            finally:
                for task in work:
                    task.cancel()
                await asyncio.gather(*work, return_exceptions=True)
    return load


async def _weigh(running: Hub, load: Load, seconds: float, work: Sequence[asyncio.Task[None]]) -> None:
    """Let it go on for a while; nothing of the work may end by itself."""
    broker = await running.broker()
    before, broker_before, began = running.process.weighed.cpu_s(), broker.cpu_s(), monotonic()
    done, _ = await asyncio.wait(work, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
        raise Unmeasured("a part of the load ended by itself")
    took_s = monotonic() - began
    load.cpu_percent = (running.process.weighed.cpu_s() - before) / took_s * 100
    load.broker_percent = (broker.cpu_s() - broker_before) / took_s * 100


async def _watch(panel: aiohttp.ClientWebSocketResponse, redeemed: dict[str, float], late_ms: list[float]) -> None:
    """Note how late each redeem is seen: its post's frame after its own line of the journal."""
    logged: dict[str, float] = {}
    while True:
        frame = await panel.receive_json()
        data = frame["data"]
        if frame["type"] == "log" and data["action"] in {"session_started", "session_resumed"}:
            began = redeemed.pop(data["post_id"], None)
            if began is not None:
                logged[data["post_id"]] = began
        elif frame["type"] == "post" and data["id"] in logged:
            late_ms.append((monotonic() - logged.pop(data["id"])) * 1000)


@asynccontextmanager
async def _closed_sockets_untold() -> AsyncIterator[None]:
    """aiomqtt asks after sockets that it has just closed, and asyncio tells of each: a thousand, when a broker dies."""
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()

    def told(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not (isinstance(error, OSError) and error.errno == errno.EBADF):
            loop.default_exception_handler(context)

    loop.set_exception_handler(told)
    try:
        yield
    finally:
        loop.set_exception_handler(before)


@asynccontextmanager
async def _fleet(running: Hub, posts: int) -> AsyncIterator[list[Node]]:
    """The nodes of all posts, greeted, and known to be there."""
    fleet = [running.node(name) for name in running.house.keys.codes]
    async with nodes(fleet):
        await each(fleet, lambda node: node.report(periodic=False), _AT_ONCE)
        yield fleet
