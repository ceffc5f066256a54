"""The store of the use cases: one transaction at a time (see Database)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.exceptions import IntegrityError

from hub.adapters.db import ahead, counting, mapping, patrons, purging
from hub.adapters.db.changes import key_of, statements, updates
from hub.adapters.db.engine import Database
from hub.adapters.db.mapping import SINGLE_ROW, Kept
from hub.adapters.db.sql import places, run, write, written_for
from hub.domain.accounts import Operator, TokenKind
from hub.domain.house import House
from hub.domain.lease import Lease
from hub.domain.post import Post
from hub.domain.records import Answer, Learning, LogEntry, StartOrder, User
from hub.domain.retention import Kind
from hub.domain.session import Session
from hub.domain.statistics import Facts, Tally
from hub.usecases.ports import Changes, Clock, Collision, Record
from hub.wire.terms import Action, DenyReason, SessionStatus

R = TypeVar("R")
_Seen = dict[tuple[type, object], Any]
_SINGLES = ((House, SINGLE_ROW), (Learning, SINGLE_ROW))
_AT_ONCE = 500
_OF_A_POST = (
    ("lease", "post_id"),
    ("lease", "target_id"),
    ("session", "bound_post_id"),
    ("request", "post_id"),
    ("start_order", "post_id"),
)
_WAITING = "status IN ('pending', 'suspended')"


class TortoiseStore:
    """A `Store` on an open database; the clock stamps `updated_at`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._singles: WeakKeyDictionary[TransactionalDBClient, _Seen] = WeakKeyDictionary()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[TortoiseTransaction]:
        """Commits at the end of the block, rolls back on any exception; Unavailable when the database cannot."""
        async with self._database.transaction() as client:
            # What every piece of work asks for is read once for all that share the database's transaction.
            singles = self._singles.setdefault(client, {})
            transaction = TortoiseTransaction(client, self._clock.now(), singles)
            try:
                yield transaction
            finally:
                transaction.over = True
            singles.update(transaction.singles())


