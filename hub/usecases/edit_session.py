"""Edit a session: notes, category and how long its code works."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum

from hub.domain.errors import Conflict, Invalid
from hub.domain.session import OVER, Session
from hub.domain.version import ANY, Expected
from hub.usecases.work import By, Room, working
from hub.wire.terms import Action

_FIELDS = ("notes", "category", "valid_until")


class Keep(Enum):
    """Stands for "as it is" where None is a value."""

    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class SessionChange:
    """What is to be different; notes None empties them, validity None makes it the desk's to end."""

    notes: str | Keep | None = Keep.KEEP
    category: str | Keep | None = Keep.KEEP
    valid_until: datetime | Keep | None = Keep.KEEP


async def edit_session(room: Room, session_id: str, change: SessionChange, by: By, expected: Expected = ANY) -> Session:
    """The changed session. Conflict for the validity of a stay that is over, Invalid for one in the past; Stale."""
    async with working(room) as work:
        before = session = expected.of(await work.session(session_id))
        if not isinstance(change.notes, Keep):
            session = replace(session, notes=change.notes or "")
        if not isinstance(change.category, Keep):
            session = replace(session, category=change.category)
        if not isinstance(change.valid_until, Keep):
            session = _valid_until(session, change.valid_until, work.now)
        if session != before:
            await work.save(session)
            changed = [name for name in _FIELDS if getattr(before, name) != getattr(session, name)]
            values = _values(session, changed)
            await work.log(Action.SESSION_CHANGED, by, session=session, changed=changed, **values)
            if session.bound_post_id is not None:
                work.touch(session.bound_post_id)
        return session


def _values(session: Session, changed: list[str]) -> dict[str, str | None]:
    """What the journal keeps beside the names. Never the notes: they may tell of the patron, and entries stay."""
    values = {"category": session.category, "valid_until": _rfc3339(session.valid_until)}
    return {name: value for name, value in values.items() if name in changed}


def _rfc3339(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at is not None else None


def _valid_until(session: Session, until: datetime | None, now: datetime) -> Session:
    if session.status in OVER:
        raise Conflict("already_over", f"this stay is {session.status}")
    if until is not None and until <= max(now, session.valid_from or now):
        raise Invalid("valid_until", "must be later than now and than valid_from")
    return replace(session, valid_until=until)
