"""Posts' nodes for the hub to serve, many in this process: the node's own link to the broker, and no post behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from time import monotonic
from typing import Any, TypeVar
from uuid import uuid4

from hub.wire.messages import Deny, Hello, HubReport, Lease, PostReport, Redeem, Settle, Settled, Sync, ToldLease
from hub.wire.terms import PROTOCOL, STATUS_PERIOD_S, HubLink, LeaseState, Phase, SettleReason
from node.adapters.link_mqtt import LinkMqtt
from node.core.events import Received
from node.core.request import RESEND_MS
from tests.bench.figures import Unmeasured

PATIENCE_S = 60.0
T = TypeVar("T")


class Node:
    """What one node says to the hub, as fast as it is told to.

    `greeted_at`: when the hub last answered a greeting, by `monotonic`.
    """

    def __init__(self, post_id: str, host: str, port: int, password: str) -> None:
        self.post_id = post_id
        self.link = LinkMqtt(post_id=post_id, host=host, port=port, username=post_id, password=password)
        self.lease: Lease | None = None
        self.greeted_at = 0.0
        self.greeted = asyncio.Event()
        self._epoch, self._boot = _id(), _id()
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._debited_s = 0
        self._seq = 0

    async def run(self) -> None:
        """Greet whenever the hub is there anew, and take its answers; for ever."""
        async for event in self.link.events():
            if isinstance(event, Received):
                await self._take(event.message)

    async def redeem(self, code: str) -> Lease:
        """A lease for this code; asked for again, as a node does, until there is an answer."""
        request = Redeem(_id(), self._epoch, code=code)
        answer = await self._answered(request.req_id, request)
        if not isinstance(answer, Lease):
            raise Unmeasured(f"{self.post_id} was refused: {answer.reason}")
        self.lease, self._debited_s = answer, 0
        return answer

    async def settle(self) -> None:
        """End the lease with what was told of it so far; the hub has written it when this returns."""
        if self.lease is None:
            raise Unmeasured(f"{self.post_id} has nothing to settle: the hub is behind")
        lease, self.lease = self.lease, None
        reason = SettleReason.PAUSED_HERE
        told = Settle(lease.lease_id, lease.rev, lease.total_s, self._debited_s, self._epoch, reason)
        await self._answered(lease.lease_id, told)

    async def report(self, *, periodic: bool = True, entering: bool = False) -> None:
        """The status, as every ten seconds or as at a change: somebody types there, or not."""
        self._seq += 1
        report = PostReport(
            online=True,
            phase=Phase.ENTERING if entering else Phase.IDLE,
            hub_link=HubLink.OK,
            state_epoch=self._epoch,
            boot_id=self._boot,
            version="0.1.0",
            seq=self._seq,
        )
        if self.lease is not None:
            self._debited_s += STATUS_PERIOD_S if periodic else 0
            report = replace(
                report,
                phase=Phase.RUNNING,
                lease_id=self.lease.lease_id,
                rev=self.lease.rev,
                total_s=self.lease.total_s,
                debited_s=self._debited_s,
                remaining_s=self.lease.total_s - self._debited_s,
            )
        await self.link.report(report, periodic=periodic)

    async def _answered(self, key: str, message: Redeem | Settle) -> Any:
        waiting = self._waiting[key] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not waiting.done():
                    await self.link.send(message)
                    await asyncio.wait({waiting}, timeout=RESEND_MS / 1000)
                return waiting.result()
        finally:
            del self._waiting[key]

    async def _take(self, message: object) -> None:
        match message:
            case HubReport(online=True):
                await self.link.send(Hello(self._boot, self._epoch, "0.1.0", PROTOCOL, self._held()))
            case Sync():
                self.greeted_at = monotonic()
                self.greeted.set()
            case Lease(req_id=str(key)) | Deny(req_id=key):
                self._answer(key, message)
            case Settled(lease_id=key):
                self._answer(key, message)
            case _:
                pass  # what concerns a patron's screen

    def _held(self) -> tuple[ToldLease, ...]:
        lease = self.lease
        if lease is None:
            return ()
        return (ToldLease(lease.lease_id, lease.rev, lease.total_s, self._debited_s, LeaseState.OPEN),)

    def _answer(self, key: str, message: object) -> None:
        waiting = self._waiting.get(key)
        if waiting is not None and not waiting.done():
            waiting.set_result(message)


@asynccontextmanager
async def nodes(made: Sequence[Node]) -> AsyncIterator[None]:
    """These, greeted by the hub; gone without a word at the end."""
    running = [asyncio.create_task(node.run()) for node in made]
    try:
        async with asyncio.timeout(PATIENCE_S):
            for node in made:
                await node.greeted.wait()
        yield
    finally:
        for task in running:
            task.cancel()
        ended = await asyncio.gather(*running, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error


def _id() -> str:
    return str(uuid4())
