"""Everything that a post can ask of the world; the shell carries effects out in order, each before the next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Union

from hub.wire.messages import Up
from node.core.ledger import Record


class Sound(StrEnum):
    """What the buzzer says."""

    KEY = "key"
    WARNING = "warning"
    END = "end"


@dataclass(frozen=True, slots=True)
class Save:
    """Make the record durable before anything that follows; `twice` writes both generations of the journal."""

    record: Record
    twice: bool = False


@dataclass(frozen=True, slots=True)
class PowerOn:
    """Close the relays; `Powered` answers, now or when their delays are over."""


@dataclass(frozen=True, slots=True)
class PowerOff:
    """Open the relays."""


@dataclass(frozen=True, slots=True)
class Send:
    """Publish a message to the hub; lost without complaint when there is no broker."""

    message: Up


@dataclass(frozen=True, slots=True)
class Beep:
    """Let the buzzer sound, where there is one."""

    sound: Sound


@dataclass(frozen=True, slots=True)
class Examine:
    """Look at every part, beside everything else, and tell the hub what was found under the test's id."""

    test_id: str


Effect = Union[Save, PowerOn, PowerOff, Send, Beep, Examine]  # noqa: UP007
