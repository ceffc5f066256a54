"""One piece of work: a transaction, what it has to tell the posts, and what it changed.

Commit first, publish after (R11): nothing leaves the hub that is not on its disk, and what is lost on the way is
told again when the post greets.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from hub.domain.errors import NotFound
from hub.domain.lease import Lease
from hub.domain.post import Post
from hub.domain.records import LogEntry, User
from hub.domain.session import Session
from hub.usecases.ports import Changes, Clock, Feed, Mint, PostLink, Record, Store, Transaction
from hub.usecases.presence import Presence
from hub.wire.codec import Nonsense
from hub.wire.messages import Down
from hub.wire.terms import Action

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class By:
    """Who asks: an operator by name, and from which address; neither for what the hub does by itself."""

    operator: str | None = None
    ip_address: str | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """All that a use case works with. `hub_epoch` is new at every start of the hub."""

    store: Store
    link: PostLink
    clock: Clock
    mint: Mint
    feed: Feed
    presence: Presence
    hub_epoch: str


class Work:
    """What one use case does within its transaction, and what it says once that is committed."""

    def __init__(self, room: Room, tx: Transaction) -> None:
        self.room, self.tx = room, tx
        self.now: datetime = room.clock.now()
        self._outbox: list[tuple[str, Down]] = []
        self._entries: list[LogEntry] = []
        self._sessions: dict[str, None] = {}
        self._posts: dict[str, None] = {}

    async def add(self, record: Record) -> None:
        """Store a new record."""
        await self.write(Changes(added=(record,)))

    async def save(self, record: Record) -> None:
        """Store a changed record."""
        await self.write(Changes(saved=(record,)))

    async def log(
        self,
        action: Action,
        by: By | None = None,
        *,
        session: Session | None = None,
        session_id: str | None = None,
        post_id: str | None = None,
        user_id: str | None = None,
        **details: object,
    ) -> None:
        """Write a line of the audit journal, in the same transaction as what it tells of: see `entry`."""
        entry = self.entry(
            action, by, session=session, session_id=session_id, post_id=post_id, user_id=user_id, **details
        )
        await self.write(Changes(entry=entry))

    def entry(
        self,
        action: Action,
        by: By | None = None,
        *,
        session: Session | None = None,
        session_id: str | None = None,
        post_id: str | None = None,
        user_id: str | None = None,
        **details: object,
    ) -> LogEntry:
        """A line of the audit journal, for `write`. What is told of a `session` is told of its patron, too."""
        by = by or By()
        if session is not None:
            session_id, user_id = session.id, session.user_id
        return LogEntry(self.now, action, session_id, post_id, user_id, by.operator, details, by.ip_address)

    async def write(self, changes: Changes) -> None:
        """Store new and changed records and a line of the journal in one go."""
        entry = await self.tx.write(changes)
        for record in (*changes.added, *changes.saved):
            self._note(record)
        if entry is not None:
            self._entries.append(entry)

    def send(self, post_id: str, message: Down) -> None:
        """Publish to a post, after the commit."""
        self._outbox.append((post_id, message))

    def touch(self, post_id: str) -> None:
        """A post's picture has changed, though nothing that is stored."""
        self._posts[post_id] = None

    async def session(self, session_id: str) -> Session:
        """A session that the desk names; NotFound when there is none."""
        return found(await self.tx.session(session_id), "session", session_id)

    async def post(self, post_id: str) -> Post:
        """A post that the desk names; NotFound when there is none."""
        return found(await self.tx.post(post_id), "post", post_id)

    async def user(self, user_id: str) -> User:
        """A patron that the desk names; NotFound when there is none."""
        return found(await self.tx.user(user_id), "user", user_id)

    async def speaker(
        self, post_id: str, *, req_id: str | None = None, code_hash: str | None = None, lease_id: str | None = None
    ) -> Post:
        """The post that a message came from; Nonsense when the house has no such post.

        What else is named is what the message is about: it is read along with the post.
        """
        await self.tx.read_ahead(post_id, self.now, req_id=req_id, code_hash=code_hash, lease_id=lease_id)
        post = await self.tx.post(post_id)
        if post is None:
            raise Nonsense("unknown post")
        return post

    async def speakers(self, post_ids: Sequence[str]) -> list[Post]:
        """The posts whose statuses came; Nonsense when the house has not all of them. Their leases are read along."""
        await self.tx.read_ahead_all(post_ids)
        posts = [await self.tx.post(post_id) for post_id in post_ids]
        if None in posts:
            raise Nonsense("unknown post")
        return [post for post in posts if post is not None]

    def _note(self, record: Record) -> None:
        if isinstance(record, Session):
            self._sessions[record.id] = None
        elif isinstance(record, Post):
            self._posts[record.id] = None
        elif isinstance(record, Lease):
            self._posts[record.post_id] = None
            self._sessions[record.session_id] = None

    async def publish(self) -> None:
        """Tell posts, board and monitors; only called when the transaction is committed."""
        for post_id, message in self._outbox:
            await self.room.link.send(post_id, message)
        for entry in self._entries:
            self.room.feed.entry(entry)
        for session_id in self._sessions:
            self.room.feed.session_changed(session_id)
        for post_id in self._posts:
            self.room.feed.post_changed(post_id)


def found(record: T | None, what: str, name: str) -> T:
    """The record, or NotFound."""
    if record is None:
        raise NotFound(what, name)
    return record


@asynccontextmanager
async def working(room: Room) -> AsyncIterator[Work]:
    """One transaction; when the block ends well it is committed, and then published."""
    async with room.store.transaction() as tx:
        work = Work(room, tx)
        yield work
    await work.publish()
