"""Spending: debit before use, grace once, and what closes a lease (R5, R13, R14, R21).

Paid time stands still between `PowerOn` and `Powered`: nobody pays for the time that a disk, a relay's delay or a
supply's rest takes, and the cut is never early.
"""

from __future__ import annotations

from dataclasses import replace

from hub.wire.terms import SettleReason
from node.core.effects import Beep, PowerOff, PowerOn, Send, Sound
from node.core.ledger import (
    WRITE_AHEAD_MS,
    ClosedLease,
    OpenLease,
    down_to_s,
    left_s,
    next_debit_s,
)
from node.core.state import Dark, Flash, Post, Say
from node.core.tables import PowerCause, PowerState
from node.core.turn import Turn
from node.core.uplink import remaining_s, settlement

FAREWELL_MS = 6_000
POWER_CUT_MS = 60_000
"""Whoever sat there may be away from the screen when the post is back."""
WARNING_MS = 10_000


def open_lease(post: Post) -> OpenLease:
    """The open lease, where the caller knows that there is one."""
    assert post.record.lease is not None, "this state has an open lease"
    return post.record.lease


def take(turn: Turn, lease: OpenLease) -> None:
    """Begin a new lease: its first slice is durable, in both generations, before the power comes on."""
    slice_s = next_debit_s(lease, 0)
    taken = replace(lease, debited_s=slice_s)
    turn.save(replace(turn.post.record, lease=taken, request=None), twice=True)
    turn.power(PowerCause.TAKEN)
    _paid(turn, slice_s)
    power_on(turn)


def pay_on(turn: Turn, lease: OpenLease) -> None:
    """Back to paid time from grace, or from an open lease without power."""
    slice_s = next_debit_s(lease, 0)
    turn.save(replace(turn.post.record, lease=replace(lease, debited_s=lease.debited_s + slice_s)))
    dark = turn.post.power is PowerState.SPENT
    turn.power(PowerCause.PAID)
    _paid(turn, slice_s)
    if dark:
        power_on(turn)


def _paid(turn: Turn, slice_s: int) -> None:
    paid = replace(turn.post, paid_until_ms=turn.now + slice_s * 1000, grace_due=False)
    turn.post = replace(paid, counted_s=remaining_s(paid, turn.now), blink_until_ms=0)


def power_on(turn: Turn) -> None:
    """Close the relays; what is paid by now waits until one of them is on."""
    turn.do(PowerOn())
    turn.post = replace(turn.post, dark=Dark(turn.now, turn.post.paid_ms(turn.now)))


def power_off(turn: Turn) -> None:
    """Open the relays."""
    turn.do(PowerOff())
    turn.post = replace(turn.post, dark=None)


def powered(turn: Turn, at_ms: int) -> None:
    """A relay is on: paid time counts from then. Word of one that an earlier `PowerOn` asked for is too late."""
    dark = turn.post.dark
    if dark is not None and at_ms >= dark.asked_ms:
        turn.post = replace(turn.post, dark=None, paid_until_ms=at_ms + dark.paid_ms)


def replace_grant(turn: Turn, slice_s: int) -> None:
    """Staff power goes on under another grant, whose first slice is durable: without a flicker."""
    dark = turn.post.dark
    if dark is not None:
        dark = replace(dark, paid_ms=slice_s * 1000)
    turn.post = replace(turn.post, dark=dark, paid_until_ms=turn.now + slice_s * 1000)


def close(turn: Turn, reason: SettleReason) -> None:
    """End the open lease: power off first, then what was really used, rounded up, then the settlement (R5)."""
    post = turn.post
    lease = open_lease(post)
    used_s = lease.debited_s - down_to_s(post.paid_ms(turn.now))
    past = ClosedLease(lease.lease_id, lease.rev, lease.total_s, used_s, reason)
    power_off(turn)
    turn.save(replace(post.record, lease=None, closed=(*post.record.closed, past)), twice=True)
    turn.do(Send(settlement(post.record, past)), Beep(Sound.END))
    turn.power(PowerCause.CLOSED)
    over = replace(turn.post, paid_until_ms=0, grace_due=False, cut_short=False, blink_until_ms=0, language=None)
    turn.post = replace(over, settle_at_ms=turn.now)
    turn.say(Flash(reason, turn.now + FAREWELL_MS))


def stop(turn: Turn) -> None:
    """The program ends: power off, give back what was written ahead; an open lease stays open for the next start."""
    post = turn.post
    unspent_s = down_to_s(post.paid_ms(turn.now))
    lease, grant = post.record.lease, post.record.grant
    if lease is not None:
        lease = replace(lease, debited_s=lease.debited_s - unspent_s)
    elif grant is not None:
        grant = replace(grant, debited_s=grant.debited_s - unspent_s)
    power_off(turn)
    # A stay that a power cut broke off before stays broken off.
    turn.save(replace(post.record, lease=lease, grant=grant, request=None, orderly=not post.cut_short))
    if post.power is not PowerState.OFF:
        turn.power(PowerCause.STOPPED)
    turn.post = replace(turn.post, stopped=True, paid_until_ms=0)


