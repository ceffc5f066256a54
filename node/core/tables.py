"""The two state machines of a post, as data.

The power of a post obeys these rules:

- Power is on in `running`, `grace` and `staff`, and in no other state (I5).
- `running` and `grace` and `spent` have an open lease; `off` and `staff` have none.
- `spent` is an open lease without power: the answer to a top-up is awaited (R21), or the journal cannot be written,
  or the program has just started. It pays on when it can, else it closes.
- Nothing goes from `staff` to a lease but through `off`.

The dialogue at the keypad is apart from the power, for a code may be typed while another one's time runs:

- A request is awaited in `checking`, and in no other state.
- `locked_out` is left by time, or by the desk's "start here".
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar


class PowerState(StrEnum):
    """What stands behind the relays."""

    OFF = "off"
    RUNNING = "running"
    GRACE = "grace"
    SPENT = "spent"
    STAFF = "staff"


class PowerCause(StrEnum):
    """Why the power state changes."""

    TAKEN = "taken"
    GRANTED = "granted"
    GRACE_BEGUN = "grace_begun"
    HELD = "held"
    PAID = "paid"
    CLOSED = "closed"
    GRANT_OVER = "grant_over"
    STOPPED = "stopped"


class DialogueState(StrEnum):
    """Where the patron and the keypad are."""

    IDLE = "idle"
    ENTERING = "entering"
    CHECKING = "checking"
    LOCKED_OUT = "locked_out"


class DialogueCause(StrEnum):
    """Why the dialogue changes."""

    TYPED = "typed"
    CLEARED = "cleared"
    ASKED = "asked"
    ANSWERED = "answered"
    LOCKED = "locked"
    UNLOCKED = "unlocked"


POWER: dict[PowerState, dict[PowerCause, PowerState]] = {
    PowerState.OFF: {
        PowerCause.TAKEN: PowerState.RUNNING,
        PowerCause.GRANTED: PowerState.STAFF,
    },
    PowerState.RUNNING: {
        PowerCause.GRACE_BEGUN: PowerState.GRACE,
        PowerCause.HELD: PowerState.SPENT,
        PowerCause.CLOSED: PowerState.OFF,
        PowerCause.STOPPED: PowerState.OFF,
    },
    PowerState.GRACE: {
        PowerCause.PAID: PowerState.RUNNING,
        PowerCause.HELD: PowerState.SPENT,
        PowerCause.CLOSED: PowerState.OFF,
        PowerCause.STOPPED: PowerState.OFF,
    },
    PowerState.SPENT: {
        PowerCause.PAID: PowerState.RUNNING,
        PowerCause.CLOSED: PowerState.OFF,
        PowerCause.STOPPED: PowerState.OFF,
    },
    PowerState.STAFF: {
        PowerCause.GRANT_OVER: PowerState.OFF,
        PowerCause.STOPPED: PowerState.OFF,
    },
}

DIALOGUE: dict[DialogueState, dict[DialogueCause, DialogueState]] = {
    DialogueState.IDLE: {
        DialogueCause.TYPED: DialogueState.ENTERING,
        DialogueCause.ASKED: DialogueState.CHECKING,
        DialogueCause.LOCKED: DialogueState.LOCKED_OUT,
    },
    DialogueState.ENTERING: {
        DialogueCause.CLEARED: DialogueState.IDLE,
        DialogueCause.ASKED: DialogueState.CHECKING,
    },
    DialogueState.CHECKING: {
        DialogueCause.ANSWERED: DialogueState.IDLE,
    },
    DialogueState.LOCKED_OUT: {
        DialogueCause.UNLOCKED: DialogueState.IDLE,
        DialogueCause.ASKED: DialogueState.CHECKING,
    },
}


class IllegalTransition(Exception):
    """A change of state that the table does not have: a bug of ours, never the patron's or the hub's doing."""


S = TypeVar("S", PowerState, DialogueState)
C = TypeVar("C", PowerCause, DialogueCause)


def after(table: dict[S, dict[C, S]], state: S, cause: C) -> S:
    """The state that follows; IllegalTransition when the table has none."""
    following = table[state].get(cause)
    if following is None:
        raise IllegalTransition(f"nothing follows {state} upon {cause}")
    return following
