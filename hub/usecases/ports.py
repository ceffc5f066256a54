"""What the use cases need of the world."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, Union

from hub.domain.access_code import CodeFormat
from hub.domain.accounts import Operator, TokenKind
from hub.domain.house import House
from hub.domain.lease import Lease
from hub.domain.post import Post
from hub.domain.records import Answer, Learning, LogEntry, StartOrder, User
from hub.domain.retention import Kind
from hub.domain.session import Session
from hub.domain.statistics import Facts, Tally
from hub.wire.messages import Down

Record = Union[Session, Lease, Post, User, Answer, StartOrder, House, Learning, Operator]  # noqa: UP007
"""What a transaction can keep. `House` and `Learning` exist once; the others have an id."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is written in one go: records, no two of one kind (ValueError), and a line of the journal."""

    added: tuple[Record, ...] = ()
    saved: tuple[Record, ...] = ()
    entry: LogEntry | None = None

    def __post_init__(self) -> None:
        kinds = [type(record) for record in (*self.added, *self.saved)]
        if len(set(kinds)) < len(kinds):
            raise ValueError("two records of one kind: PostgreSQL does not say which of two changes to a row counts")


class Collision(Exception):
    """The database refused a record because another holds its place: somebody else was first, look again."""


class Unavailable(Exception):
    """The store cannot serve now; ask again.

    Nothing was changed; only where it went away in the middle of a commit does nobody know.
    """


