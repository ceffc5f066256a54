"""What comes down from the hub, and what the post makes of it (R4, R6, R7, R14, R20)."""

from __future__ import annotations

from dataclasses import replace

from hub.wire.messages import (
    Deny,
    Down,
    Grant,
    HubReport,
    Identify,
    Lease,
    Notice,
    PostSettings,
    Redeem,
    SelfTest,
    Settled,
    Start,
    Sync,
)
from hub.wire.terms import DenyReason, HubLink, LeaseState, SettleReason
from node.core import lease as spending
from node.core import uplink
from node.core.dialogue import FLASH_MS, clear_entry, lock_out
from node.core.effects import Examine, Send
from node.core.ledger import ClosedLease, OpenLease, Record, StaffGrant, down_to_s, left_s, next_debit_s, put_by
from node.core.request import REFUSAL_MS, ask, end_wait, forget_wait
from node.core.state import DeskNotice, Flash, Say
from node.core.tables import PowerState
from node.core.turn import Turn

DEFAULT_LOCK_S = 30
IDENTIFY_S = 300
"""No post blinks for longer, whatever it is told."""


def received(turn: Turn, message: Down | HubReport) -> None:
    """One message from the hub."""
    match message:
        case HubReport():
            uplink.hub_report(turn, message)
        case Notice():
            _notice(turn, message)
        case Deny():
            _denied(turn, message)
        case Identify():
            turn.post = replace(turn.post, identify_until_ms=turn.now + min(message.ttl_s, IDENTIFY_S) * 1000)
        case SelfTest():
            turn.do(Examine(message.test_id))
        case _:
            # What cannot be written down is not taken: the post greets again when the journal is back.
            if not turn.post.journal_down:
                _stated(turn, message)


def _stated(turn: Turn, message: Sync | Lease | Start | Settled) -> None:
    match message:
        case Sync():
            _synced(turn, message)
        case Lease():
            _offered(turn, message)
        case Start():
            _start(turn, message)
        case _:
            _settled(turn, (message.lease_id,))


def _notice(turn: Turn, notice: Notice) -> None:
    shown = DeskNotice(notice.text, turn.now, turn.now + notice.ttl_s * 1000)
    turn.post = replace(turn.post, notice=shown)


def _denied(turn: Turn, deny: Deny) -> None:
    if not _awaited(turn, deny.req_id):
        return
    end_wait(turn)
    turn.say(Flash(deny.reason, turn.now + REFUSAL_MS, detail=deny.detail or ""))
    if deny.reason is DenyReason.LOCKED_OUT:
        lock_out(turn, deny.retry_after_s or DEFAULT_LOCK_S)


def _awaited(turn: Turn, req_id: str | None) -> bool:
    wait = turn.post.wait
    return wait is not None and wait.message.req_id == req_id


def _synced(turn: Turn, sync: Sync) -> None:
    if sync.state_epoch not in (None, turn.post.record.state_epoch):
        uplink.greet_again(turn)  # meant for the card that was here before
        return
    turn.post = replace(turn.post, synced=True, link=replace(turn.post.link, greeted=True))
    _settings(turn, sync.settings)
    if sync.locked_for_s is not None:
        lock_out(turn, sync.locked_for_s)
    held = turn.post.record.lease
    if held is not None and held.lease_id in sync.revoked:
        spending.close(turn, SettleReason.REVOKED)
    _settled(turn, sync.settled)
    if sync.lease is not None:
        _offered(turn, sync.lease)
    _maintenance(turn, sync.maintenance)


def _settings(turn: Turn, settings: PostSettings) -> None:
    before = turn.post.settings
    if settings != before:
        turn.save(replace(turn.post.record, settings=settings))
    if (settings.code_length, settings.code_signs) != (before.code_length, before.code_signs):
        # Signs typed under other rules may be no code any more.
        clear_entry(turn)


def _settled(turn: Turn, lease_ids: tuple[str, ...]) -> None:
    """Forget closed leases, though never while a request is awaited: its answer could be one of them (R6)."""
    record = turn.post.record
    kept = tuple(past for past in record.closed if past.lease_id not in lease_ids)
    if kept != record.closed and turn.post.wait is None:
        turn.save(replace(record, closed=kept))


def _start(turn: Turn, start: Start) -> None:
    post = turn.post
    free = post.record.lease is None and post.record.grant is None and post.wait is None
    if not free or post.link.state is not HubLink.OK:
        return
    clear_entry(turn)
    ask(turn, Redeem(turn.new_id(), post.record.state_epoch, start_id=start.start_id))


