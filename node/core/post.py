"""A post as a function: the state before, one event and the time give the state after and the effects, in order.

The shell carries the effects out one after the other. When a `Save` fails, it drops the rest of that step's effects
*and* the state they belong to, and steps `FaultSeen("journal")` on the state before. While that fault stands no step
asks for a `Save` but the probes that find out when the journal works again (`FaultGone("journal")`), and `Stopping`.
When the saves of `boot` fail, the shell boots again with `journal_down`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar, assert_never

from hub.wire.terms import SLICE_S, IncidentKind, PowerReturn
from node.core import dialogue, hub_messages, lease, uplink
from node.core.deadline import deadline
from node.core.effects import Effect, PowerOff, PowerOn, Save
from node.core.events import (
    BrokerFound,
    BrokerLost,
    Event,
    FaultGone,
    FaultSeen,
    KeypadBack,
    KeypadLost,
    KeyPressed,
    Moment,
    Powered,
    Received,
    SignTyped,
    Stopping,
    Tick,
)
from node.core.ledger import OpenLease, Record, StaffGrant, left_s
from node.core.report import report
from node.core.state import JOURNAL_FAULT, Flash, Identity, Post, Say
from node.core.tables import DIALOGUE, POWER, PowerState
from node.core.turn import Turn
from node.core.view import picture

__all__ = ["DIALOGUE", "POWER", "Identity", "Post", "boot", "deadline", "picture", "report", "step"]

STARTING_MS = 10_000
JOURNAL_RETRY_MS = 5_000
JOURNAL_RETRY_POWERED_MS = 500
"""While paid time runs out, the journal is tried more often: it may come back before the power has to go."""

_POWERED = (PowerState.RUNNING, PowerState.GRACE, PowerState.STAFF)


def boot(
    record: Record, me: Identity, moment: Moment, *, older: bool = False, aside: str = "", journal_down: bool = False
) -> tuple[Post, list[Effect]]:
    """The post as it starts from its journal: what was open is paid on, or closed when nothing is left of it.

    `older`: the journal fell back to its older generation, so one more slice counts as spent (R24).
    `aside`: the names of what could not be read and was put aside; the desk is told of either.
    `journal_down`: nothing can be saved; what was open waits, without power, until something can.
    Where the house wants it, a stay that a power cut broke off is paused instead; a crash counts as a power cut.
    """
    cut_off = older or not record.orderly
    record = replace(record, request=None, orderly=False)
    if older:
        record = replace(record, lease=_one_slice_less(record.lease), grant=_one_slice_less(record.grant))
    held = record.lease
    turn = Turn(
        Post(
            me=me,
            record=record,
            at_ms=moment.ms,
            power=PowerState.OFF if held is None else PowerState.SPENT,
            cut_short=held is not None and cut_off and record.settings.on_power_return is PowerReturn.PAUSE,
            key_at_ms=moment.ms,
            flash=Flash(Say.STARTING, moment.ms + STARTING_MS),
            faults=(JOURNAL_FAULT,) if journal_down else (),
            journal_retry_ms=moment.ms + JOURNAL_RETRY_MS,
        ),
        moment,
    )
    if older or aside:
        uplink.incident(turn, IncidentKind.JOURNAL_QUARANTINED, aside)
    if held is not None and left_s(held) and cut_off:
        uplink.incident(turn, IncidentKind.POWER_CYCLE)
    _pass_time(turn)
    return turn.post, turn.effects


A = TypeVar("A", OpenLease, StaffGrant)


def _one_slice_less(account: A | None) -> A | None:
    if account is None:
        return None
    return replace(account, debited_s=min(account.total_s, account.debited_s + SLICE_S))


def step(post: Post, event: Event, moment: Moment) -> tuple[Post, list[Effect]]:
    """What an event does. It never fails for anything that a patron, the hub or the hardware can do.

    Time passes before the event, so that no event finds a post in a state that is already over; and after it, so
    that what the event made possible happens at once. A journal that fails goes first: time may ask for no save then.
    """
    turn = Turn(post, moment)
    if post.stopped:
        return post, []
    journal_failed = event == FaultSeen(JOURNAL_FAULT)
    if not journal_failed:
        _pass_time(turn)
    _handle(turn, event)
    if not turn.post.stopped:
        _pass_time(turn)
    if journal_failed:
        # The step that failed may have switched off before it failed: the relays follow the state that stands.
        turn.do(PowerOn() if turn.post.power in _POWERED else PowerOff())
    return turn.post, turn.effects


def _handle(turn: Turn, event: Event) -> None:  # noqa: C901 - one line an event, a table that mypy checks
    match event:
        case SignTyped(sign):
            dialogue.sign_typed(turn, sign)
        case KeyPressed(key):
            dialogue.key_pressed(turn, key)
        case KeypadLost(name):
            dialogue.keypad_lost(turn, name)
        case KeypadBack(name):
            dialogue.keypad_back(turn, name)
        case BrokerFound():
            uplink.broker_found(turn)
        case BrokerLost():
            uplink.broker_lost(turn)
        case Received(message):
            hub_messages.received(turn, message)
        case Powered(at_ms):
            lease.powered(turn, at_ms)
        case FaultSeen(name):
            _fault_seen(turn, name)
        case FaultGone(name):
            _fault_gone(turn, name)
        case Tick():
            pass
        case Stopping():
            lease.stop(turn)
        case _:
            assert_never(event)


def _pass_time(turn: Turn) -> None:
    dialogue.rounds(turn)
    lease.spend(turn)
    uplink.rounds(turn)
    post = turn.post
    if post.journal_down and turn.now >= post.journal_retry_ms:
        turn.post = _retry_later(post)
        turn.do(Save(post.record))


def _retry_later(post: Post) -> Post:
    wait_ms = JOURNAL_RETRY_POWERED_MS if post.power in _POWERED else JOURNAL_RETRY_MS
    return replace(post, journal_retry_ms=post.at_ms + wait_ms)


def _fault_seen(turn: Turn, name: str) -> None:
    if name not in turn.post.faults:
        turn.post = replace(turn.post, faults=tuple(sorted((*turn.post.faults, name))))
        kind = _INCIDENTS.get(name.partition(":")[0])
        if kind is not None:
            uplink.incident(turn, kind, name)
    if name == JOURNAL_FAULT:
        turn.post = _retry_later(turn.post)


def _fault_gone(turn: Turn, name: str) -> None:
    if name not in turn.post.faults:
        return
    turn.post = replace(turn.post, faults=tuple(fault for fault in turn.post.faults if fault != name))
    if name == JOURNAL_FAULT:
        uplink.greet_again(turn)


_INCIDENTS = {"screen": IncidentKind.DISPLAY_FAULT, "relay": IncidentKind.RELAY_MISMATCH}
