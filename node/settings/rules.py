"""The table of every key that node.toml may hold: what it must be, and what it is when it is not there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.wire.terms import Language
from hub.wire.topics import is_post_id

REQUIRED: Any = object()
"""The default of a key that has none."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one key must be.

    `read` checks a TOML value and returns what the settings hold, or raises ValueError with what it "must
    be"; it never quotes the value, which may be a password.
    """

    read: Callable[[object], Any]
    default: Any = REQUIRED
    text: bool = True
    """Whether the value is a TOML string: tells how to read it from an environment variable."""


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError("must be a text that is not empty")
    return value


def _any_text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("must be a text")
    return value


def _post_id(value: object) -> str:
    if not isinstance(value, str) or not is_post_id(value):
        raise ValueError("must be 1 to 31 lower-case letters, digits and hyphens, such as p01 (not 'hub' or 'monitor')")
    return value


def _relay_name(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", value):
        raise ValueError("must be a word in lower case, such as display or usb")
    return value


def _language(value: object) -> Language:
    if not isinstance(value, str) or value not in list(Language):
        raise ValueError("must be 'fr' or 'en'")
    return Language(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return value

    return read


def _one_of(*words: str | int) -> Callable[[object], str | int]:
    def read(value: object) -> str | int:
        for word in words:
            if type(value) is type(word) and value == word:
                return word
        raise ValueError(f"must be {' or '.join(repr(word) for word in words)}")

    return read


_PIN = _whole(0, 27)

RULES: Mapping[str, Mapping[str, Rule]] = {
    "post": {"id": Rule(_post_id), "language": Rule(_language, Language.FR)},
    "hub": {
        "host": Rule(_text),
        "port": Rule(_whole(1, 65535), None, text=False),
        "username": Rule(_text, None),
        "password": Rule(_text),
        "ca": Rule(_text, None),
    },
    "journal": {"folder": Rule(_text, "/var/lib/poste-node")},
    "relay": {
        "name": Rule(_relay_name),
        "pin": Rule(_PIN, text=False),
        "active_high": Rule(_flag, True, text=False),
        "on_delay_s": Rule(_whole(0, 60), 0, text=False),
        "off_delay_s": Rule(_whole(0, 60), 0, text=False),
        "feedback_pin": Rule(_PIN, None, text=False),
    },
    "keypad": {"match": Rule(_any_text, ""), "keymap": Rule(_text, "numeric_pad")},
    "screen": {
        "driver": Rule(_one_of("ssd1306", "sh1106"), "ssd1306"),
        "bus": Rule(_whole(0, 20), 1, text=False),
        "address": Rule(_whole(0x08, 0x77), 0x3C, text=False),
        "rotate": Rule(_one_of(0, 180), 0, text=False),
    },
    "buzzer": {"pin": Rule(_PIN, text=False)},
}
"""Table -> key -> rule. [[relay]] is a list of such tables; [buzzer] may be absent as a whole."""

DEFAULT_RELAY: Mapping[str, object] = {"name": "display", "pin": 17}
"""The relay of a node.toml that lists none."""
