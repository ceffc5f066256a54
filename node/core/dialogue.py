"""The patron at the keypad: typing a code, the other keys, a lock-out (R16)."""

from __future__ import annotations

from dataclasses import replace

from hub.wire.look_alikes import read_sign
from hub.wire.messages import Redeem
from hub.wire.terms import DenyReason, HubLink, IncidentKind, Language, SettleReason
from node.core import lease
from node.core.effects import Beep, Sound
from node.core.events import NO_KEYPAD, Key
from node.core.request import REFUSAL_MS, ask, end_wait, keep_asking
from node.core.state import Flash, Say
from node.core.tables import DialogueCause, DialogueState, PowerState
from node.core.turn import Turn
from node.core.uplink import incident

FLASH_MS = 5_000
NUDGE_MS = 2_000
IDLE_MS = 20_000
"""A code half typed, or a language chosen, is forgotten after this long without a key."""
HELP_EVERY_MS = 10_000

_STAYING = (PowerState.RUNNING, PowerState.GRACE)


def sign_typed(turn: Turn, sign: str) -> None:
    """One more sign of a code; what is no sign of this house's codes is not taken."""
    _cancel_question(turn)
    post, meant = turn.post, read_sign(sign, turn.post.settings.code_signs)
    if post.dialogue is DialogueState.LOCKED_OUT:
        turn.say(Flash(DenyReason.LOCKED_OUT, turn.now + FLASH_MS))
        return
    if meant is None or post.maintenance or post.dialogue is DialogueState.CHECKING:
        return
    if post.dialogue is DialogueState.IDLE:
        turn.dialogue(DialogueCause.TYPED)
    entry = (post.entry + meant)[: post.settings.code_length]
    turn.post = replace(turn.post, entry=entry, key_at_ms=turn.now, flash=None, blink_until_ms=0)
    turn.do(Beep(Sound.KEY))


def key_pressed(turn: Turn, key: Key) -> None:
    """A key with a meaning; one that has none now does nothing."""
    if turn.post.maintenance:
        return
    turn.post = replace(turn.post, key_at_ms=turn.now)
    asked = _cancel_question(turn)
    if asked is None:
        _KEYS[key](turn)
    elif key in (asked, Key.CONFIRM):
        _leave_for(turn, _LEAVING[asked])
    elif key is not Key.ERASE:
        _KEYS[key](turn)


def _cancel_question(turn: Turn) -> Key | None:
    """Take back the question that the screen asks, if it asks one; the key that it was about.

    The question stands as long as the screen shows it, and no longer: nobody confirms what cannot be read.
    """
    flash = turn.post.flash
    asked = _QUESTIONS.get(flash.what) if flash is not None else None
    if asked is not None:
        turn.post = replace(turn.post, flash=None)
    return asked


def _confirm(turn: Turn) -> None:
    post = turn.post
    if post.dialogue is not DialogueState.ENTERING:
        return
    if len(post.entry) < post.settings.code_length:
        turn.post = replace(post, blink_until_ms=turn.now + NUDGE_MS)
        return
    code = post.entry
    clear_entry(turn)
    if post.journal_down:
        turn.say(Flash(Say.OUT_OF_ORDER, turn.now + REFUSAL_MS))
    elif post.link.state is not HubLink.OK:
        turn.say(Flash(Say.NO_HUB, turn.now + REFUSAL_MS))
    else:
        # Named only while it is powered: a lease that is about to close takes no more time.
        tops_up = post.record.lease.lease_id if post.record.lease and post.power in _STAYING else None
        ask(turn, Redeem(turn.new_id(), post.record.state_epoch, tops_up, code=code))


def _erase(turn: Turn) -> None:
    entry = turn.post.entry[:-1]
    if entry:
        turn.post = replace(turn.post, entry=entry)
    elif turn.post.entry:
        clear_entry(turn)


def clear_entry(turn: Turn) -> None:
    """Forget what was typed, when something was."""
    if turn.post.dialogue is DialogueState.ENTERING:
        turn.dialogue(DialogueCause.CLEARED)
        turn.post = replace(turn.post, entry="", blink_until_ms=0)


def _pause(turn: Turn) -> None:
    _wish_to_leave(turn, SettleReason.PAUSED_HERE, Say.PAUSE_AGAIN)


def _end(turn: Turn) -> None:
    _wish_to_leave(turn, SettleReason.ENDED_HERE, Say.END_AGAIN)