def spend(turn: Turn) -> None:
    """Let time pass for whatever is powered, until nothing more follows from it at this moment."""
    before = None
    while turn.post.power is not before and turn.post.dark is None:
        before = turn.post.power
        _SPENDING[before](turn)


def _running(turn: Turn) -> None:
    if not turn.post.journal_down:
        _write_ahead(turn)
    _warn(turn)
    post = turn.post
    if turn.now < post.paid_until_ms:
        return
    if post.grace_due:
        until_ms = post.paid_until_ms + post.settings.grace_s * 1000
        turn.power(PowerCause.GRACE_BEGUN)
        turn.post = replace(turn.post, grace_due=False, grace_until_ms=until_ms)
    else:
        _run_out(turn)


def _write_ahead(turn: Turn) -> None:
    """The next slice, and after the last one the grace, is durable before the paid time is over."""
    post, lease = turn.post, open_lease(turn.post)
    if left_s(lease) and _paid_is_ending(turn):
        slice_s = next_debit_s(lease, turn.now - post.paid_until_ms)
        lease = replace(lease, debited_s=lease.debited_s + slice_s)
        turn.save(replace(post.record, lease=lease))
        turn.post = replace(turn.post, paid_until_ms=post.paid_until_ms + slice_s * 1000)
    # A last slice may be so short, or come so late, that the grace is due with it.
    if not left_s(lease) and _paid_is_ending(turn) and post.settings.grace_s and not lease.grace_given:
        turn.save(replace(turn.post.record, lease=replace(lease, grace_given=True)))
        turn.post = replace(turn.post, grace_due=True)


def _paid_is_ending(turn: Turn) -> bool:
    return turn.now >= turn.post.paid_until_ms - WRITE_AHEAD_MS


def _warn(turn: Turn) -> None:
    post, left = turn.post, remaining_s(turn.post, turn.now)
    crossed = any(left <= at_s < post.counted_s for at_s in post.settings.warn_at_s)
    turn.post = replace(post, counted_s=left)
    if crossed and left:
        turn.do(Beep(Sound.WARNING))
        turn.post = replace(turn.post, blink_until_ms=turn.now + WARNING_MS)


def _grace(turn: Turn) -> None:
    if turn.now >= turn.post.grace_until_ms:
        _run_out(turn)


def _run_out(turn: Turn) -> None:
    """No more power. The lease closes, unless a top-up's answer is awaited (R21) or nothing can be journalled."""
    if turn.post.wait is None and not turn.post.journal_down:
        close(turn, SettleReason.EXPIRED)
    else:
        power_off(turn)
        turn.power(PowerCause.HELD)


def _spent(turn: Turn) -> None:
    if turn.post.wait is not None or turn.post.journal_down:
        return
    lease = open_lease(turn.post)
    if not left_s(lease):
        close(turn, SettleReason.EXPIRED)
    elif turn.post.cut_short:
        close(turn, SettleReason.PAUSED_HERE)
        turn.say(Flash(Say.POWER_CUT, turn.now + POWER_CUT_MS))
    else:
        pay_on(turn, lease)


def _staff(turn: Turn) -> None:
    post, grant = turn.post, turn.post.record.grant
    assert grant is not None, "staff power has a grant"
    if _paid_is_ending(turn) and left_s(grant) and not post.journal_down:
        slice_s = next_debit_s(grant, turn.now - post.paid_until_ms)
        turn.save(replace(post.record, grant=replace(grant, debited_s=grant.debited_s + slice_s)))
        turn.post = replace(turn.post, paid_until_ms=post.paid_until_ms + slice_s * 1000)
    if turn.now >= turn.post.paid_until_ms:
        end_staff(turn)


def _off(turn: Turn) -> None:
    post, grant = turn.post, turn.post.record.grant
    if grant is None or not left_s(grant) or post.journal_down:
        return
    slice_s = next_debit_s(grant, 0)
    turn.save(replace(post.record, grant=replace(grant, debited_s=grant.debited_s + slice_s)))
    turn.power(PowerCause.GRANTED)
    turn.post = replace(turn.post, paid_until_ms=turn.now + slice_s * 1000)
    power_on(turn)


def end_staff(turn: Turn) -> None:
    """Staff power goes off; the grant's record is the caller's affair."""
    power_off(turn)
    turn.power(PowerCause.GRANT_OVER)
    turn.post = replace(turn.post, paid_until_ms=0)


_SPENDING = {
    PowerState.OFF: _off,
    PowerState.RUNNING: _running,
    PowerState.GRACE: _grace,
    PowerState.SPENT: _spent,
    PowerState.STAFF: _staff,
}
