"""Closing a lease at the hub: by the node's word, or without it when nobody will ever hear one.

Facts from a node are accepted and flagged, never rejected (R9); every path through `take` ends with the node
being told `settled` by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hub.domain.lease import Lease, believes_refusal, charge, closed, closing_reason, forced_charge
from hub.domain.session import Cause, OnEnd, Session, after_settlement, lent, over, reopened, settled
from hub.usecases.ports import Changes
from hub.usecases.start_order import order_start
from hub.usecases.work import By, Work
from hub.wire.terms import Action, Intent, SessionStatus, SettleReason

_ACTION_OF = {
    SessionStatus.ENDED: Action.SESSION_ENDED,
    SessionStatus.EXPIRED: Action.SESSION_EXPIRED,
    SessionStatus.SUSPENDED: Action.SESSION_SUSPENDED,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What a node says of a lease that it has closed."""

    lease_id: str
    rev: int
    total_s: int
    debited_s: int
    reason: SettleReason
    state_epoch: str


async def take(work: Work, post_id: str, fact: Fact) -> None:
    """Take a node's word that a lease is closed, as far as it can be believed."""
    lease = await work.tx.lease(fact.lease_id)
    if lease is None:
        await _unknown(work, post_id, fact)
    elif lease.post_id != post_id:
        await _incident(work, post_id, lease, "foreign_lease")
    elif not lease.open and not lease.forced:
        return
    elif fact.reason is SettleReason.NOT_ACCEPTED and not believes_refusal(lease, fact.state_epoch):
        await _doubt(work, lease)
    elif lease.open:
        await _close(work, lease, fact)
    else:
        await _correct(work, lease, fact)


async def force(work: Work, lease: Lease, why: str, by: By | None = None) -> Session:
    """Close an open lease without the node's word, charged by the clock (R3, R8)."""
    session = await work.session(lease.session_id)
    charge_s = forced_charge(lease, work.now)
    await work.log(
        Action.LEASE_RELEASED,
        by,
        session=session,
        post_id=lease.post_id,
        reason=why,
        charged_s=charge_s,
    )
    lease = closed(lease, work.now, charge_s, forced=True)
    return await _conclude(work, lease, session, charge_s, SettleReason.REVOKED)


async def adopt_total(work: Work, lease: Lease, total_s: int) -> None:
    """A node was given more than we remember: the budget grows by it, flagged (R26)."""
    session = await work.session(lease.session_id)
    more_s = total_s - lease.total_s
    await work.save(replace(lent(session, more_s), flag="adopted"))
    await _incident(work, lease.post_id, lease, "adopted_total", seconds=more_s)


async def _close(work: Work, lease: Lease, fact: Fact) -> None:
    if fact.total_s > lease.total_s:
        await adopt_total(work, lease, fact.total_s)
        lease = replace(lease, total_s=fact.total_s)
    charge_s = charge(lease, fact.debited_s)
    if charge_s > fact.debited_s:
        await _incident(work, lease.post_id, lease, "lower_debit", seconds=charge_s - fact.debited_s)
    session = await work.session(lease.session_id)
    await _conclude(work, closed(lease, work.now, charge_s), session, charge_s, fact.reason)


async def _conclude(work: Work, lease: Lease, session: Session, charge_s: int, reason: SettleReason) -> Session:
    close = closing_reason(lease, reason, burn=session.on_end is OnEnd.BURN)
    session = after_settlement(settled(session, lease.total_s, charge_s), work.now, close=close)
    entry = work.entry(
        _ACTION_OF[session.status],
        By(lease.intent_by),
        session=session,
        post_id=lease.post_id,
        reason=session.end_reason or (lease.intent or reason),
        charged_s=charge_s,
    )
    await work.write(Changes(saved=(lease, session), entry=entry))
    if lease.intent is Intent.TRANSFER and lease.transfer_to and session.status is SessionStatus.SUSPENDED:
        await order_start(work, session, lease.transfer_to)
    return session


async def _doubt(work: Work, lease: Lease) -> None:
    """A refusal by another card, or of a lease that was seen held: flagged once, the lease stays as it is (R22)."""
    if not lease.doubted:
        await work.save(replace(lease, doubted=True))
        await _incident(work, lease.post_id, lease, "refusal_not_believed")


async def _correct(work: Work, lease: Lease, fact: Fact) -> None:
    """The node is back after a forced release: its figure replaces ours, flagged (R25)."""
    true_s = charge(lease, fact.debited_s)
    more_s = true_s - (lease.charged_s or 0)
    await work.save(replace(lease, forced=False, charged_s=true_s, debited_s=true_s))
    if more_s == 0:
        return
    session = await work.session(lease.session_id)
    session = replace(session, consumed_s=session.consumed_s + more_s, flag="corrected")
    if session.status is SessionStatus.SUSPENDED and session.unallocated_s <= 0:
        session = over(session, Cause.LAPSED, work.now, "used_up")
    elif session.end_reason == "used_up" and session.unallocated_s > 0:
        session = reopened(session)
    await work.save(session)
    await _incident(work, lease.post_id, lease, "corrected_charge", seconds=more_s)


async def _unknown(work: Work, post_id: str, fact: Fact) -> None:
    """A lease that we have never heard of: our memory is older than the room's (R9)."""
    if fact.debited_s:
        session = Session(
            id=work.room.mint.new_id(),
            created_at=work.now,
            initial_s=max(fact.total_s, fact.debited_s),
            status=SessionStatus.ENDED,
            consumed_s=fact.debited_s,
            ended_at=work.now,
            end_reason="unknown_lease",
            flag="unknown_lease",
        )
        await work.add(session)
        lease = Lease(fact.lease_id, session.id, post_id, work.now, fact.total_s, None, fact.state_epoch, fact.rev)
        await work.add(closed(lease, work.now, fact.debited_s))
    await work.log(
        Action.INCIDENT, post_id=post_id, kind="unknown_lease", lease=fact.lease_id, debited_s=fact.debited_s
    )


async def _incident(work: Work, post_id: str, lease: Lease, kind: str, *, seconds: int = 0) -> None:
    await work.log(
        Action.INCIDENT, session_id=lease.session_id, post_id=post_id, kind=kind, lease=lease.id, seconds=seconds
    )
