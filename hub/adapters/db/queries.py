"""Read models for lists and pages: a fixed number of statements each, however long the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tortoise.expressions import Q, Subquery
from tortoise.functions import Count, Sum
from tortoise.queryset import QuerySet

from hub.adapters.db import counting, mapping
from hub.adapters.db.engine import Database
from hub.adapters.db.models import HouseRow, LeaseRow, LogEntryRow, PostRow, SessionRow, UserRow
from hub.adapters.db.sql import VALID, places, records, run
from hub.domain.lease import Lease
from hub.domain.records import LogEntry, User
from hub.domain.session import Session
from hub.domain.statistics import Facts, Tally
from hub.usecases.views import (
    MAX_PAGE_SIZE,
    HouseView,
    LogFilter,
    Page,
    Paging,
    PostFacts,
    PostFilter,
    PostView,
    SessionFilter,
    SessionSums,
    SessionView,
    UserFilter,
    UserView,
)
from hub.wire.terms import Action, SessionStatus

_LAST_PAGE = 10**9
_SOME = 20
_FIRST_PAGE = Paging()
_ALL_POSTS, _ALL_SESSIONS, _ALL_LOGS, _ALL_USERS = PostFilter(), SessionFilter(), LogFilter(), UserFilter()
_LIVE = (SessionStatus.PENDING, SessionStatus.ACTIVE, SessionStatus.SUSPENDED)
_SESSION_ORDERS = ("created_at", "updated_at", "started_at", "ended_at", "status", "initial_s", "operator")
_LOG_ORDERS = ("at",)
_USER_ORDERS = ("display_name", "card_number", "category", "created_at", "updated_at")
_USER_COLUMNS = (*mapping.USERS.names, "updated_at")
_ID = ("id",)
_SESSION_FIELDS = {
    "status": "status",
    "user": "user_id",
    "operator": "operator",
    "category": "category",
    "created_after": "created_at__gte",
    "created_before": "created_at__lt",
}
_LOG_FIELDS = {
    "action": "action",
    "session": "session_id",
    "post": "post_id",
    "user": "user_id",
    "operator": "operator",
    "after": "at__gte",
    "before": "at__lt",
}


_FACTS = """
SELECT id, maintenance IS NOT NULL AS maintenance,
  EXISTS (SELECT 1 FROM lease WHERE lease.post_id = post.id AND lease.closed_at IS NULL) AS occupied
