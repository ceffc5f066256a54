"""What lists and pages show: read models, their filters, and the port that gives them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from hub.domain.house import House
from hub.domain.lease import Lease
from hub.domain.post import Post, status
from hub.domain.records import LogEntry, User
from hub.domain.session import Session
from hub.domain.statistics import Facts, Tally
from hub.wire.terms import Action, PostStatus, SessionStatus

T = TypeVar("T")
MAX_PAGE_SIZE = 200


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list: pages count from 1, `ordering` is a field's name, with "-" the other way round."""

    page: int = 1
    page_size: int = 50
    ordering: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list, and how many items the whole of it has."""

    items: list[T]
    total: int
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What a post's status follows from, beside presence; and nothing else of it."""

    post_id: str
    maintenance: bool
    occupied: bool
    reserved: bool

    def status(self, *, online: bool) -> PostStatus:
        """The one status that follows, when it is known whether the post is there."""
        return status(maintenance=self.maintenance, online=online, occupied=self.occupied, reserved=self.reserved)


@dataclass(frozen=True, slots=True)
class PostView:
    """A post, its open lease, and whether a code is bound to it now; with presence, its status follows."""

    post: Post
    updated_at: datetime
    lease: Lease | None
    reserved: bool

    def status(self, *, online: bool) -> PostStatus:
        """The one status that follows, when it is known whether the post is there."""
        maintenance, occupied = self.post.maintenance is not None, self.lease is not None
        return PostFacts(self.post.id, maintenance, occupied, self.reserved).status(online=online)


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session, its last lease, open or closed (where it is or was), and its patron's name."""

    session: Session
    updated_at: datetime
    lease: Lease | None
    user_name: str | None


@dataclass(frozen=True, slots=True)
class SessionSums:
    """Seconds of all sessions of a list together."""

    given_s: int
    used_s: int


@dataclass(frozen=True, slots=True)
class HouseView:
    """The house's settings, and when they last changed."""

    house: House
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PostFilter:
    """`q` is looked for in id, name and notes; `ids`: of these only."""

    zone: str | None = None
    q: str | None = None
    retired: bool = False
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """`post`: bound to it, or ever leased there; `q`: in the notes or the patron's name, or the id's beginning."""

    status: SessionStatus | None = None
    post: str | None = None
    user: str | None = None
    operator: str | None = None
    category: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class UserView:
    """A patron's record."""

    user: User
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class UserFilter:
    """`q` is looked for in name, card number, contact and notes."""

    q: str | None = None
    category: str | None = None
    blocked: bool | None = None


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Instants: `after` is included, `before` is not."""

    action: Action | None = None
    session: str | None = None
    post: str | None = None
    user: str | None = None
    operator: str | None = None
    after: datetime | None = None
    before: datetime | None = None


async def every(read: Callable[[T | None], Awaitable[list[T]]]) -> AsyncIterator[T]:
    """All items of a list, oldest first, chunk by chunk behind the last one read.

    What comes meanwhile comes at the end, and what is deleted meanwhile moves none.
    """
    last: T | None = None
    while chunk := await read(last):
        for one in chunk:
            yield one
        last = chunk[-1]


class Queries(Protocol):
    """The database, for lists. ValueError for a page or an ordering that there is none of."""

    async def posts(self, now: datetime, wanted: PostFilter = ...) -> list[PostView]: ...

    async def post(self, now: datetime, post_id: str) -> PostView | None: ...

    async def post_facts(self, now: datetime) -> list[PostFacts]:
        """All posts that are not retired, for whoever looks at them every second."""

    async def post_secrets(self) -> list[tuple[str, str]]:
        """Id and the broker's password line of each post that is not retired and has one, by id."""

    async def sessions(self, wanted: SessionFilter = ..., paging: Paging = ...) -> Page[SessionView]: ...

    async def session(self, session_id: str) -> SessionView | None: ...

    async def sessions_named(self, session_ids: Sequence[str]) -> list[SessionView]:
        """Those of them that there are, in this order."""

    async def live_sessions(self) -> list[SessionView]:
        """All that are not over, oldest first."""

    async def newest_entry(self, action: Action | None = None) -> int:
        """The id of the journal's newest entry, or of the newest of this action; 0 where there is none."""

    async def session_sums(self, wanted: SessionFilter = ...) -> SessionSums: ...

    async def logs(self, wanted: LogFilter = ..., paging: Paging = ...) -> Page[LogEntry]: ...

    async def logs_after(self, entry_id: int, limit: int = ...) -> list[LogEntry]: ...

    async def house(self) -> HouseView: ...

    async def entries_after(self, last: LogEntry | None, wanted: LogFilter = ...) -> list[LogEntry]:
        """Those that were written after this one, oldest first, at most MAX_PAGE_SIZE: for an export."""

    async def sessions_after(self, last: Session | None, wanted: SessionFilter = ...) -> list[SessionView]:
        """As `entries_after`, by when they were issued."""

    async def users(self, wanted: UserFilter = ..., paging: Paging = ...) -> Page[UserView]: ...

    async def users_after(self, last: User | None, wanted: UserFilter = ...) -> list[UserView]:
        """As `entries_after`, by when they were registered."""

    async def user(self, user_id: str) -> UserView | None: ...

    async def users_named(self, user_ids: Sequence[str]) -> list[UserView]:
        """Those of them that there are."""

    async def counted_until(self) -> date | None:
        """The last day whose figures are kept."""

    async def tallies(self, first: date, last: date, by: Sequence[str]) -> list[Tally]:
        """The figures that are kept of these days, added up but for day, measure and the fields that are named."""

    async def facts(self, start: datetime, end: datetime) -> Facts:
        """What statistics count of an interval."""

    async def connected(self) -> dict[str, datetime]:
        """Since when the journal has which posts, but for retired ones, as connected."""

    async def session_counts(self) -> dict[SessionStatus, int]: ...
