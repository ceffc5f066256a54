"""What every HubLink does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import uuid4

from hub.wire.messages import Down, Hello, HubReport, PostReport, Settle, Settled, Up
from hub.wire.terms import Phase, SettleReason
from node.core.events import BrokerFound, BrokerLost, Received
from node.ports import HubLink
from tests.fakes.watch import PATIENCE_S

LinkEvent = Received | BrokerFound | BrokerLost
REPORT = PostReport(online=True, phase=Phase.RUNNING, lease_id=str(uuid4()), total_s=600, debited_s=10, seq=3)


@dataclass
class HubLinkBench:
    """A link, and the hub's end of it: what it says, and the next that it hears. `lose`: no broker; `find`: again."""

    link: HubLink
    say: Callable[[Down | HubReport], Awaitable[None]]
    heard: Callable[[], Awaitable[Up]]
    reported: Callable[[], Awaitable[PostReport]]
    lose: Callable[[], Awaitable[None]]
    find: Callable[[], Awaitable[None]]


class HubLinkSuite:
    """What is sent arrives, both ways and in order; a broker that goes and comes is told; closing is the end."""

    async def test_the_broker_is_told_first_and_then_what_the_hub_says(self, bench: HubLinkBench) -> None:
        async with listening(bench) as told:
            assert await told() == BrokerFound()
            said: list[Down | HubReport] = [
                HubReport(online=True, hub_epoch=str(uuid4())),
                Settled(str(uuid4())),
                Settled(str(uuid4())),
            ]
            for message in said:
                await bench.say(message)
            assert [await told() for _ in said] == [Received(message) for message in said]

    async def test_what_is_sent_arrives_in_order(self, bench: HubLinkBench) -> None:
        async with listening(bench) as told:
            assert await told() == BrokerFound()
            sent: list[Up] = [
                Hello(boot_id=str(uuid4()), state_epoch=str(uuid4()), version="0.1.0", protocol=(1, 1)),
                Settle(str(uuid4()), 1, 60, 60, str(uuid4()), SettleReason.EXPIRED),
            ]
            for message in sent:
                await bench.link.send(message)
            assert [await bench.heard() for _ in sent] == sent

    async def test_a_report_arrives_whether_it_is_periodic_or_not(self, bench: HubLinkBench) -> None:
        async with listening(bench) as told:
            assert await told() == BrokerFound()
            for periodic in (True, False):
                report = replace(REPORT, seq=REPORT.seq + periodic)
                await bench.link.report(report, periodic=periodic)
                assert await bench.reported() == report

    async def test_a_broker_that_goes_and_comes_is_told(self, bench: HubLinkBench) -> None:
        async with listening(bench) as told:
            assert await told() == BrokerFound()
            await bench.lose()
            assert await told() == BrokerLost()
            await bench.find()
            assert await told() == BrokerFound()

    async def test_closing_ends_the_events(self, bench: HubLinkBench) -> None:
        async with listening(bench) as told:
            assert await told() == BrokerFound()


@asynccontextmanager
async def listening(bench: HubLinkBench) -> AsyncIterator[Callable[[], Awaitable[LinkEvent]]]:
    """Read its events, one a call; at the end it is closed, and its events have to end."""
    events = bench.link.events()
    heard: asyncio.Queue[LinkEvent] = asyncio.Queue()

    async def listen() -> None:
        async for event in events:
            heard.put_nowait(event)

    async def told() -> LinkEvent:
        async with asyncio.timeout(PATIENCE_S):
            return await heard.get()

    task = asyncio.create_task(listen())
    try:
        yield told
    finally:
        await bench.link.close()
        await asyncio.wait_for(task, PATIENCE_S)
