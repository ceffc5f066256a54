"""A request to the hub: its id is durable before it is sent, and its answer is awaited for a while (R1, R4)."""

from __future__ import annotations

from dataclasses import replace

from hub.wire.messages import Redeem
from hub.wire.terms import REQUEST_TTL_S
from node.core.effects import Send
from node.core.state import Flash, Say, Wait
from node.core.tables import DialogueCause
from node.core.turn import Turn

REFUSAL_MS = 6_000
RESEND_MS = 3_000
REQUEST_TTL_MS = REQUEST_TTL_S * 1000


def ask(turn: Turn, message: Redeem) -> None:
    """Send a request: its id is durable first (R1)."""
    turn.save(replace(turn.post.record, request=message.req_id))
    turn.do(Send(message))
    turn.dialogue(DialogueCause.ASKED)
    turn.post = replace(turn.post, wait=Wait(message, turn.now, turn.now), flash=None)


def forget_wait(turn: Turn) -> None:
    """The request is answered; the caller makes that durable with what the answer brought."""
    turn.dialogue(DialogueCause.ANSWERED)
    record = replace(turn.post.record, request=None)
    turn.post = replace(turn.post, wait=None, record=record, key_at_ms=turn.now)


def end_wait(turn: Turn) -> None:
    """The request is answered with nothing, given up, or void."""
    forget_wait(turn)
    # With the journal down this waits for the next save: a request in it is void after a start anyway (R4).
    if not turn.post.journal_down:
        turn.save(turn.post.record)


def keep_asking(turn: Turn, wait: Wait) -> None:
    """Send the request again while its time lasts, then give it up."""
    if turn.now >= wait.since_ms + REQUEST_TTL_MS:
        end_wait(turn)
        turn.say(Flash(Say.NO_ANSWER, turn.now + REFUSAL_MS))
    elif turn.now >= wait.sent_at_ms + RESEND_MS:
        turn.do(Send(wait.message))
        turn.post = replace(turn.post, wait=replace(wait, sent_at_ms=turn.now))
