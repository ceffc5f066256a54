"""A whole room for tests of the hub's rules: real use cases, real store, a clock that stands still, nodes that talk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from hub.adapters.db.engine import open_database
from hub.adapters.db.store import TortoiseStore
from hub.domain import lease as domain
from hub.domain.post import Post
from hub.domain.records import LogEntry, StartOrder, User
from hub.domain.session import Session
from hub.usecases.inbox import receive
from hub.usecases.issue import Issued, IssueOrder, issue
from hub.usecases.ports import Record
from hub.usecases.posts import add_post
from hub.usecases.presence import Presence
from hub.usecases.work import By, Room
from hub.wire.codec import decode, encode
from hub.wire.messages import Deny, Down, Hello, Lease, PostReport, Redeem, Settle, Start, Sync, ToldLease, Up
from hub.wire.terms import Action, LeaseState, Phase, SettleReason
from tests.fakes.feed import FakeFeed
from tests.fakes.hub_clock import FakeClock
from tests.fakes.mint import FakeMint
from tests.fakes.post_link import FakePostLink
from tests.support.databases import Place

M = TypeVar("M")
DESK = By("marie", "10.0.0.5")
HUB_EPOCH = str(UUID(int=0xE0))
_ids = count(0xF000_0000)


def new_id() -> str:
    """An id that no node and no mint has given before."""
    return str(UUID(int=next(_ids)))


@dataclass
class Node:
    """The voice of one post's node. It obeys nobody: a test has it say what a real one might."""

    house: TestRoom
    post_id: str
    epoch: str = field(default_factory=new_id)

    async def says(self, message: Up | PostReport) -> list[Down]:
        """Speak over the wire's own bytes; what the hub then sends to this post."""
        self.house.heard(self.post_id)
        await receive(self.house.room, self.post_id, decode(type(message), encode(message)))
        return self.house.heard(self.post_id)

    async def hello(self, *leases: ToldLease, **facts: Any) -> Sync:
        heard = await self.says(Hello(new_id(), self.epoch, "0.1.0", (1, 1), leases, "10.0.0.11", **facts))
        return only(heard, Sync)

    async def reports(self, lease: Lease | None = None, debited_s: int = 0, **facts: Any) -> list[Down]:
        """Its status: idle, or running a lease."""
        report = PostReport(online=True, state_epoch=self.epoch, debited_s=debited_s)
        if lease is not None:
            report = replace(
                report,
                phase=Phase.RUNNING,
                lease_id=lease.lease_id,
                rev=lease.rev,
                total_s=lease.total_s,
                remaining_s=max(0, lease.total_s - debited_s),
            )
        return await self.says(replace(report, **facts))

    async def asks(self, code: str, *, req_id: str | None = None, topping_up: Lease | None = None) -> Lease | Deny:
        """Redeem a code; the hub's answer to just that request."""
        lease_id = topping_up.lease_id if topping_up else None
        return await self._redeems(Redeem(req_id or new_id(), self.epoch, lease_id, code=code))

    async def obeys(self, start: Start, *, req_id: str | None = None) -> Lease | Deny:
        """Redeem the desk's "start here"."""
        return await self._redeems(Redeem(req_id or new_id(), self.epoch, start_id=start.start_id))

    async def _redeems(self, request: Redeem) -> Lease | Deny:
        (answer,) = await self.says(request)
        assert isinstance(answer, Lease | Deny)
        assert answer.req_id == request.req_id
        return answer

    async def gets(self, code: str, *, topping_up: Lease | None = None) -> Lease:
        """Redeem a code that must be granted."""
        answer = await self.asks(code, topping_up=topping_up)
        assert isinstance(answer, Lease), answer
        return answer

    async def settles(
        self, lease: Lease, debited_s: int, reason: SettleReason = SettleReason.EXPIRED, **facts: Any
    ) -> list[Down]:
        told = Settle(lease.lease_id, lease.rev, lease.total_s, debited_s, self.epoch, reason)
        return await self.says(replace(told, **facts))


def told(
    lease: Lease, debited_s: int, state: LeaseState = LeaseState.OPEN, reason: SettleReason | None = None, **facts: Any
) -> ToldLease:
    """A lease as a hello tells it."""
    return replace(ToldLease(lease.lease_id, lease.rev, lease.total_s, debited_s, state, reason), **facts)


def only(messages: list[Down], kind: type[M]) -> M:
    """The one message of a kind among those heard."""
    (found,) = [message for message in messages if isinstance(message, kind)]
    return found


