"""A lease: the right of one post to spend `total_s` seconds of one session, until the post says what it spent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.wire import messages as wire
from hub.wire.terms import Intent, LeaseState, SettleReason


@dataclass(frozen=True, slots=True)
class Lease:
    """One lease as the hub knows it; open until `closed_at`."""

    id: str
    session_id: str
    post_id: str
    granted_at: datetime
    total_s: int
    req_id: str | None
    state_epoch: str
    rev: int = 1
    debited_s: int = 0
    """The highest figure that the node has reported (R23)."""
    held: bool = False
    """A status or a hello has shown the node holding it (R22)."""
    intent: Intent | None = None
    intent_by: str | None = None
    transfer_to: str | None = None
    closed_at: datetime | None = None
    charged_s: int | None = None
    forced: bool = False
    """Closed without the node's word, by an operator or for a new card; the node's figure still counts (R25)."""
    doubted: bool = False
    """A refusal was not believed (R22), and has been told once."""

    @property
    def open(self) -> bool:
        return self.closed_at is None


def offer(lease: Lease, req_id: str | None = None, seconds_added: int | None = None) -> wire.Lease:
    """What is published of an open lease, as the answer to `req_id` where one is given."""
    return wire.Lease(
        lease_id=lease.id,
        rev=lease.rev,
        total_s=lease.total_s,
        state=LeaseState.OPEN if lease.intent is None else LeaseState.REVOKED,
        req_id=req_id,
        intent=lease.intent,
        seconds_added=seconds_added,
    )


def extended(lease: Lease, seconds: int) -> Lease:
    """More time on an open lease."""
    return replace(lease, total_s=lease.total_s + seconds, rev=lease.rev + 1)


def recalled(lease: Lease, intent: Intent, by: str | None, transfer_to: str | None = None) -> Lease:
    """The hub wants the lease back; it stays open until the node settles (R3)."""
    return replace(lease, rev=lease.rev + 1, intent=intent, intent_by=by, transfer_to=transfer_to)


def shown(lease: Lease, rev: int, total_s: int, debited_s: int) -> Lease:
    """A node has shown that it holds the lease: what it knows beyond us is adopted (R23, R26)."""
    return replace(
        lease,
        held=True,
        debited_s=max(lease.debited_s, debited_s),
        rev=max(lease.rev, rev),
        total_s=max(lease.total_s, total_s),
    )


def believes_refusal(lease: Lease, state_epoch: str) -> bool:
    """Whether a `not_accepted` can be true: from the card that asked, for a lease it never held (R22)."""
    return state_epoch == lease.state_epoch and not lease.held


def charge(lease: Lease, debited_s: int) -> int:
    """What a settlement costs: never less than the node once reported (R23)."""
    return max(lease.debited_s, debited_s)


def forced_charge(lease: Lease, now: datetime) -> int:
    """What a lease costs that nobody will settle: all the time since the grant, but no more than it had (R3)."""
    since_s = -int((lease.granted_at - now) // timedelta(seconds=1))
    return max(lease.debited_s, min(lease.total_s, max(0, since_s)))


def closed(lease: Lease, now: datetime, charge_s: int, *, forced: bool = False) -> Lease:
    """The lease at its end."""
    reported_s = lease.debited_s if forced else charge_s
    return replace(lease, closed_at=now, charged_s=charge_s, forced=forced, debited_s=reported_s)


def closing_reason(lease: Lease, reason: SettleReason, *, burn: bool) -> str | None:
    """Why the session is over with this settlement, if the desk asked for it or the patron burnt it (R18)."""
    if lease.intent is Intent.END:
        return "ended_by_desk"
    if reason is SettleReason.ENDED_HERE and burn:
        return "ended_here"
    return None
