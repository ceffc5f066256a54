"""Everything that can happen to a post."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Union

from hub.wire.messages import Down, HubReport


class Key(StrEnum):
    """What a key of the keypad means when it is not a sign of a code."""

    CONFIRM = "confirm"
    ERASE = "erase"
    BALANCE = "balance"
    PAUSE = "pause"
    END = "end"
    LANGUAGE = "language"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Moment:
    """When an event is handled: milliseconds on CLOCK_BOOTTIME, and one fresh UUID that the step may spend."""

    ms: int
    fresh_id: str


@dataclass(frozen=True, slots=True)
class SignTyped:
    """One printable sign was typed, as the keypad gave it."""

    sign: str


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """A key with a meaning was pressed."""

    key: Key


NO_KEYPAD = "keypad"
"""The name under which KeypadLost tells at the start that there is none."""


@dataclass(frozen=True, slots=True)
class KeypadLost:
    """A keypad was unplugged."""

    name: str


@dataclass(frozen=True, slots=True)
class KeypadBack:
    """A keypad is there (again)."""

    name: str


@dataclass(frozen=True, slots=True)
class BrokerFound:
    """The link to the broker is up; the hub may or may not be behind it."""


@dataclass(frozen=True, slots=True)
class BrokerLost:
    """The link to the broker is down."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message came down from the hub."""

    message: Down | HubReport


@dataclass(frozen=True, slots=True)
class Powered:
    """A relay has carried power since `at_ms`, on the clock of `Moment`, as the last `PowerOn` asked for."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class FaultSeen:
    """A part of the post does not work (`screen`, `relay:display`, `journal`)."""

    name: str


@dataclass(frozen=True, slots=True)
class FaultGone:
    """That part works again."""

    name: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed; nothing else has happened."""


@dataclass(frozen=True, slots=True)
class Stopping:
    """The program is asked to end: power off, and give back the seconds that were debited but not spent."""


Event = Union[  # noqa: UP007
    SignTyped,
    KeyPressed,
    KeypadLost,
    KeypadBack,
    BrokerFound,
    BrokerLost,
    Received,
    Powered,
    FaultSeen,
    FaultGone,
    Tick,
    Stopping,
]
