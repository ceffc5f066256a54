"""A code becomes a lease: how long one takes, and how many a second, through the real broker and a durable database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

from aiomqtt import Client, Will

from hub.wire.codec import encode
from hub.wire.messages import Lease, PostReport, Redeem
from hub.wire.topics import topic
from node.adapters.link_mqtt.connection import BrokerAccess, new_client
from tests.bench.databases import bare, databases
from tests.bench.figures import Figure, against_limit, spread
from tests.bench.house import furnished, hub
from tests.bench.nodes import Node, nodes
from tests.bench.pace import each, ms
from tests.bench.processes import python
from tests.bench.records import load_codes, new_id, redeeming
from tests.bench.run import Run
from tests.support.mosquitto import room

AT_ONCE = 64
MEDIAN_TIMES, P99_TIMES, RATE_TIMES = 2.0, 6.0, 0.5
_POST = "p0001"
_WARM_UP = 20


async def one_at_a_time(run: Run, kind: str) -> Sequence[Figure]:
    """Redeem, then a bare trip there and back, then a bare commit, again and again."""
    measured: list[float] = []
    trips: list[float] = []
    commits: list[float] = []
    with databases(kind) as new:
        house, empty = [await furnished(run.sub(name), new, posts=1) for name in ("hub", "bare")]
        async with hub(house) as running, bare(empty.address, empty.data) as driver, _trips(run.folder) as trip:
            node, (session,) = running.node(_POST), await load_codes(driver, 1)
            async with nodes([node]):
                for number in range(run.few(600, 80) + _WARM_UP):
                    times = [
                        await ms(node.redeem(house.keys.codes[_POST])),
                        await ms(trip()),
                        await ms(driver.commit(redeeming(session, _POST))),
                    ]
                    await node.settle()
                    if number >= _WARM_UP:
                        for samples, took_ms in zip((measured, trips, commits), times, strict=True):
                            samples.append(took_ms)
    return [
        against_limit(
            f"redeem to lease, one at a time, {kind}",
            "ms",
            measured,
            "two bare broker trips and one bare commit of the same rows",
            [trip_ms + commit_ms for trip_ms, commit_ms in zip(trips, commits, strict=True)],
            median_at_most=MEDIAN_TIMES,
            p99_at_most=P99_TIMES,
            two_trips_ms=spread(trips).median,
            commit_ms=spread(commits).median,
        )
    ]


async def rate(run: Run, kind: str) -> Sequence[Figure]:
    """Rounds in which every post redeems once, so many at a time, by turns with as many bare commits."""
    measured, limit, cpu = [], [], []
    posts = run.few(400, 100)
    with databases(kind) as new:
        house, empty = [await furnished(run.sub(name), new, posts=posts) for name in ("hub", "bare")]
        async with hub(house) as running, bare(empty.address, empty.data) as driver:
            fleet = [running.node(name) for name in house.keys.codes]
            sessions = dict(zip(house.keys.codes, await load_codes(driver, posts), strict=True))

            async def commit(name: str) -> None:
                await driver.commit(redeeming(sessions[name], name))

            async def redeem(node: Node) -> Lease:
                return await node.redeem(house.keys.codes[node.post_id])

            async with nodes(fleet):
                for _ in range(run.few(8, 3)):
                    before, began = running.process.weighed.cpu_s(), monotonic()
                    await each(fleet, redeem, AT_ONCE)
                    took_s = monotonic() - began
                    measured.append(posts / took_s)
                    cpu.append((running.process.weighed.cpu_s() - before) / took_s * 100)
                    began = monotonic()
                    await each(sessions, commit, AT_ONCE)
                    limit.append(posts / (monotonic() - began))
                    await each(fleet, Node.settle, AT_ONCE)
    return [
        against_limit(
            f"redeems, {AT_ONCE} at a time, {kind}",
            "/s",
            measured,
            f"bare commits of the same rows, {AT_ONCE} at a time",
            limit,
            median_at_least=RATE_TIMES,
            hub_cpu_percent=spread(cpu).median,
        )
    ]


@asynccontextmanager
async def _trips(folder: Path) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """A function that goes to another program and back over a bare broker of the same kind, with the same messages."""
    request = encode(Redeem(new_id(), new_id(), code="K7M2QX"))
    answer = encode(Lease(new_id(), 1, 86_400, req_id=new_id()))
    async with room(folder / "broker", _POST) as broker:
        host, port = broker.broker.hub_address
        told = {"host": host, "port": port, "password": "hub-password", "ca": None, "answer": answer.decode()}
        async with python("-m", "tests.bench.bare", "mqtt", log=folder / "bare.log") as echo:
            await echo.tell(json.dumps(told))
            await echo.line()
            async with _client(*broker.broker.posts_address) as client:
                await client.subscribe(topic(Lease, _POST), qos=1)
                answers = aiter(client.messages)

                async def trip() -> None:
                    sending = asyncio.create_task(client.publish(topic(Redeem, _POST), request, 1))
                    await anext(answers)
                    await sending

                yield trip


def _client(host: str, port: int) -> Client:
    access = BrokerAccess(host, port, _POST, f"{_POST}-password")
    return new_client(access, None, post_id=_POST, will=Will(topic(PostReport, _POST), b"{}"))