FROM post WHERE NOT retired ORDER BY id
"""
_SESSION = ", ".join(f"session.{name}" for name in (*mapping.SESSIONS.names, "updated_at"))
_SESSIONS = f"""
SELECT {_SESSION}, "user".display_name
FROM session LEFT JOIN "user" ON "user".id = session.user_id WHERE """  # noqa: S608 - our names
_POSTS = f"SELECT {', '.join(mapping.POSTS.names)}, updated_at FROM post WHERE id IN "  # noqa: S608 - our names
_RESERVED = f"SELECT bound_post_id FROM session WHERE status = ? AND bound_post_id IS NOT NULL AND {VALID}"  # noqa: S608
_SECRETS = "SELECT id, secret FROM post WHERE NOT retired AND secret <> '' ORDER BY id"


class TortoiseQueries:
    """`Queries` on an open database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def posts(self, now: datetime, wanted: PostFilter = _ALL_POSTS) -> list[PostView]:
        rows = PostRow.filter(retired=wanted.retired)
        if wanted.zone is not None:
            rows = rows.filter(zone=wanted.zone)
        if wanted.ids is not None:
            rows = rows.filter(id__in=wanted.ids)
        if wanted.q:
            rows = rows.filter(Q(id__icontains=wanted.q) | Q(name__icontains=wanted.q) | Q(notes__icontains=wanted.q))
        found = await rows.using_db(self._database.client).order_by("id").values_list("id", flat=True)
        return await self._post_views([str(one) for one in found], now)

    async def post(self, now: datetime, post_id: str) -> PostView | None:
        """One post, retired or not."""
        found = await self._post_views([post_id], now)
        return found[0] if found else None

    async def post_facts(self, now: datetime) -> list[PostFacts]:
        """All posts that are not retired, for whoever looks at them every second."""
        found, reserved = await self._run(_FACTS), await self._reserved(now)
        return [
            PostFacts(row["id"], bool(row["maintenance"]), bool(row["occupied"]), row["id"] in reserved)
            for row in found
        ]

    async def post_secrets(self) -> list[tuple[str, str]]:
        """Id and the broker's password line of each post that is not retired and has one, by id."""
        return [(row["id"], row["secret"]) for row in await self._run(_SECRETS)]

    async def sessions(
        self,
        wanted: SessionFilter = _ALL_SESSIONS,
        paging: Paging = _FIRST_PAGE,
    ) -> Page[SessionView]:
        order = _order(paging, "-created_at", _SESSION_ORDERS)
        total, found = await self._page(_sessions(wanted), order, paging, _ID)
        return Page(await self._sessions_of(found), total, paging.page, paging.page_size)

    async def sessions_after(self, last: Session | None, wanted: SessionFilter = _ALL_SESSIONS) -> list[SessionView]:
        behind = (last.created_at, last.id) if last is not None else None
        return await self._sessions_of(await self._chunk(_sessions(wanted), "created_at", behind, _ID))

    async def session(self, session_id: str) -> SessionView | None:
        found = await self.sessions_named([session_id])
        return found[0] if found else None

    async def sessions_named(self, session_ids: Sequence[str]) -> list[SessionView]:
        """Those of them that there are, in this order."""
        named = f"{_SESSIONS} session.id IN {places(session_ids)}"
        found = {row["id"]: row for row in await self._run(named, *session_ids)}
        return await self._session_views([found[one] for one in session_ids if one in found])

    async def live_sessions(self) -> list[SessionView]:
        """All that are not over, oldest first."""
        live = f"{_SESSIONS} session.status IN {places(_LIVE)} ORDER BY session.created_at, session.id"
        return await self._session_views(await self._run(live, *(status.value for status in _LIVE)))

    async def newest_codes(self) -> list[bytes]:
        """The sealed codes of some sessions that are not over, the newest first."""
        live = f"status IN {places(_LIVE)} AND code_sealed IS NOT NULL ORDER BY created_at DESC LIMIT {_SOME}"
        found = await self._run(f"SELECT code_sealed FROM session WHERE {live}", *(status.value for status in _LIVE))  # noqa: S608
        return [bytes(row["code_sealed"]) for row in found]

    async def newest_entry(self, action: Action | None = None) -> int:
        """The id of the journal's newest entry, or of the newest of this action; 0 where there is none."""
        of, values = ("", ()) if action is None else (" WHERE action = ?", (action,))
        (row,) = await self._run(f"SELECT COALESCE(MAX(id), 0) AS newest FROM log_entry{of}", *values)  # noqa: S608 - our words
        return int(row["newest"])

    async def session_sums(self, wanted: SessionFilter = _ALL_SESSIONS) -> SessionSums:
        """What all of them were given and have used; those that run, as far as their posts have told."""
        rows = _sessions(wanted).using_db(self._database.client)
        summed = rows.annotate(initial=Sum("initial_s"), added=Sum("added_s"), consumed=Sum("consumed_s"))
        (row,) = await summed.values("initial", "added", "consumed")
        leases = await self._run("SELECT session_id, debited_s FROM lease WHERE closed_at IS NULL")
        debited = {lease["session_id"]: lease["debited_s"] for lease in leases}
        running = await rows.filter(id__in=list(debited)).values_list("id", flat=True) if debited else []
        used_s = int(row["consumed"] or 0) + sum(debited[session_id] for session_id in running)
        return SessionSums(int((row["initial"] or 0) + (row["added"] or 0)), used_s)

    async def logs(
        self,
        wanted: LogFilter = _ALL_LOGS,
        paging: Paging = _FIRST_PAGE,
    ) -> Page[LogEntry]:
        rows = LogEntryRow.filter(**_conditions(wanted, _LOG_FIELDS))
        total, found = await self._page(rows, _order(paging, "-at", _LOG_ORDERS), paging, mapping.LOG.names)
        return Page([mapping.LOG.load(row) for row in found], total, paging.page, paging.page_size)

    async def logs_after(self, entry_id: int, limit: int = MAX_PAGE_SIZE) -> list[LogEntry]:
        """The entries that came after this one, oldest first: for a listener that comes back."""
        return await records(self._database.client, mapping.LOG, "id > ? ORDER BY id LIMIT ?", entry_id, limit)

    async def house(self) -> HouseView:
        """The house's settings."""
        row = await HouseRow.all().using_db(self._database.client).get().values(*mapping.HOUSE.names, "updated_at")
        return HouseView(mapping.HOUSE.load(row), row["updated_at"])

    async def entries_after(self, last: LogEntry | None, wanted: LogFilter = _ALL_LOGS) -> list[LogEntry]:
        rows = LogEntryRow.filter(**_conditions(wanted, _LOG_FIELDS))
        behind = (last.at, last.id) if last is not None else None
        return [mapping.LOG.load(row) for row in await self._chunk(rows, "at", behind, mapping.LOG.names)]

    async def users(self, wanted: UserFilter = _ALL_USERS, paging: Paging = _FIRST_PAGE) -> Page[UserView]:
        order = _order(paging, "display_name", _USER_ORDERS)
        total, found = await self._page(_users(wanted), order, paging, _USER_COLUMNS)
        return Page([_user_view(row) for row in found], total, paging.page, paging.page_size)

    async def users_after(self, last: User | None, wanted: UserFilter = _ALL_USERS) -> list[UserView]:
        behind = (last.created_at, last.id) if last is not None else None
        return [_user_view(row) for row in await self._chunk(_users(wanted), "created_at", behind, _USER_COLUMNS)]

    async def user(self, user_id: str) -> UserView | None:
        found = await self.users_named([user_id])
        return found[0] if found else None

    async def users_named(self, user_ids: Sequence[str]) -> list[UserView]:
        """Those of them that there are."""
        rows = UserRow.filter(id__in=user_ids).using_db(self._database.client)
        return [_user_view(row) for row in await rows.values(*_USER_COLUMNS)]

    async def counted_until(self) -> date | None:
        return await counting.counted_until(self._database.client)

    async def tallies(self, first: date, last: date, by: Sequence[str]) -> list[Tally]:
        return await counting.tallies(self._database.client, first, last, by)

    async def facts(self, start: datetime, end: datetime) -> Facts:
        return await counting.facts(self._database.client, start, end)

    async def connected(self) -> dict[str, datetime]:
        return await counting.connected(self._database.client)

    async def session_counts(self) -> dict[SessionStatus, int]:
        """How many sessions are pending, active and suspended."""
        rows = SessionRow.filter(status__in=_LIVE).using_db(self._database.client)
        counted = await rows.annotate(count=Count("id")).group_by("status").values("status", "count")
        return dict.fromkeys(_LIVE, 0) | {SessionStatus(row["status"]): row["count"] for row in counted}

    async def _page(
        self, rows: QuerySet[Any], order: Iterable[str], paging: Paging, columns: Iterable[str]
    ) -> tuple[int, list[dict[str, Any]]]:
        if not 1 <= paging.page_size <= MAX_PAGE_SIZE:
            raise ValueError(f"page_size must be 1 to {MAX_PAGE_SIZE}")
        if not 1 <= paging.page <= _LAST_PAGE:
            raise ValueError(f"page must be 1 to {_LAST_PAGE}")
        rows = rows.using_db(self._database.client)
        offset = (paging.page - 1) * paging.page_size
        found = rows.order_by(*order).offset(offset).limit(paging.page_size).values(*columns)
        return await rows.count(), await found

    async def _chunk(
        self, rows: QuerySet[Any], time: str, behind: tuple[datetime, object] | None, columns: Iterable[str]
    ) -> list[dict[str, Any]]:
        """The next rows behind an instant and id: what comes or goes meanwhile moves none of them."""
        if behind is not None:
            since: dict[str, Any] = {f"{time}__gte": behind[0]}
            later: dict[str, Any] = {f"{time}__gt": behind[0]}
            # Said so that an index of the time serves: with an OR at the top the whole table would be read.
            rows = rows.filter(Q(**later) | Q(id__gt=behind[1]), **since)
        rows = rows.using_db(self._database.client).order_by(time, "id").limit(MAX_PAGE_SIZE)
        return await rows.values(*columns)

    async def _post_views(self, ids: Sequence[str], now: datetime) -> list[PostView]:
        """Those of them that there are, by id."""
        found = await self._run(f"{_POSTS}{places(ids)} ORDER BY id", *ids)
        open_at = f"post_id IN {places(ids)} AND closed_at IS NULL"
        leases = await records(self._database.client, mapping.LEASES, open_at, *ids)
        open_leases = {lease.post_id: lease for lease in leases}
        reserved = await self._reserved(now)
        return [
            PostView(
                mapping.POSTS.load(row),
                mapping.instant(row["updated_at"]),
                open_leases.get(row["id"]),
                row["id"] in reserved,
            )
            for row in found
        ]

    async def _reserved(self, now: datetime) -> set[str]:
        return {row["bound_post_id"] for row in await self._run(_RESERVED, SessionStatus.PENDING.value, now, now)}

    async def _sessions_of(self, found: list[dict[str, Any]]) -> list[SessionView]:
        """Looked up by their ids: Tortoise takes longer to read the columns of a page than all the rest of it."""
        return await self.sessions_named([row["id"] for row in found])

    async def _session_views(self, found: list[dict[str, Any]]) -> list[SessionView]:
        leases = await self._last_leases([row["id"] for row in found])
        return [
            SessionView(
                mapping.SESSIONS.load(row),
                mapping.instant(row["updated_at"]),
                leases.get(row["id"]),
                row["display_name"],
            )
            for row in found
        ]

    async def _last_leases(self, session_ids: list[str]) -> dict[str, Lease]:
        newest_last = f"session_id IN {places(session_ids)} ORDER BY granted_at, id"
        found = await records(self._database.client, mapping.LEASES, newest_last, *session_ids)
        return {lease.session_id: lease for lease in found}

    async def _run(self, statement: str, *values: object) -> list[dict[str, Any]]:
        return await run(self._database.client, statement, *values)