class TestRoom:
    """A house with its database in a file, and everything that a test asks of it."""

    __test__ = False

    def __init__(self, place: Place, store: TortoiseStore, clock: FakeClock) -> None:
        self.place, self.clock = place, clock
        self.link, self.mint, self.feed, self.presence = FakePostLink(), FakeMint(), FakeFeed(), Presence()
        self.room = Room(store, self.link, clock, self.mint, self.feed, self.presence, HUB_EPOCH)
        self.codes: list[str] = []
        self._told: list[Down] = []

    async def node(self, post_id: str = "p01", *, online: bool = True) -> Node:
        """A new post of the house with its node, which has greeted and is idle."""
        number = int(post_id.strip("p"))
        await add_post(self.room, post_id, f"Post {number}", "Hall", "$7$secret", DESK)
        node = Node(self, post_id)
        if online:
            await node.hello()
            await node.reports()
        return node

    async def issued(self, duration_s: int = 3600, **order: Any) -> Issued:
        """A new session and its code."""
        (issued,) = await issue(self.room, IssueOrder(duration_s, **order), DESK)
        self.codes.append(issued.code)
        return issued

    async def user(self, **facts: Any) -> User:
        user = User(new_id(), "Ada", self.clock.now(), **facts)
        await self.add(user)
        return user

    async def add(self, record: Record) -> None:
        async with self.room.store.transaction() as tx:
            await tx.add(record)

    async def save(self, record: Record) -> None:
        async with self.room.store.transaction() as tx:
            await tx.save(record)

    async def session(self, session: Session | Issued | str) -> Session:
        """A session as it is stored now."""
        key = session if isinstance(session, str) else session.session.id if isinstance(session, Issued) else session.id
        async with self.room.store.transaction() as tx:
            found = await tx.session(key)
        assert found is not None
        return found

    async def lease(self, lease: Lease | str) -> domain.Lease:
        """A lease as it is stored now."""
        async with self.room.store.transaction() as tx:
            found = await tx.lease(lease if isinstance(lease, str) else lease.lease_id)
        assert found is not None
        return found

    async def post(self, post_id: str = "p01") -> Post:
        """A post as it is stored now."""
        async with self.room.store.transaction() as tx:
            found = await tx.post(post_id)
        assert found is not None
        return found

    async def order(self, start: Start) -> StartOrder:
        async with self.room.store.transaction() as tx:
            found = await tx.start_order(start.start_id)
        assert found is not None
        return found

    def heard(self, post_id: str = "p01") -> list[Down]:
        """What the post was sent since it last listened, each message as its node would read it."""
        messages = [message for receiver, message in self.link.sent if receiver == post_id]
        self.link.sent = [one for one in self.link.sent if one[0] != post_id]
        for message in messages:
            assert decode(type(message), encode(message)) == message
        self._told += messages
        return messages

    def entries(self, action: Action) -> list[LogEntry]:
        """The journal's entries of one action, oldest first."""
        return [entry for entry in self.feed.entries if entry.action is action]

    def incidents(self) -> list[object]:
        return [entry.details["kind"] for entry in self.entries(Action.INCIDENT)]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database really holds."""
        return self.place.rows(query)

    def sessions(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT id, status, flag FROM session ORDER BY created_at, id")

    def _purged(self) -> int:
        """How many entries the journal has lost, by its own word."""
        told = [entry.details["counts"] for entry in self.entries(Action.RETENTION_PURGE)]
        return sum(counts.get("journal", 0) for counts in told if isinstance(counts, dict))

    def check(self) -> None:
        """What must hold at the end of every story: I3, I7, and a journal that the feed told in full."""
        ledger = self.rows(
            "SELECT s.allocated_s, s.consumed_s, s.status = 'active',"
            " COALESCE(SUM(CASE WHEN l.closed_at IS NULL THEN l.total_s END), 0), COALESCE(SUM(l.charged_s), 0),"
            " COUNT(CASE WHEN l.closed_at IS NULL THEN l.id END)"
            " FROM session s LEFT JOIN lease l ON l.session_id = s.id GROUP BY s.id"
        )
        for allocated_s, consumed_s, active, out_s, charged_s, open_leases in ledger:
            assert (allocated_s, consumed_s, active) == (out_s, charged_s, open_leases)
        journal = self.rows("SELECT * FROM log_entry ORDER BY id")
        kept, told = [row[0] for row in journal], [entry.id for entry in self.feed.entries]
        assert kept == [entry for entry in told if entry in kept]
        assert len(kept) == len(told) - self._purged()
        public = f"{journal} {self.feed.entries} {self.feed.sessions} {self.feed.posts} {self.link.sent} {self._told}"
        answers = self.rows("SELECT * FROM request")
        assert not [code for code in self.codes if code in public or code in str(answers)]


@asynccontextmanager
async def open_room(place: Place) -> AsyncIterator[TestRoom]:
    """A room on a migrated database."""
    clock = FakeClock()
    database = await open_database(place.where)
    try:
        yield TestRoom(place, TortoiseStore(database, clock), clock)
    finally:
        await database.close()


def sealed_codes(room: TestRoom) -> Mapping[str, bytes | None]:
    """The readable codes that the file still keeps, by session."""
    return dict(room.rows("SELECT id, code_sealed FROM session"))