def _wish_to_leave(turn: Turn, reason: SettleReason, question: Say) -> None:
    """Ask first, where the house wants it; without that, one press does it as in the first version."""
    staying = turn.post.power in _STAYING
    if staying and turn.post.settings.confirm_keys and not turn.post.journal_down:
        turn.say(Flash(question, turn.now + FLASH_MS))
    else:
        _leave_for(turn, reason)


def _leave_for(turn: Turn, reason: SettleReason) -> None:
    if turn.post.power not in _STAYING:
        return
    if turn.post.journal_down:
        turn.say(Flash(Say.OUT_OF_ORDER, turn.now + REFUSAL_MS))
    else:
        clear_entry(turn)
        lease.close(turn, reason)


def _balance(turn: Turn) -> None:
    if turn.post.power in _STAYING:
        turn.say(Flash(Say.BALANCE, turn.now + FLASH_MS))


def _language(turn: Turn) -> None:
    other = Language.EN if turn.post.speaks is Language.FR else Language.FR
    turn.post = replace(turn.post, language=other)


def _help(turn: Turn) -> None:
    post = turn.post
    if post.link.state is not HubLink.OK:
        # A call that is heard an hour later helps nobody: it is not kept for later.
        turn.say(Flash(Say.NO_HUB, turn.now + FLASH_MS))
        return
    if post.help_at_ms is None or turn.now >= post.help_at_ms + HELP_EVERY_MS:
        turn.post = replace(post, help_at_ms=turn.now)
        incident(turn, IncidentKind.HELP)
    turn.say(Flash(Say.CALLED, turn.now + FLASH_MS))


_QUESTIONS: dict[object, Key] = {Say.PAUSE_AGAIN: Key.PAUSE, Say.END_AGAIN: Key.END}
_LEAVING = {Key.PAUSE: SettleReason.PAUSED_HERE, Key.END: SettleReason.ENDED_HERE}
_KEYS = {
    Key.CONFIRM: _confirm,
    Key.ERASE: _erase,
    Key.PAUSE: _pause,
    Key.END: _end,
    Key.BALANCE: _balance,
    Key.LANGUAGE: _language,
    Key.HELP: _help,
}


def keypad_lost(turn: Turn, name: str) -> None:
    """Unplugged: what was typed on it is no longer somebody's."""
    _cancel_question(turn)
    clear_entry(turn)
    turn.post = replace(turn.post, keypads_lost=(*_but(turn.post.keypads_lost, name), name))
    incident(turn, IncidentKind.KEYPAD_LOST, name)


def keypad_back(turn: Turn, name: str) -> None:
    """Plugged in, again or for the first time."""
    turn.post = replace(turn.post, keypads_lost=_but(turn.post.keypads_lost, name, NO_KEYPAD))
    incident(turn, IncidentKind.KEYPAD_BACK, name)


def _but(names: tuple[str, ...], *found: str) -> tuple[str, ...]:
    return tuple(name for name in names if name not in found)


def lock_out(turn: Turn, retry_after_s: int) -> None:
    """No more tries for a while, none at all for 0 s (R16)."""
    turn.post = replace(turn.post, locked_until_ms=turn.now + retry_after_s * 1000)


def rounds(turn: Turn) -> None:
    """What time does to the dialogue."""
    post, now = turn.post, turn.now
    if post.maintenance:
        _make_way(turn)
    elif post.wait is not None:
        keep_asking(turn, post.wait)
    elif now >= post.key_at_ms + IDLE_MS:
        clear_entry(turn)
    _hold_lock(turn)
    post = turn.post
    if post.flash is not None and now >= post.flash.until_ms:
        post = replace(post, flash=None)
    if post.notice is not None and now >= post.notice.until_ms:
        post = replace(post, notice=None)
    # A stay keeps the language that its patron chose.
    if post.record.lease is None and post.wait is None and now >= post.key_at_ms + IDLE_MS:
        post = replace(post, language=None)
    turn.post = post


def _make_way(turn: Turn) -> None:
    """Maintenance has begun: nothing is typed or awaited any more."""
    clear_entry(turn)
    if turn.post.wait is not None:
        end_wait(turn)


def _hold_lock(turn: Turn) -> None:
    locked = turn.now < turn.post.locked_until_ms
    if locked and turn.post.dialogue is DialogueState.IDLE:
        turn.dialogue(DialogueCause.LOCKED)
    elif not locked and turn.post.dialogue is DialogueState.LOCKED_OUT:
        turn.dialogue(DialogueCause.UNLOCKED)
        turn.post = replace(turn.post, flash=None)
