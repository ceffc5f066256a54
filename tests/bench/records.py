"""The hub's own rows, made without the hub: those of one redeem, of one code, and those of a long past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from hub.adapters.db import mapping
from hub.adapters.db.mapping import Kept
from hub.domain.lease import Lease
from hub.domain.records import Answer, LogEntry
from hub.domain.session import Session, granted
from hub.wire.terms import Action, SessionStatus
from tests.bench.databases import Bare, Statement

HOUR = timedelta(hours=1)


def new_id() -> str:
    return str(uuid4())


def a_session(at: datetime) -> Session:
    """A code of a day, as the desk issues it."""
    sealed = b"\0" * 120
    return Session(
        new_id(),
        at,
        86_400,
        code_hash=new_id().replace("-", "") * 2,
        code_sealed=sealed,
        valid_until=at + 24 * HOUR,
        operator="bench",
    )


def issuing(session: Session) -> list[Statement]:
    """What issuing this session's code writes."""
    entry = LogEntry(session.created_at, Action.CODE_ISSUED, session.id, operator="bench", details={"seconds": 86_400})
    return [_insert(mapping.SESSIONS, session), _insert(mapping.LOG, entry)]


def redeeming(session: Session, post_id: str) -> list[Statement]:
    """What redeeming it at a post writes, but that the lease is over at once: so it can be done again and again."""
    now, lease_id, req_id = datetime.now(UTC), new_id(), new_id()
    lease = Lease(lease_id, session.id, post_id, now, 86_400, req_id, new_id(), closed_at=now)
    started = LogEntry(now, Action.SESSION_STARTED, session.id, post_id, details={"seconds": 86_400})
    columns = mapping.SESSIONS.columns(granted(session, now))
    key = columns.pop("id")
    assigned = ", ".join(f"{column} = ?" for column in columns)
    update = Statement(f'UPDATE "session" SET updated_at = ?, {assigned} WHERE id = ?', (now, *columns.values(), key))
    answer = Answer(req_id, post_id, now, lease_id=lease_id)
    return [update, _insert(mapping.LEASES, lease), _insert(mapping.LOG, started), _insert(mapping.ANSWERS, answer)]


async def load_codes(bare: Bare, number: int) -> list[Session]:
    """So many codes, each a session that nobody has redeemed."""
    sessions = [a_session(datetime.now(UTC)) for _ in range(number)]
    await _load(bare, mapping.SESSIONS, sessions)
    return sessions


async def load_past(bare: Bare, stays: int, posts: list[str]) -> None:
    """So many stays of the last ten months: issued, begun, run out."""
    now = datetime.now(UTC)
    past = [_stay(now - 7000 * HOUR * (stays - number) / stays, posts[number % len(posts)]) for number in range(stays)]
    kinds: list[tuple[Kept[Any], list[Any]]] = [
        (mapping.SESSIONS, [one[0] for one in past]),
        (mapping.LEASES, [one[1] for one in past]),
        (mapping.ANSWERS, [one[2] for one in past]),
        (mapping.LOG, [entry for one in past for entry in _told(one[0], one[1])]),
    ]
    for kept, records in kinds:
        await _load(bare, kept, records)


async def _load(bare: Bare, kept: Kept[Any], records: Sequence[Any]) -> None:
    rows = [_columns(kept, record) for record in records]
    await bare.load(kept.table, list(rows[0]), [tuple(row.values()) for row in rows])


def _stay(at: datetime, post_id: str) -> tuple[Session, Lease, Answer]:
    issued = a_session(at)
    over = at + HOUR
    session = replace(
        issued,
        status=SessionStatus.EXPIRED,
        initial_s=3600,
        consumed_s=3600,
        code_sealed=None,
        started_at=at,
        ended_at=over,
        end_reason="used_up",
    )
    req_id = new_id()
    lease = Lease(
        new_id(),
        session.id,
        post_id,
        at,
        3600,
        req_id,
        new_id(),
        debited_s=3600,
        held=True,
        closed_at=over,
        charged_s=3600,
    )
    return session, lease, Answer(req_id, post_id, at, lease_id=lease.id)


def _told(session: Session, lease: Lease) -> Iterator[LogEntry]:
    yield LogEntry(session.created_at, Action.CODE_ISSUED, session.id, operator="bench", details={"seconds": 3600})
    yield LogEntry(lease.granted_at, Action.SESSION_STARTED, session.id, lease.post_id, details={"seconds": 3600})
    yield LogEntry(lease.granted_at + HOUR, Action.SESSION_EXPIRED, session.id, lease.post_id, details={})


def _columns(kept: Kept[Any], record: Any) -> dict[str, Any]:
    columns = kept.columns(record)
    if kept is mapping.LOG:
        del columns["id"]
        return columns
    at = columns.get("created_at") or datetime.now(UTC)
    return {"created_at": at, "updated_at": at, **columns}


def _insert(kept: Kept[Any], record: Any) -> Statement:
    columns = _columns(kept, record)
    names, places = ", ".join(columns), ", ".join("?" * len(columns))
    return Statement(f'INSERT INTO "{kept.table}" ({names}) VALUES ({places})', tuple(columns.values()))
