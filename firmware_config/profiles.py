"""Hardware profiles: whole posts that are known to go together, one TOML file each.

A profile has a ``[title]`` (en, fr), the model as ``pi``, and the tables ``[[relay]]``, ``[screen]``, ``[keypad]``,
``[buzzer]``, ``[led]`` and ``[button]``; relay, keypad, screen and buzzer read as in node.toml. Its pins are checked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn

from firmware_config.errors import FirmwareConfigError
from firmware_config.hardware import Bus, Hardware, Keypad, Relay, Screen, UnsafePins
from firmware_config.keymaps import KeymapError, load_keymap
from firmware_config.pins import Pi
from firmware_config.profile_rules import REQUIRED, RULES, TOP
from firmware_config.toml_text import line_of, nearest

_FOLDER = resources.files("firmware_config") / "profiles"


class ProfileError(FirmwareConfigError):
    """A profile is unknown, unreadable or wrong; the text names the file, the line and what would be right."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A post's hardware under a name. `title_en` and `title_fr` say in one line what it is."""

    name: str
    title_en: str
    title_fr: str
    hardware: Hardware


def known_profiles() -> tuple[str, ...]:
    """Names of the profiles that the package ships, sorted."""
    names = (Path(entry.name) for entry in _FOLDER.iterdir())
    return tuple(sorted(name.stem for name in names if name.suffix == ".toml"))


def load_profile(name_or_path: str) -> Profile:
    """Load a shipped profile by name ("pi4_relay_high"), or a file by path (has a slash or ends in ".toml").

    Raises ProfileError: unknown name (with the nearest one), unreadable file, or what ``parse_profile`` refuses.
    """
    if "/" in name_or_path or name_or_path.endswith(".toml"):
        path = Path(name_or_path)
        try:
            return parse_profile(path.stem, path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as unreadable:
            raise ProfileError(f"profile {name_or_path}: cannot be read: {unreadable}") from unreadable
    if name_or_path not in known_profiles():
        raise ProfileError(f"no profile is called {name_or_path!r}{nearest(name_or_path, known_profiles())}")
    return parse_profile(name_or_path, (_FOLDER / f"{name_or_path}.toml").read_text(encoding="utf-8"))


def parse_profile(name: str, text: str) -> Profile:
    """Parse and check a profile's TOML.

    Raises ProfileError: not TOML, an unknown table or key (with the nearest right one), a missing or wrong value, two
    relays of one name, an unknown key-map, half a matrix, or a pin that is refused (with every reason).
    """
    return _Reader(name, text).profile()


class _Reader:
    """One reading of one file: keeps the text, so that a complaint can name the line."""

    def __init__(self, name: str, text: str) -> None:
        self._name, self._text = name, text
        try:
            self._document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as wrong:
            raise ProfileError(f"profile {name}: {wrong}") from wrong

    def profile(self) -> Profile:
        for key in self._document:
            if key not in TOP and key not in RULES:
                self._wrong(key, None, f"unknown key {key!r}{nearest(key, (*TOP, *RULES))}")
        top = {key: value for key, value in self._document.items() if key in TOP}
        plain = self._checked("", top, TOP)
        title = self._table("title")
        try:
            hardware = Hardware(
                pi=Pi(plain["pi"]),
                relays=self._relays(),
                screen=self._screen(),
                keypad=self._keypad(),
                buzzer_pin=self._only_pin("buzzer"),
                led_pin=self._only_pin("led"),
                button_pin=self._only_pin("button"),
                serial_console=plain["serial_console"],
            ).checked()
        except UnsafePins as refused:
            raise ProfileError(f"profile {self._name}: {refused}") from refused
        return Profile(self._name, title["en"], title["fr"], hardware)

    def _relays(self) -> tuple[Relay, ...]:
        given = self._document.get("relay", [])
        if not isinstance(given, list) or not given or not all(isinstance(item, dict) for item in given):
            self._wrong("relay", None, "at least one relay must be given, as [[relay]]")
        relays: list[Relay] = []
        for place, item in enumerate(given):
            relay = Relay(**self._checked("relay", item, RULES["relay"], place=place))
            if any(other.name == relay.name for other in relays):
                self._wrong("relay", "name", f"a second relay is called {relay.name}", place=place)
            relays.append(relay)
        return tuple(relays)

    def _screen(self) -> Screen:
        found = self._table("screen")
        return Screen(**{**found, "bus": Bus(found["bus"])})

    def _keypad(self) -> Keypad:
        found = self._table("keypad")
        try:
            load_keymap(found["keymap"])
        except KeymapError as wrong:
            self._wrong("keypad", "keymap", str(wrong))
        try:
            return Keypad(**found)
        except FirmwareConfigError as wrong:
            self._wrong("keypad", "rows", str(wrong))

    def _only_pin(self, table: str) -> int | None:
        if table not in self._document:
            return None
        pin: int = self._table(table)["pin"]
        return pin

    def _table(self, table: str) -> dict[str, Any]:
        given = self._document.get(table, {})
        if not isinstance(given, dict):
            self._wrong(table, None, f"must be a table [{table}]")
        return self._checked(table, given, RULES[table])

    def _checked(
        self, table: str, given: Mapping[str, object], rules: Mapping[str, Any], *, place: int = 0
    ) -> dict[str, Any]:
        within = f"[{table}] " if table else ""
        for key in given:
            if key not in rules:
                self._wrong(table, key, f"unknown key {key!r} in [{table}]{nearest(key, rules)}", place=place)
        found: dict[str, Any] = {}
        for key, rule in rules.items():
            if key not in given:
                if rule.default is REQUIRED:
                    self._wrong(table, None, f"{within}{key} is missing", place=place)
                found[key] = rule.default
                continue
            try:
                found[key] = rule.read(given[key])
            except ValueError as wrong:
                self._wrong(table or key, key if table else None, f"{within}{key} {wrong}", place=place)
        return found

    def _wrong(self, table: str, key: str | None, why: str, *, place: int = 0) -> NoReturn:
        line = line_of(self._text, table, key, place=place)
        raise ProfileError(f"profile {self._name}: line {line}: {why}") from None
