"""The table of every key that a profile may hold: what it must be, and what it is when it is not there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from firmware_config.hardware import Bus
from firmware_config.pins import Pi

REQUIRED: Any = object()
"""The default of a key that has none."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one key must be: `read` returns what the hardware holds, or raises ValueError with what it "must be"."""

    read: Callable[[object], Any]
    default: Any = REQUIRED


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text that is not empty")
    return value


def _texts(value: object) -> tuple[str, ...]:
    texts: list[object] = value if isinstance(value, list) else [value]
    found = tuple(text for text in texts if isinstance(text, str))
    if len(found) != len(texts):
        raise ValueError("must be a text, or a list of texts")
    return tuple(text for text in found if text.strip())


def _relay_name(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", value):
        raise ValueError("must be a word in lower case, such as display or usb")
    return value


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


def _one_of(*words: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise ValueError(f"must be {' or '.join(repr(word) for word in words)}")
        return value

    return read


# 53 is the last GPIO of the chips; whether a pin is on this Pi's header is told with its reason later.
_PIN = _whole(0, 53)


def _pins(value: object) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise ValueError("must be a list of pins")
    return tuple(_PIN(pin) for pin in value)


TOP: Mapping[str, Rule] = {"pi": Rule(_one_of(*(str(pi) for pi in Pi))), "serial_console": Rule(_flag, default=False)}
"""Key -> rule, of the keys above all tables."""

RULES: Mapping[str, Mapping[str, Rule]] = {
    "title": {"en": Rule(_text), "fr": Rule(_text)},
    "relay": {
        "name": Rule(_relay_name),
        "pin": Rule(_PIN),
        "active_high": Rule(_flag, default=True),
        "feedback_pin": Rule(_PIN, None),
    },
    "screen": {
        "driver": Rule(_one_of("ssd1306", "sh1106", "ssd1309"), "ssd1306"),
        "bus": Rule(_one_of(*(str(bus) for bus in Bus)), "i2c"),
        "i2c_bus": Rule(_whole(0, 20), 1),
        "address": Rule(_whole(0x08, 0x77), 0x3C),
        "dc_pin": Rule(_PIN, 24),
        "reset_pin": Rule(_PIN, 25),
        "width": Rule(_whole(64, 256), 128),
        "height": Rule(_whole(32, 128), 64),
    },
    "keypad": {
        "keymap": Rule(_text, "numeric_pad"),
        "match": Rule(_texts, ()),
        "rows": Rule(_pins, ()),
        "columns": Rule(_pins, ()),
    },
    "buzzer": {"pin": Rule(_PIN)},
    "led": {"pin": Rule(_PIN)},
    "button": {"pin": Rule(_PIN)},
}
"""Table -> key -> rule. [[relay]] is a list of such tables; [buzzer], [led] and [button] may be absent as a whole."""