def _sessions(wanted: SessionFilter) -> QuerySet[SessionRow]:
    rows = SessionRow.filter(**_conditions(wanted, _SESSION_FIELDS))
    if wanted.post is not None:
        leased = LeaseRow.filter(post_id=wanted.post).values("session_id")
        rows = rows.filter(Q(bound_post_id=wanted.post) | Q(id__in=Subquery(leased)))
    if wanted.q:
        # Few stays have notes, and patrons are fewer than stays: so little of a long history is looked at in letters.
        noted = Q(notes__not="", notes__icontains=wanted.q)
        named = UserRow.filter(display_name__icontains=wanted.q).values("id")
        rows = rows.filter(noted | Q(id__startswith=wanted.q.lower()) | Q(user_id__in=Subquery(named)))
    return rows


def _users(wanted: UserFilter) -> QuerySet[UserRow]:
    rows = UserRow.filter(**_conditions(wanted, {"category": "category", "blocked": "blocked"}))
    if wanted.q:
        texts = ("display_name", "card_number", "contact", "notes")
        rows = rows.filter(Q(*(Q(**{f"{name}__icontains": wanted.q}) for name in texts), join_type=Q.OR))
    return rows


def _user_view(row: Mapping[str, Any]) -> UserView:
    return UserView(mapping.USERS.load(row), row["updated_at"])


def _conditions(wanted: object, conditions: Mapping[str, str]) -> dict[str, object]:
    """The given filters that are set, as Tortoise calls them."""
    return {condition: value for name, condition in conditions.items() if (value := getattr(wanted, name)) is not None}


def _order(paging: Paging, default: str, allowed: tuple[str, ...]) -> tuple[str, str]:
    """The ordering asked for, with the id behind it, so that pages never overlap."""
    ordering = paging.ordering or default
    sign, field = ("-", ordering[1:]) if ordering.startswith("-") else ("", ordering)
    if field not in allowed:
        raise ValueError(f"ordering must be one of {', '.join(allowed)}, with or without a leading -")
    return f"{sign}{field}", f"{sign}id"
