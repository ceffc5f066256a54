"""Key-maps: which key of a keypad types which sign, and which one confirms, erases, pauses and so on.

A key-map is a TOML file: a ``description`` and a table ``[keys]`` from evdev key names to
a sign or an action.
The package ships some (``known_keymaps``); an installer may name a file of their own instead.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from firmware_config.errors import FirmwareConfigError
from firmware_config.toml_text import nearest

ACTIONS = ("confirm", "erase", "balance", "pause", "end", "language", "help")
"""What a key can do beside typing a sign."""

_FOLDER = resources.files("firmware_config") / "keymaps"
_KEY_NAME = re.compile(r"(KEY|BTN)_[A-Z0-9_]+")
_SIGN = re.compile(r"[A-Z0-9]")


class KeymapError(FirmwareConfigError):
    """A key-map is unknown, unreadable or wrong."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """A keypad's keys: evdev key name ("KEY_KP1") to a sign ("1", "A") or one of ``ACTIONS``.

    ``name`` is the shipped name, or the file's name without its suffix.
    """

    name: str
    description: str
    keys: Mapping[str, str]


def known_keymaps() -> tuple[str, ...]:
    """Names of the key-maps that the package ships, sorted."""
    names = (Path(entry.name) for entry in _FOLDER.iterdir())
    return tuple(sorted(name.stem for name in names if name.suffix == ".toml"))


def load_keymap(name_or_path: str) -> Keymap:
    """Load a shipped key-map by name ("numeric_pad"), or a file by path (has a slash or ends in ".toml").

    Raises KeymapError: unknown name (with the known ones), unreadable file, or what ``parse_keymap`` refuses.
    """
    if "/" in name_or_path or name_or_path.endswith(".toml"):
        path = Path(name_or_path)
        try:
            return parse_keymap(path.stem, path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as unreadable:
            raise KeymapError(f"key-map {name_or_path}: cannot be read: {unreadable}") from unreadable
    if name_or_path not in known_keymaps():
        known = ", ".join(known_keymaps())
        raise KeymapError(f"no key-map is called {name_or_path!r}: the known ones are {known} (or give a path)")
    return parse_keymap(name_or_path, (_FOLDER / f"{name_or_path}.toml").read_text(encoding="utf-8"))


def parse_keymap(name: str, text: str) -> Keymap:
    """Parse and check a key-map's TOML.

    Raises KeymapError: not TOML (a key given twice is not), an unknown field, a key that is no evdev name,
    a value that is neither a sign nor an action (with the nearest action), or no key that confirms.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise KeymapError(f"key-map {name}: {wrong}") from wrong
    for field in document:
        if field not in {"description", "keys"}:
            raise KeymapError(f"key-map {name}: unknown field {field!r}{nearest(field, ('description', 'keys'))}")
    description, keys = document.get("description", ""), document.get("keys", {})
    if not isinstance(description, str) or not isinstance(keys, dict):
        raise KeymapError(f"key-map {name}: 'description' must be a text and 'keys' a table")
    checked = {key: _checked(name, key, value) for key, value in keys.items()}
    if "confirm" not in checked.values():
        raise KeymapError(f"key-map {name}: no key is 'confirm', so no code could be entered")
    return Keymap(name, description, MappingProxyType(checked))


def _checked(name: str, key: str, value: object) -> str:
    """A key's sign or action, or KeymapError."""
    if not _KEY_NAME.fullmatch(key):
        raise KeymapError(f"key-map {name}: {key!r} is no evdev key name (such as KEY_KP1 or KEY_ENTER)")
    if not isinstance(value, str) or not (_SIGN.fullmatch(value) or value in ACTIONS):
        raise KeymapError(
            f"key-map {name}: {key} = {value!r} is neither a sign (A-Z, 0-9) nor an action{nearest(value, ACTIONS)}"
        )
    return value
