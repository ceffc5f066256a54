"""Posts for the browser tests: each answers the hub as a node would, at once, without a broker between."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from uuid import uuid4

from hub.usecases.inbox import receive
from hub.usecases.work import Room
from hub.wire.messages import Down, Hello, Incident, Lease, PostReport, Redeem, Settle, Start
from hub.wire.terms import IncidentKind, LeaseState, Phase, SettleReason


@dataclass
class Post:
    """One post. `deaf`: it hears nothing, as with a cable out; `told` are the messages that it did not hear."""

    id: str
    room: Room
    lease: Lease | None = None
    debited_s: int = 0
    deaf: bool = False
    missed: list[Down] = field(default_factory=list)
    heard: list[Down] = field(default_factory=list)
    epoch: str = field(default_factory=lambda: str(uuid4()))
    _asked: set[str] = field(default_factory=set)

    async def greet(self) -> None:
        """Connect to the hub."""
        await receive(self.room, self.id, Hello(str(uuid4()), self.epoch, "0.1.0", (1, 1), ip="10.0.0.11"))
        await self.report()

    async def report(self, **facts: object) -> None:
        """Tell its status; `facts` replace fields of it."""
        lease = self.lease
        running: dict[str, object] = {"online": True, "state_epoch": self.epoch, "version": "0.1.0"}
        if lease is not None:
            left_s = lease.total_s - self.debited_s
            running |= {"phase": Phase.RUNNING, "lease_id": lease.lease_id, "rev": lease.rev, "total_s": lease.total_s}
            running |= {"debited_s": self.debited_s, "remaining_s": left_s}
        await receive(self.room, self.id, PostReport(**(running | facts)))  # type: ignore[arg-type]

    async def call(self) -> None:
        """A patron presses the key for help."""
        await receive(self.room, self.id, Incident(str(uuid4()), IncidentKind.HELP))

    async def type_code(self, code: str) -> None:
        """A patron types a code and confirms."""
        req_id = str(uuid4())
        self._asked.add(req_id)
        await receive(self.room, self.id, Redeem(req_id, self.epoch, code=code))

    async def hear(self, message: Down) -> None:
        """Do what a node does with a message."""
        if self.deaf:
            self.missed.append(message)
            return
        self.heard.append(message)
        match message:
            case Start(start_id=start_id):
                req_id = str(uuid4())
                self._asked.add(req_id)
                await receive(self.room, self.id, Redeem(req_id, self.epoch, start_id=start_id))
            case Lease(state=LeaseState.REVOKED) if self.lease is not None:
                await self._settle(message)
            case Lease(req_id=req_id) if req_id in self._asked or self._holds(message):
                self.lease = message
                await self.report()

    async def listen_again(self) -> None:
        """The cable is in again: everything that was missed is heard now."""
        self.deaf = False
        while self.missed:
            await self.hear(self.missed.pop(0))

    def _holds(self, message: Lease) -> bool:
        return self.lease is not None and self.lease.lease_id == message.lease_id and message.rev > self.lease.rev

    async def _settle(self, told: Lease) -> None:
        held, self.lease = self.lease, None
        if held is None:
            return
        debited_s, self.debited_s = self.debited_s, 0
        settle = Settle(held.lease_id, told.rev, held.total_s, debited_s, self.epoch, SettleReason.REVOKED)
        await receive(self.room, self.id, settle)
        await self.report()


class Wire:
    """A `PostLink` that hands each message to its post, in order, after the hub has finished what it was doing."""

    def __init__(self) -> None:
        self.posts: dict[str, Post] = {}
        self._messages: asyncio.Queue[tuple[str, Down]] = asyncio.Queue()

    async def send(self, post_id: str, message: Down) -> None:
        self._messages.put_nowait((post_id, message))

    async def run(self) -> None:
        """Deliver for ever."""
        while True:
            post_id, message = await self._messages.get()
            post = self.posts.get(post_id)
            if post is not None:
                await post.hear(message)
            self._messages.task_done()

    async def quiet(self) -> None:
        """Until every message has been heard."""
        async with asyncio.timeout(10):
            await self._messages.join()
