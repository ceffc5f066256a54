"""A session: one stay of one patron, its budget of seconds and its status.

Three numbers account for every second of the budget (I3): `consumed_s` were charged by settlements, `allocated_s`
are out on an open lease, the rest is unallocated. Only the functions here move seconds from one to another.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from hub.domain.errors import IllegalTransition
from hub.wire.terms import SessionStatus


class OnEnd(StrEnum):
    """What ending at the keypad does with the rest of the time."""

    BANK = "bank"
    BURN = "burn"


class Cause(StrEnum):
    """Why a session changes its status."""

    GRANTED = "granted"
    BANKED = "banked"
    CLOSED = "closed"
    LAPSED = "lapsed"
    REOPENED = "reopened"


TRANSITIONS: dict[SessionStatus, dict[Cause, SessionStatus]] = {
    SessionStatus.PENDING: {
        Cause.GRANTED: SessionStatus.ACTIVE,
        Cause.CLOSED: SessionStatus.ENDED,
        Cause.LAPSED: SessionStatus.EXPIRED,
    },
    SessionStatus.ACTIVE: {
        Cause.BANKED: SessionStatus.SUSPENDED,
        Cause.CLOSED: SessionStatus.ENDED,
        Cause.LAPSED: SessionStatus.EXPIRED,
    },
    SessionStatus.SUSPENDED: {
        Cause.GRANTED: SessionStatus.ACTIVE,
        Cause.CLOSED: SessionStatus.ENDED,
        Cause.LAPSED: SessionStatus.EXPIRED,
    },
    SessionStatus.ENDED: {Cause.REOPENED: SessionStatus.SUSPENDED},
    SessionStatus.EXPIRED: {Cause.REOPENED: SessionStatus.SUSPENDED},
}
"""Every change there is. `reopened` is the desk's undo, or a charge that proved too high (R25)."""

OVER = frozenset({SessionStatus.ENDED, SessionStatus.EXPIRED})


@dataclass(frozen=True, slots=True)
class Session:
    """One stay. Durations in whole seconds; instants aware and in UTC."""

    id: str
    created_at: datetime
    initial_s: int
    status: SessionStatus = SessionStatus.PENDING
    added_s: int = 0
    consumed_s: int = 0
    allocated_s: int = 0
    on_end: OnEnd = OnEnd.BANK
    code_hash: str | None = field(default=None, repr=False)
    code_sealed: bytes | None = field(default=None, repr=False)
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None
    bound_post_id: str | None = None
    user_id: str | None = None
    category: str | None = None
    operator: str | None = None
    notes: str = ""
    merged_into: str | None = None
    flag: str | None = None
    """Why the figures need a look: `unknown_lease`, `surplus`, …"""

    @property
    def budget_s(self) -> int:
        """All the seconds that were ever given to this stay."""
        return self.initial_s + self.added_s

    @property
    def unallocated_s(self) -> int:
        """Seconds that the next grant would hand out."""
        return self.budget_s - self.consumed_s - self.allocated_s

    def valid_at(self, now: datetime) -> bool:
        """Whether the code's validity, if it has one, includes now."""
        return not self.too_early(now) and not self.too_late(now)

    def too_early(self, now: datetime) -> bool:
        return self.valid_from is not None and now < self.valid_from

    def too_late(self, now: datetime) -> bool:
        return self.valid_until is not None and now >= self.valid_until


def moved(session: Session, cause: Cause) -> Session:
    """The session with the status that the table gives; IllegalTransition when it gives none."""
    after = TRANSITIONS[session.status].get(cause)
    if after is None:
        raise IllegalTransition(f"a session that is {session.status} cannot be {cause}")
    return replace(session, status=after)


def granted(session: Session, now: datetime, seconds: int | None = None) -> Session:
    """Unallocated seconds go out on a lease: all of them, or so many where a quota allows no more."""
    return replace(
        moved(session, Cause.GRANTED),
        allocated_s=session.allocated_s + (session.unallocated_s if seconds is None else seconds),
        started_at=session.started_at or now,
    )


def over(session: Session, cause: Cause, now: datetime, reason: str) -> Session:
    """The stay ends or expires; its readable code is wiped when nobody can undo that any more (see sweep)."""
    return replace(moved(session, cause), ended_at=now, end_reason=reason)


def reopened(session: Session) -> Session:
    """The stay is suspended again, as if it had not ended."""
    return replace(moved(session, Cause.REOPENED), ended_at=None, end_reason=None)


def settled(session: Session, total_s: int, charge_s: int) -> Session:
    """A lease of `total_s` comes back with `charge_s` of it spent; a charge above the total is flagged (R9)."""
    surplus = charge_s > total_s
    return replace(
        session,
        allocated_s=session.allocated_s - total_s,
        consumed_s=session.consumed_s + charge_s,
        flag="surplus" if surplus else session.flag,
    )


def after_settlement(session: Session, now: datetime, *, close: str | None) -> Session:
    """The status that follows from what is left (R18); `close` is the reason when closing was asked, else None."""
    if close is not None:
        return over(session, Cause.CLOSED, now, close)
    if session.unallocated_s <= 0:
        return over(session, Cause.LAPSED, now, "used_up")
    if session.too_late(now):
        return over(session, Cause.LAPSED, now, "validity_past")
    return moved(session, Cause.BANKED)


def merged(joining: Session, running: Session, now: datetime) -> tuple[Session, Session]:
    """What `joining` has left moves into the budget of `running`, out on its lease at once (R15).

    Returns both. The sum of the budgets, and what each consumed, stay as they were.
    """
    left_s = joining.unallocated_s
    joined = over(joining, Cause.CLOSED, now, "merged")
    joined = replace(joined, added_s=joining.added_s - left_s, merged_into=running.id)
    return joined, lent(running, left_s)


def lent(session: Session, seconds: int) -> Session:
    """More budget that goes out at once on the session's open lease."""
    return replace(session, added_s=session.added_s + seconds, allocated_s=session.allocated_s + seconds)