class TortoiseTransaction:
    """A `Transaction`. Records that it has seen are answered from memory: nobody else can change them meanwhile."""

    def __init__(self, client: TransactionalDBClient, now: datetime, seen: _Seen) -> None:
        self._client, self._now = client, now
        self._seen = dict(seen)
        self._ahead: ahead.Answers = {}
        self.over = False

    def singles(self) -> _Seen:
        """What it has seen of the records that exist once, and that are only ever written through `save`."""
        return {key: self._seen[key] for key in _SINGLES if key in self._seen}

    async def read_ahead(
        self,
        post_id: str,
        now: datetime,
        *,
        req_id: str | None = None,
        code_hash: str | None = None,
        lease_id: str | None = None,
    ) -> None:
        """One trip, where asking one by one would be up to six."""
        if req_id is not None:
            self._ahead = await ahead.for_request(self._open, post_id, now, req_id, code_hash)
        elif lease_id is not None:
            self._ahead = await ahead.for_settlement(self._open, post_id, lease_id)
        else:
            await self.read_ahead_all([post_id])

    async def read_ahead_all(self, post_ids: Sequence[str]) -> None:
        """One trip, where asking one by one would be two for each."""
        self._ahead = await ahead.for_statuses(self._open, post_ids)

    async def post(self, post_id: str) -> Post | None:
        return await self._get(mapping.POSTS, post_id)

    async def posts(self) -> list[Post]:
        return await self._all(mapping.POSTS, "retired = ? ORDER BY id", False)

    async def has_history(self, post_id: str) -> bool:
        spoken_of = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE {column} = ?" for table, column in _OF_A_POST)  # noqa: S608 - our names
        return bool(await self._run(f"{spoken_of} LIMIT 1", *[post_id] * len(_OF_A_POST)))

    async def session(self, session_id: str) -> Session | None:
        return await self._get(mapping.SESSIONS, session_id)

    async def session_by_code(self, code_hash: str) -> Session | None:
        return await self._first(mapping.SESSIONS, ahead.BY_CODE, code_hash)

    async def reservation(self, post_id: str, now: datetime) -> Session | None:
        return await self._first(mapping.SESSIONS, ahead.BOUND, post_id, SessionStatus.PENDING, now, now)

    async def bound(self, post_id: str) -> list[Session]:
        return await self._all(mapping.SESSIONS, f"bound_post_id = ? AND {_WAITING} ORDER BY created_at, id", post_id)

    async def lapsed(self, now: datetime) -> list[Session]:
        past = f"{_WAITING} AND valid_until <= ? ORDER BY valid_until, id LIMIT {_AT_ONCE}"
        return await self._all(mapping.SESSIONS, past, now)

    async def sealed_over(self, before: datetime) -> list[Session]:
        sealed = f"{purging.OVER} AND code_sealed IS NOT NULL ORDER BY ended_at, id LIMIT {_AT_ONCE}"
        return await self._all(mapping.SESSIONS, sealed, before)

    async def lease(self, lease_id: str) -> Lease | None:
        return await self._get(mapping.LEASES, lease_id)

    async def recalled(self) -> list[Lease]:
        return await self._all(mapping.LEASES, "closed_at IS NULL AND intent IS NOT NULL ORDER BY granted_at, id")

    async def open_lease_at(self, post_id: str) -> Lease | None:
        return await self._first(mapping.LEASES, ahead.OPEN_AT, post_id)

    async def open_lease_of(self, session_id: str) -> Lease | None:
        return await self._first(mapping.LEASES, "session_id = ? AND closed_at IS NULL", session_id)

    async def open_leases(self, session_id: str, post_id: str) -> tuple[Lease | None, Lease | None]:
        found = await self._all(mapping.LEASES, ahead.OPEN_OF_EITHER, session_id, post_id)
        of = next((lease for lease in found if lease.session_id == session_id), None)
        at = next((lease for lease in found if lease.post_id == post_id), None)
        return of, at

    async def answer(self, req_id: str) -> Answer | None:
        return await self._get(mapping.ANSWERS, req_id)

    async def starting_at(self, post_id: str, now: datetime) -> str | None:
        where = f"o.post_id = ? AND o.spent = ? AND o.expires_at > ? AND s.{_WAITING} ORDER BY o.expires_at LIMIT 1"
        sql = f"SELECT s.id FROM start_order o JOIN session s ON s.id = o.session_id WHERE {where}"  # noqa: S608 - our names
        found = await self._run(sql, post_id, False, now)
        return str(found[0]["id"]) if found else None

    async def start_order(self, start_id: str) -> StartOrder | None:
        return await self._get(mapping.START_ORDERS, start_id)

    async def user(self, user_id: str) -> User | None:
        return await self._get(mapping.USERS, user_id)

    async def operators(self) -> list[Operator]:
        return await self._all(mapping.OPERATORS, "1 = 1 ORDER BY name")

    async def has_acted(self, operator: str) -> bool:
        told = (
            'SELECT 1 FROM "log_entry" WHERE operator = ? UNION ALL SELECT 1 FROM "session" WHERE operator = ? LIMIT 1'
        )
        return bool(await self._run(told, operator, operator))

    async def revoke_tokens(self, operator_id: int, kinds: Sequence[TokenKind], *, but: int | None = None) -> None:
        these = f"operator_id = ? AND revoked_at IS NULL AND kind IN {places(kinds)} AND id <> ?"
        sql = f'UPDATE "token" SET revoked_at = ?, updated_at = ? WHERE {these}'  # noqa: S608 - our names
        await self._run(sql, self._now, self._now, operator_id, *kinds, but or 0)

    async def forget_operator(self, operator_id: int) -> None:
        for table in ("token", "recovery_code", "idempotency"):
            await self._run(f'DELETE FROM "{table}" WHERE operator_id = ?', operator_id)  # noqa: S608 - our names
        await self._run('DELETE FROM "operator" WHERE id = ?', operator_id)
        self._seen.pop((Operator, operator_id), None)

    async def has_sessions(self, user_id: str) -> bool:
        return await patrons.has_sessions(self._open, user_id)

    async def used_s(self, user_id: str, start: datetime, end: datetime) -> int:
        own_s = await patrons.used_s(self._open, user_id, start, end)
        given = await self._all(mapping.LOG, patrons.GIVEN, Action.SESSION_ENDED, start, end, user_id)
        return own_s + sum(cast("int", entry.details["seconds"]) for entry in given if "seconds" in entry.details)

    async def promised_s(self, user_id: str, start: datetime, end: datetime) -> int:
        return await patrons.promised_s(self._open, user_id, start, end)

    async def wipe_notes_of(self, user_id: str) -> None:
        await patrons.wipe_notes_of(self._open, user_id, self._now)

    async def house(self) -> House:
        return await self._single(mapping.HOUSE)

    async def learning(self) -> Learning:
        return await self._single(mapping.LEARNING)

    async def refusals_since(self, since: datetime) -> int:
        details = await self._details(Action.CODE_REFUSED, since)
        return sum(one.get("reason") == DenyReason.UNKNOWN_CODE for one in details)

    async def alarm_since(self, since: datetime) -> bool:
        return any(one.get("kind") == "guessing" for one in await self._details(Action.INCIDENT, since))

    async def add(self, record: Record) -> None:
        await self.write(Changes(added=(record,)))

    async def save(self, record: Record) -> None:
        await self.write(Changes(saved=(record,)))

    async def save_all(self, records: Sequence[Record]) -> None:
        """One trip. LookupError when not all of them were loaded in this transaction."""
        if not records:
            return
        for record in records:
            if (type(record), key_of(record)) not in self._seen:
                raise _missing(record)
        self._ahead = {}
        sql, values = updates(records, self._now)
        await self._open.execute_many(written_for(self._open, sql), values)
        for record in records:
            self._remember(mapping.KEPT[type(record)], key_of(record), record)

    async def log(self, entry: LogEntry) -> LogEntry:
        return cast("LogEntry", await self.write(Changes(entry=entry)))

    async def write(self, changes: Changes) -> LogEntry | None:
        """One trip; Collision does not say which place is taken."""
        entry, records = changes.entry, (*changes.added, *changes.saved)
        self._ahead = {}
        try:
            keys = await write(self._open, statements(changes, self._now))
        except IntegrityError as error:
            if "unique" not in str(error).lower():
                raise
            names = ", ".join(type(record).__name__.lower() for record in records)
            raise Collision(f"the place of a {names} is taken") from error
        for record, key in zip(records, keys, strict=False):
            if key is None:
                raise _missing(record)
            self._remember(mapping.KEPT[type(record)], key, record)
        return replace(entry, id=keys[-1]) if entry is not None else None

    async def remove(self, record: Record) -> None:
        kept, key = mapping.KEPT[type(record)], key_of(record)
        sql = f'DELETE FROM "{kept.table}" WHERE {kept.key} = ? RETURNING {kept.key}'  # noqa: S608 - our names
        self._ahead = {}
        if not await self._run(sql, key):
            raise LookupError(f"no {type(record).__name__.lower()} {key!r} to remove")
        del self._seen[kept.record, key]

    async def counted_until(self) -> date | None:
        return await counting.counted_until(self._open)

    async def began_at(self) -> datetime | None:
        (row,) = await self._run("SELECT MIN(at) AS at FROM log_entry")
        return mapping.instant(row["at"]) if row["at"] is not None else None

    async def facts(self, start: datetime, end: datetime) -> Facts:
        return await counting.facts(self._open, start, end)

    async def roll(self, day: date, tallies: list[Tally]) -> None:
        await counting.roll(self._open, day, tallies)

    async def unseen_users(self, before: datetime) -> list[User]:
        return await self._all(
            mapping.USERS, f"{patrons.UNSEEN} ORDER BY updated_at, id LIMIT {_AT_ONCE}", before, before
        )

    async def purge(self, kind: Kind, before: datetime) -> int:
        return await purging.purge(self._open, kind, before)

    async def _details(self, action: Action, since: datetime) -> list[Mapping[str, object]]:
        return [entry.details for entry in await self._all(mapping.LOG, "action = ? AND at >= ?", action, since)]

    async def _get(self, kept: Kept[R], key: object) -> R | None:
        self._check()
        if (kept.record, key) in self._seen:
            return cast("R", self._seen[kept.record, key])
        return await self._first(kept, f"{kept.key} = ?", key)

    async def _single(self, kept: Kept[R]) -> R:
        record = await self._get(kept, SINGLE_ROW)
        assert record is not None, "the migrations make this row"
        return record

    async def _first(self, kept: Kept[R], where: str, *values: object) -> R | None:
        found = await self._all(kept, where, *values)
        return found[0] if found else None

    async def _all(self, kept: Kept[R], where: str, *values: object) -> list[R]:
        rows = self._ahead.get((kept, where, values))
        if rows is None:
            rows = await self._run(kept.select + where, *values)
        return [self._remember(kept, row[kept.key], kept.load(row)) for row in rows]

    async def _run(self, sql: str, *values: object) -> list[dict[str, Any]]:
        return await run(self._open, sql, *values)

    @property
    def _open(self) -> TransactionalDBClient:
        self._check()
        return self._client

    def _remember(self, kept: Kept[R], key: object, record: R) -> R:
        self._seen[kept.record, key] = record
        return record

    def _check(self) -> None:
        if self.over:
            raise RuntimeError("this transaction is over")


def _missing(record: Record) -> LookupError:
    return LookupError(f"no {type(record).__name__.lower()} {key_of(record)!r} to save")
