"""What the post tells the hub of itself: greetings, settlements, incidents; and whether the hub is there."""

from __future__ import annotations

from dataclasses import replace

from hub.wire.messages import Hello, HubReport, Incident, Settle, ToldLease
from hub.wire.terms import PROTOCOL, SETTLE_REPEAT_S, HubLink, IncidentKind, LeaseState
from node.core.effects import Send
from node.core.ledger import ClosedLease, Record, up_to_s
from node.core.state import Link, Post, Say
from node.core.turn import Turn

HELLO_REPEAT_MS = 10_000
SETTLE_REPEAT_MS = SETTLE_REPEAT_S * 1000
MOST_TOLD = 32
"""Closed leases in one hello: more would outgrow a message; the rest are told by their settles."""
MOST_INCIDENTS = 16


def settlement(record: Record, closed: ClosedLease) -> Settle:
    """The settle message of a closed lease."""
    return Settle(
        lease_id=closed.lease_id,
        rev=closed.rev,
        total_s=closed.total_s,
        debited_s=closed.debited_s,
        state_epoch=record.state_epoch,
        reason=closed.reason,
    )


def remaining_s(post: Post, now_ms: int) -> int:
    """Seconds of the open lease that the patron still has, as shown and as told; 0 without one."""
    lease = post.record.lease
    if lease is None:
        return 0
    return lease.total_s - lease.debited_s + up_to_s(post.paid_ms(now_ms))


def told_debit_s(post: Post, now_ms: int) -> int:
    """What the hub is told as debited: seconds already enjoyed, without those written ahead.

    An orderly close gives back what was written ahead, and the hub charges no less than the highest figure that it
    was ever told (R23): to tell the journal's own figure would charge up to a slice that nobody had.
    """
    lease = post.record.lease
    return 0 if lease is None else lease.total_s - remaining_s(post, now_ms)


def hello(post: Post, now_ms: int) -> Hello:
    """The greeting: every lease that is open or not yet confirmed as settled (R6)."""
    told = [
        ToldLease(past.lease_id, past.rev, past.total_s, past.debited_s, LeaseState.CLOSED, past.reason)
        for past in post.record.closed[:MOST_TOLD]
    ]
    lease = post.record.lease
    if lease is not None:
        spent_s = told_debit_s(post, now_ms)
        told.insert(0, ToldLease(lease.lease_id, lease.rev, lease.total_s, spent_s, LeaseState.OPEN))
    return Hello(
        boot_id=post.me.boot_id,
        state_epoch=post.record.state_epoch,
        version=post.me.version,
        protocol=PROTOCOL,
        leases=tuple(told),
        ip=post.me.ip,
        mac=post.me.mac,
        hardware=post.me.hardware,
        clock_synced=post.me.clock_synced,
    )


def incident(turn: Turn, kind: IncidentKind, detail: str = "") -> None:
    """Tell the desk of something, or keep it until the hub is there; the oldest go when there are too many."""
    happened = Incident(turn.new_id(), kind, detail[:200])
    if turn.post.link.state is HubLink.OK:
        turn.do(Send(happened))
    else:
        kept = (*turn.post.incidents, happened)[-MOST_INCIDENTS:]
        turn.post = replace(turn.post, incidents=kept)


def broker_found(turn: Turn) -> None:
    """A new connection: whoever is behind it has not been greeted."""
    turn.post = replace(turn.post, link=Link(HubLink.NO_HUB))


def broker_lost(turn: Turn) -> None:
    """Nobody can be reached."""
    turn.post = replace(turn.post, link=Link(HubLink.NO_BROKER))


def hub_report(turn: Turn, report: HubReport) -> None:
    """The hub is there or gone; a new one, or one that came back, is greeted (R11)."""
    link = turn.post.link
    if not report.online:
        turn.post = replace(turn.post, link=Link(HubLink.NO_HUB))
    elif link.state is not HubLink.OK or link.hub_epoch != report.hub_epoch:
        flash = turn.post.flash
        if flash is not None and flash.what in (Say.STARTING, Say.NO_HUB):
            flash = None
        turn.post = replace(turn.post, link=Link(HubLink.OK, report.hub_epoch), flash=flash)


def greet_again(turn: Turn) -> None:
    """Ask for the hub's present state: what it told in the meantime could not be kept."""
    turn.post = replace(turn.post, link=replace(turn.post.link, greeted=False, hello_at_ms=None))


def rounds(turn: Turn) -> None:
    """What is told again until it is answered, while the hub is there."""
    post, now = turn.post, turn.now
    if post.link.state is not HubLink.OK:
        return
    if hello_due(post, now):
        turn.do(Send(hello(post, now)), *(Send(kept) for kept in post.incidents))
        # The hello has just told the closed leases: their settles wait for the next round.
        post = replace(post, link=replace(post.link, hello_at_ms=now), incidents=(), settle_at_ms=now)
    if post.record.closed and (post.settle_at_ms is None or now >= post.settle_at_ms + SETTLE_REPEAT_MS):
        turn.do(*(Send(settlement(post.record, past)) for past in post.record.closed))
        post = replace(post, settle_at_ms=now)
    turn.post = post


def hello_due(post: Post, now_ms: int) -> bool:
    """Whether the hub is still to be greeted: at once, then again until a sync has come."""
    link = post.link
    if link.greeted:
        return False
    return link.hello_at_ms is None or now_ms >= link.hello_at_ms + HELLO_REPEAT_MS