class Transaction(Protocol):
    """One all-or-nothing piece of work. What it loads stays as loaded until it ends."""

    async def read_ahead(
        self,
        post_id: str,
        now: datetime,
        *,
        req_id: str | None = None,
        code_hash: str | None = None,
        lease_id: str | None = None,
    ) -> None:
        """Have at hand what a message of this post may need: what the request or the lease is about.

        Only for speed: whatever is asked for next is answered as without it.
        """

    async def read_ahead_all(self, post_ids: Sequence[str]) -> None:
        """Have at hand what the statuses of these posts may need: the posts and their open leases. As above."""

    async def post(self, post_id: str) -> Post | None: ...

    async def posts(self) -> list[Post]:
        """All posts that are not retired, by id."""

    async def has_history(self, post_id: str) -> bool:
        """Whether any lease, code, request or start, also one that is long over, speaks of this post."""

    async def session(self, session_id: str) -> Session | None: ...

    async def session_by_code(self, code_hash: str) -> Session | None: ...

    async def reservation(self, post_id: str, now: datetime) -> Session | None:
        """The oldest pending session that is bound to this post and valid now."""

    async def bound(self, post_id: str) -> list[Session]:
        """Pending and suspended sessions whose code works at this post only, oldest first."""

    async def lapsed(self, now: datetime) -> list[Session]:
        """Pending and suspended sessions whose validity is past, at most 500, oldest first."""

    async def sealed_over(self, before: datetime) -> list[Session]:
        """Sessions that ended or expired before then and still keep their readable code, at most 500."""

    async def lease(self, lease_id: str) -> Lease | None: ...

    async def recalled(self) -> list[Lease]:
        """Open leases that the hub wants back."""

    async def open_lease_at(self, post_id: str) -> Lease | None: ...

    async def open_lease_of(self, session_id: str) -> Lease | None: ...

    async def open_leases(self, session_id: str, post_id: str) -> tuple[Lease | None, Lease | None]:
        """The open lease of a session, and the one at a post."""

    async def answer(self, req_id: str) -> Answer | None: ...

    async def start_order(self, start_id: str) -> StartOrder | None: ...

    async def starting_at(self, post_id: str, now: datetime) -> str | None:
        """The id of a stay that the desk has sent to this post and that may still begin there by itself."""

    async def user(self, user_id: str) -> User | None: ...

    async def operators(self) -> list[Operator]:
        """All accounts of the desk, by name, which nobody else changes meanwhile."""

    async def has_acted(self, operator: str) -> bool:
        """Whether the journal or a stay tells of an operator of this name."""

    async def revoke_tokens(self, operator_id: int, kinds: Sequence[TokenKind], *, but: int | None = None) -> None:
        """An operator's tokens of these kinds, one apart where it is named, are good no longer."""

    async def forget_operator(self, operator_id: int) -> None:
        """Delete an account, and what hangs from it."""

    async def has_sessions(self, user_id: str) -> bool:
        """Whether any stay, also one that is over, speaks of this user."""

    async def used_s(self, user_id: str, start: datetime, end: datetime) -> int:
        """Seconds of leases that this user's stays were granted then: as charged, or all while they are open.

        With what their codes then gave to stays of others, by the journal.
        """

    async def promised_s(self, user_id: str, start: datetime, end: datetime) -> int:
        """Seconds that this user's codes, pending and suspended, still hold and that could be used then."""

    async def wipe_notes_of(self, user_id: str) -> None:
        """Empty the notes of all stays of this user."""

    async def house(self) -> House: ...

    async def learning(self) -> Learning: ...

    async def refusals_since(self, since: datetime) -> int:
        """How many unknown codes all posts together were given since then, by the journal."""

    async def alarm_since(self, since: datetime) -> bool:
        """Whether the journal has a guessing alarm since then."""

    async def add(self, record: Record) -> None:
        """Store a new record; Collision when its place is taken."""

    async def save(self, record: Record) -> None:
        """Store a record anew that was loaded or added before; LookupError when it is not there, Collision as above."""

    async def save_all(self, records: Sequence[Record]) -> None:
        """As `save`, for some records of one kind that were loaded before, at once."""

    async def write(self, changes: Changes) -> LogEntry | None:
        """As `add`, `save` and `log`, but at once; returns the entry with its id."""

    async def remove(self, record: Record) -> None:
        """Delete a record that was loaded before and that no other speaks of."""

    async def log(self, entry: LogEntry) -> LogEntry:
        """Append to the journal; returns the entry with its id."""

    async def counted_until(self) -> date | None:
        """The last day that is rolled up."""

    async def began_at(self) -> datetime | None:
        """When the oldest entry of the journal was written."""

    async def facts(self, start: datetime, end: datetime) -> Facts:
        """What statistics count of an interval."""

    async def roll(self, day: date, tallies: list[Tally]) -> None:
        """Keep the figures of a day, in place of those that were kept for it."""

    async def unseen_users(self, before: datetime) -> list[User]:
        """Users whose record and stays did not change since then, without a live stay, not anonymised; at most 500."""

    async def purge(self, kind: Kind, before: datetime) -> int:
        """Delete what is older, at most 500 records of a kind, never what is live; how many. ValueError for users."""


class Store(Protocol):
    """The database, for commands."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Commits at the end of the block, rolls back on any exception; Unavailable when the database cannot."""


class PostLink(Protocol):
    """The way to the posts."""

    async def send(self, post_id: str, message: Down) -> None:
        """Publish; dropped when there is no broker, because posts greet again and the state is told anew (R11)."""


class Clock(Protocol):
    """The wall clock: aware, UTC; and what it knows of the clocks elsewhere."""

    def now(self) -> datetime: ...

    def has_zone(self, name: str) -> bool:
        """Whether there is such a time zone, as Europe/Paris."""


class Mint(Protocol):
    """Where chance and secrets come from."""

    def new_id(self) -> str:
        """A fresh UUID, as text."""

    def new_code(self, form: CodeFormat) -> str:
        """An unguessable code."""

    def hash_code(self, code: str) -> str:
        """The keyed hash under which a code is looked up."""

    def seal_code(self, code: str) -> bytes:
        """The code, encrypted, for a reprint."""

    def open_code(self, sealed: bytes) -> str:
        """A sealed code in the clear; ValueError when it was sealed with another key."""


class Feed(Protocol):
    """Where the live board and monitors hear of what has happened, after it is on disk."""

    def entry(self, entry: LogEntry) -> None: ...

    def session_changed(self, session_id: str) -> None: ...

    def post_changed(self, post_id: str) -> None: ...