def _offered(turn: Turn, told: Lease) -> None:
    record = turn.post.record
    awaited = _awaited(turn, told.req_id)
    past = next((past for past in record.closed if past.lease_id == told.lease_id), None)
    if record.lease is not None and record.lease.lease_id == told.lease_id:
        _changed(turn, record.lease, told, awaited=awaited)
    elif past is not None:
        # A settled lease never opens again (I6).
        turn.do(Send(uplink.settlement(record, past)))
        if awaited:
            end_wait(turn)
            turn.say(Flash(Say.TRY_AGAIN, turn.now + REFUSAL_MS))
    elif awaited and record.lease is None and told.state is LeaseState.OPEN and told.total_s:
        _accept(turn, told)
    else:
        if awaited:
            forget_wait(turn)
            turn.say(Flash(Say.TRY_AGAIN, turn.now + REFUSAL_MS))
        _refuse(turn, told)


def _accept(turn: Turn, told: Lease) -> None:
    """Nothing is awaited during maintenance or past its time, so neither needs a look here (R4)."""
    forget_wait(turn)
    turn.post = replace(turn.post, locked_until_ms=0, flash=None)
    spending.take(turn, OpenLease(told.lease_id, told.rev, told.total_s))


def _refuse(turn: Turn, told: Lease) -> None:
    """A lease that this node does not take, settled with nothing (R4)."""
    record = turn.post.record
    past = ClosedLease(told.lease_id, told.rev, told.total_s, 0, SettleReason.NOT_ACCEPTED)
    turn.save(replace(record, closed=(*record.closed, past)), twice=True)
    turn.do(Send(uplink.settlement(record, past)))
    turn.post = replace(turn.post, settle_at_ms=turn.now)


def _changed(turn: Turn, held: OpenLease, told: Lease, *, awaited: bool) -> None:
    """The open lease, told again: absolute numbers, taken when they are newer (R7), and maybe an answer."""
    if awaited:
        forget_wait(turn)
        _tell_added(turn, told)
    if told.state is LeaseState.REVOKED:
        spending.close(turn, SettleReason.REVOKED)
    elif told.rev > held.rev:
        _take_numbers(turn, replace(held, rev=told.rev, total_s=max(told.total_s, held.debited_s)))
    elif awaited:
        turn.save(turn.post.record)


def _tell_added(turn: Turn, told: Lease) -> None:
    what = Say.ADDED if told.seconds_added else Say.BALANCE
    turn.say(Flash(what, turn.now + FLASH_MS, seconds=told.seconds_added or 0))


def _take_numbers(turn: Turn, lease: OpenLease) -> None:
    post = turn.post
    if left_s(lease) and post.power in (PowerState.GRACE, PowerState.SPENT):
        spending.pay_on(turn, lease)
        return
    if left_s(lease) and post.grace_due:
        # The grace was written down but has not begun: it is still to come, once, after the added time.
        lease = replace(lease, grace_given=False)
        turn.post = replace(post, grace_due=False)
    turn.save(replace(turn.post.record, lease=lease))
    turn.post = replace(turn.post, counted_s=uplink.remaining_s(turn.post, turn.now))


def _maintenance(turn: Turn, grant: Grant | None) -> None:
    """Staff power as the hub states it; what is unchanged is left to run (R14)."""
    record, staff = turn.post.record, turn.post.power is PowerState.STAFF
    if grant is not None and record.grant is not None and record.grant.grant_id == grant.grant_id:
        return
    cleared = put_by(record, down_to_s(turn.post.paid_ms(turn.now)) if staff else 0)
    granted = _known(record, grant) if grant is not None else None
    if staff and granted is not None and left_s(granted):
        # One grant follows another without a flicker: the first slice of the new one is durable before it counts.
        slice_s = next_debit_s(granted, 0)
        turn.save(replace(cleared, grant=replace(granted, debited_s=granted.debited_s + slice_s)))
        spending.replace_grant(turn, slice_s)
        return
    if staff:
        spending.end_staff(turn)
    if (after := replace(cleared, grant=granted)) != record:
        turn.save(after)


def _known(record: Record, grant: Grant) -> StaffGrant:
    """The grant with what was debited of it before: an old statement that comes late gives no second to anyone."""
    past = next((past for past in record.past_grants if past.grant_id == grant.grant_id), None)
    return past or StaffGrant(grant.grant_id, grant.total_s)
