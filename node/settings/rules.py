"""The table of every key that node.toml may hold: what it must be, and what it is when it is not there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from firmware_config.hardware import MATRIX_SIDE
from firmware_config.pins import Pi
from hub.wire.terms import Language
from hub.wire.topics import is_post_id
from node.core.events import Key
from node.core.relays import RelayRole

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


def _texts(value: object) -> tuple[str, ...]:
    texts: list[object] = value if isinstance(value, list) else [value]
    found = tuple(text for text in texts if isinstance(text, str) and "\0" not in text)
    if len(found) != len(texts):
        raise ValueError("must be a text, or a list of texts")
    return tuple(text for text in found if text.strip())


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


def _bus(value: object) -> int | str:
    if value == "i2c":
        return 1
    if value != "spi" and (type(value) is not int or not 0 <= value <= 20):
        raise ValueError("must be 'i2c', 'spi' or the number of an I2C bus from 0 to 20")
    return value


def _hour(value: object) -> time:
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError('must be a time of day, such as "22:30"')
    return time.fromisoformat(value)


_PIN = _whole(0, 27)
_BEEP_MS = _whole(10, 5000)


def _pattern(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) > 20:
        raise ValueError("must be a list of at most 20 times in milliseconds: on, off, on…")
    return tuple(_BEEP_MS(ms) for ms in value)


def _role(value: object) -> RelayRole:
    if not isinstance(value, str) or value not in list(RelayRole):
        raise ValueError("must be 'power' or 'reset'")
    return RelayRole(value)


_BUTTON_KEYS = (Key.END, Key.PAUSE, Key.BALANCE, Key.LANGUAGE, Key.HELP)


def _button_key(value: object) -> Key:
    if not isinstance(value, str) or value not in _BUTTON_KEYS:
        raise ValueError(f"must be {' or '.join(repr(str(key)) for key in _BUTTON_KEYS)}")
    return Key(value)


def _four_pins(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) not in {0, MATRIX_SIDE}:
        raise ValueError(f"must be a list of {MATRIX_SIDE} pins")
    return tuple(_PIN(pin) for pin in value)


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
        "role": Rule(_role, RelayRole.POWER),
        "min_off_s": Rule(_whole(0, 600), 0, text=False),
        "follow_ms": Rule(_whole(20, 10_000), 500, text=False),
        "reset_after_s": Rule(_whole(0, 600), 5, text=False),
        "reset_pulse_s": Rule(_whole(1, 10), 1, text=False),
    },
    "keypad": {
        "match": Rule(_texts, ()),
        "keymap": Rule(_text, "numeric_pad"),
        "rows": Rule(_four_pins, (), text=False),
        "columns": Rule(_four_pins, (), text=False),
    },
    "hardware": {
        "pi": Rule(_one_of(*map(str, Pi)), str(Pi.PI_4)),
        "profile": Rule(_text, None),
        "serial_console": Rule(_flag, False, text=False),
        "life_led_pin": Rule(_PIN, None, text=False),
        "shutdown_pin": Rule(_PIN, None, text=False),
    },
    "screen": {
        "driver": Rule(_one_of("ssd1306", "ssd1309", "sh1106"), "ssd1306"),
        "bus": Rule(_bus, 1, text=False),
        "address": Rule(_whole(0x08, 0x77), 0x3C, text=False),
        "dc_pin": Rule(_PIN, 24, text=False),
        "reset_pin": Rule(_PIN, 25, text=False),
        "height": Rule(_one_of(64, 32), 64, text=False),
        "rotate": Rule(_one_of(0, 90, 180, 270), 0, text=False),
        "digits": Rule(_one_of("normal", "large"), "normal"),
        "contrast": Rule(_whole(0, 255), 207, text=False),
        "night_from": Rule(_hour, None),
        "night_to": Rule(_hour, None),
        "night_contrast": Rule(_whole(0, 255), 1, text=False),
    },
    "buzzer": {
        "pin": Rule(_PIN, text=False),
        "active_high": Rule(_flag, True, text=False),
        "key_ms": Rule(_pattern, (30,), text=False),
        "warning_ms": Rule(_pattern, (200, 100, 200), text=False),
        "end_ms": Rule(_pattern, (600, 300, 600, 300, 600), text=False),
    },
    "led": {"pin": Rule(_PIN, text=False), "active_high": Rule(_flag, True, text=False)},
    "button": {"pin": Rule(_PIN, text=False), "key": Rule(_button_key, Key.END)},
}
"""Table -> key -> rule. [[relay]] is a list of such tables; [buzzer], [led] and [button] may be absent as a whole."""

DEFAULT_RELAY: Mapping[str, object] = {"name": "display", "pin": 17}
"""The relay of a node.toml that lists none."""
