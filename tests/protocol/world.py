"""A room for the search: the real use cases on a real database, simulated posts, a bad network, one clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from hub.adapters.db.engine import Database, open_database
from hub.adapters.db.store import TortoiseStore
from hub.domain.errors import HubError
from hub.usecases import inbox
from hub.usecases.issue import Issued, IssueOrder, issue
from hub.usecases.ports import Store, Transaction
from hub.usecases.posts import add_post
from hub.usecases.presence import Presence
from hub.usecases.sweep import sweep
from hub.usecases.work import By, Room
from hub.wire.messages import Down, HubReport, PostReport, Up
from node.core.events import BrokerFound, BrokerLost, Received
from tests.fakes.feed import FakeFeed
from tests.fakes.hub_clock import FakeClock
from tests.fakes.mint import FakeMint
from tests.protocol.network import Network, Packet
from tests.protocol.sim_post import SimPost
from tests.support.databases import Place

DESK = By("marie", "127.0.0.1")
T = TypeVar("T")


class HubCrash(Exception):
    """kill -9 of the hub, at the commit of a transaction."""


class FragileStore:
    """The real store, whose process can die just before or just after a commit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.dies: str | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._store.transaction() as tx:
            yield tx
            if self.dies == "before":
                raise HubCrash
        if self.dies == "after":
            raise HubCrash


class World:
    """Everything there is; `run` drives the hub's coroutines from a plain test."""

    def __init__(self, folder: Path, template: Place, posts: int = 3) -> None:
        self.loop = asyncio.new_event_loop()
        self.place = template.copy(folder)
        self.clock, self.mint, self.net = FakeClock(), FakeMint(), Network()
        self.now_ms = 1_000_000
        self.issued: list[Issued] = []
        self.forced: set[str] = set()
        self._database: Database
        self.room: Room
        self.store: FragileStore
        self.start_hub()
        for number in range(1, posts + 1):
            self.run(add_post(self.room, f"p{number}", f"Post {number}", "", "$7$", DESK))
        self.posts = [
            SimPost(f"p{n}", _new(folder / f"p{n}"), now_ms=self.now_ms, fresh_id=self.mint.new_id, send=self._up)
            for n in range(1, posts + 1)
        ]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run one piece of the hub's work to its end."""
        return self.loop.run_until_complete(work)

    def close(self) -> None:
        """Let go of files and loop."""
        self.run(self._database.close())
        self.loop.close()
        self.place.drop()

    def start_hub(self) -> None:
        """The hub's process starts on the database that is there."""
        self._database = self.run(open_database(self.place.where))
        self.store = FragileStore(TortoiseStore(self._database, self.clock))
        self.room = Room(self.store, self, self.clock, self.mint, FakeFeed(), Presence(), self.mint.new_id())

    def restart_hub(self) -> None:
        """The hub is gone, and back with a new epoch; connected posts see it."""
        self.run(self._database.close())
        self.start_hub()
        for post in self.posts:
            if post.linked:
                post.handle(Received(HubReport(online=True, hub_epoch=self.room.hub_epoch)))

    async def send(self, post_id: str, message: Down) -> None:
        """The hub's PostLink."""
        self.net.put(post_id, message, down=True)

    def _up(self, post_id: str, message: Up | PostReport) -> None:
        self.net.put(post_id, message, down=False)

    def desk(self, act: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any) -> T | None:
        """The desk does something; what the state forbids is refused and changes nothing."""

        async def attempt() -> T:
            return await act(self.room, *args, **kwargs)

        with suppress(HubError):
            return self._surviving(attempt())
        return None

    def issue(self, order: IssueOrder) -> None:
        """Hand out a code."""
        issued = self.run(issue(self.room, order, DESK))
        self.issued += issued
        self.net.codes += [one.code for one in issued]

    def deliver(self, packet: Packet) -> None:
        """One packet arrives, whether the post is there or not."""
        if not packet.down:
            self._surviving(inbox.receive(self.room, packet.post_id, packet.message()))  # type: ignore[arg-type]
            return
        post = next(post for post in self.posts if post.post_id == packet.post_id)
        if post.linked:
            post.handle(Received(packet.message()))  # type: ignore[arg-type]

    def _surviving(self, work: Coroutine[Any, Any, T]) -> T | None:
        try:
            return self.run(work)
        except HubCrash:
            self.restart_hub()
            return None

    def connect(self, post: SimPost) -> None:
        """The post's link comes up; the retained status tells it of the hub."""
        if not post.linked and post.handle(BrokerFound()):
            post.handle(Received(HubReport(online=True, hub_epoch=self.room.hub_epoch)))
            post.tell()

    def disconnect(self, post: SimPost) -> None:
        """The post's link goes down."""
        if post.linked:
            post.handle(BrokerLost())

    def advance(self, ms: int) -> None:
        """Time goes on for everybody; every post is stepped whenever it asked to be."""
        until_ms = self.now_ms + ms
        while self.now_ms < until_ms:
            due = [at for post in self.posts if (at := post.next_due()) is not None]
            now_ms = max(self.now_ms + 1, min([until_ms, *due]))
            self.clock.advance((now_ms - self.now_ms) / 1000)
            self.now_ms = now_ms
            for post in self.posts:
                post.pass_to(now_ms)

    def sweep(self) -> None:
        """The hub's own housekeeping."""
        self._surviving(sweep(self.room))

    def calm(self, seconds: int) -> None:
        """The network heals: everybody is connected and every message arrives at once, in order."""
        for post in self.posts:
            post.cut_in = None
            self.connect(post)
        for _ in range(0, seconds, 5):
            for post in self.posts:
                post.tell()
            while self.net.packets:
                self.deliver(self.net.take(0))
            self.advance(5000)
        self.sweep()


def _new(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder
