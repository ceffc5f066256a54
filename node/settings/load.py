"""node.toml and the environment to Settings, all of it checked before anything starts."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from firmware_config.keymaps import KeymapError, load_keymap
from firmware_config.pins import Pi
from firmware_config.profiles import ProfileError
from firmware_config.toml_text import line_of, nearest
from node.core.relays import RelayRole
from node.settings.hardware import hardware_of, place_of, profile_defaults
from node.settings.rules import DEFAULT_RELAY, REQUIRED, RULES
from node.settings.shapes import (
    ButtonSettings,
    BuzzerSettings,
    HardwareSettings,
    HubSettings,
    JournalSettings,
    KeypadSettings,
    LedSettings,
    PostSettings,
    RelaySettings,
    ScreenSettings,
    Settings,
    SettingsError,
)

PREFIX = "POSTE_NODE_"
"""Environment variables override the file: POSTE_NODE_HUB_PASSWORD is [hub] password. [[relay]] has none."""

_ONLY_WITH = {
    "on_delay_s": RelayRole.POWER,
    "off_delay_s": RelayRole.POWER,
    "min_off_s": RelayRole.POWER,
    "reset_after_s": RelayRole.RESET,
    "reset_pulse_s": RelayRole.RESET,
}
"""The role that each of these keys of [[relay]] is for."""

Overrides = Mapping[tuple[str, str], str]
"""The environment's values by table and key."""

_PORT, _TLS_PORT = 1883, 8883

_NARROWEST = 64
"""The pixels that words need beside one another."""


def load_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read, override and check; relative paths are taken from the file's folder.

    Raises SettingsError at the first thing that is wrong, with the file's line or the variable's name.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return _Reader(path, text, environ).settings()


def open_to_others(path: Path) -> bool:
    """Whether more users than its owner may read the file, which holds a password."""
    return bool(stat.S_IMODE(path.stat().st_mode) & (stat.S_IRGRP | stat.S_IROTH))


class _Reader:
    """One reading of one file: keeps the text, so that a complaint can name the line."""

    def __init__(self, path: Path, text: str, environ: Mapping[str, str]) -> None:
        self._path, self._text = path, text
        try:
            self._document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{path}: not TOML: {error}") from error
        self._overrides = _overrides(environ)
        self._relays_else: list[dict[str, object]] = [dict(DEFAULT_RELAY)]
        self._else: dict[str, dict[str, Any]] = {}

    def settings(self) -> Settings:
        for table in self._document:
            if table not in RULES:
                self._wrong(table, None, f"unknown table [{table}]{nearest(table, RULES)}")
        hardware = self._hardware()
        post, hub = self._table("post"), self._table("hub")
        relays = self._relays()
        buzzer, led, button = (
            self._table(table) if self._wants(table) else None for table in ("buzzer", "led", "button")
        )
        screen = self._screen()
        ca = self._beside(hub["ca"]) if hub["ca"] else None
        settings = Settings(
            post=PostSettings(**post),
            hub=HubSettings(
                host=hub["host"],
                port=hub["port"] or (_TLS_PORT if ca else _PORT),
                username=hub["username"] or post["id"],
                password=hub["password"],
                ca=ca,
            ),
            journal=JournalSettings(self._beside(self._table("journal")["folder"])),
            relays=relays,
            keypad=self._keypad(),
            screen=screen,
            buzzer=BuzzerSettings(**buzzer) if buzzer else None,
            led=LedSettings(**led) if led else None,
            button=ButtonSettings(**button) if button else None,
            hardware=hardware,
        )
        self._check_pins(settings)
        return settings

    def _hardware(self) -> HardwareSettings:
        """The model, and the profile's words for what the file does not say."""
        profile = self._table("hardware")["profile"]
        if profile is not None:
            if "/" in profile or profile.endswith(".toml"):
                profile = str(self._beside(profile))
            try:
                self._relays_else, self._else = profile_defaults(profile)
            except ProfileError as error:
                self._wrong("hardware", "profile", str(error))
        found = self._table("hardware")
        return HardwareSettings(**{**found, "pi": Pi(found["pi"]), "profile": profile})

    def _table(self, table: str) -> dict[str, Any]:
        given = self._document.get(table, {})
        if not isinstance(given, dict):
            self._wrong(table, None, f"must be a table [{table}]")
        return self._checked(table, given, self._overrides)

    def _wants(self, table: str) -> bool:
        return table in self._document or table in self._else or any(named == table for named, _ in self._overrides)

    def _relays(self) -> tuple[RelaySettings, ...]:
        given = self._document.get("relay", self._relays_else)
        if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
            self._wrong("relay", None, "must be given as [[relay]], once for each relay")
        relays: list[RelaySettings] = []
        for place, item in enumerate(given):
            relay = RelaySettings(**self._checked("relay", item, {}, place=place))
            if any(other.name == relay.name for other in relays):
                self._wrong("relay", "name", f"a second relay is called {relay.name}", place=place)
            self._check_role(relay, item, place)
            relays.append(relay)
        if all(relay.role is RelayRole.RESET for relay in relays):
            self._wrong("relay", None, "no [[relay]] has the role 'power': nothing would be switched")
        return tuple(relays)

    def _check_role(self, relay: RelaySettings, given: Mapping[str, object], place: int) -> None:
        """A time that means nothing for this relay's role is a mistake, not a wish."""
        for key in given:
            if key in _ONLY_WITH and relay.role is not _ONLY_WITH[key]:
                self._wrong("relay", key, f"[relay] {key} is for relays of role '{_ONLY_WITH[key]}' only", place=place)

    def _screen(self) -> ScreenSettings:
        screen = ScreenSettings(**self._table("screen"))
        if (screen.night_from is None) != (screen.night_to is None):
            self._wrong("screen", None, "[screen] night_from and night_to go together")
        if screen.size[0] < _NARROWEST:
            self._wrong("screen", "rotate", "[screen] rotate: a display of 32 rows is too narrow to stand upright")
        return screen

    def _keypad(self) -> KeypadSettings:
        keypad = KeypadSettings(**self._table("keypad"))
        if "/" in keypad.keymap or keypad.keymap.endswith(".toml"):
            keypad = replace(keypad, keymap=str(self._beside(keypad.keymap)))
        if len(keypad.rows) != len(keypad.columns):
            self._wrong("keypad", "rows", "[keypad] rows and columns go together")
        try:
            load_keymap(keypad.keymap)
        except KeymapError as error:
            self._wrong("keypad", "keymap", str(error))
        return keypad

    def _checked(
        self,
        table: str,
        given: Mapping[str, object],
        overrides: Overrides,
        *,
        place: int = 0,
    ) -> dict[str, Any]:
        rules = RULES[table]
        for key in given:
            if key not in rules:
                self._wrong(table, key, f"unknown key {key!r} in [{table}]{nearest(key, rules)}", place=place)
        found: dict[str, Any] = {}
        for key, rule in rules.items():
            variable = overrides.get((table, key))
            if variable is None and key not in given:
                found[key] = self._else.get(table, {}).get(key, rule.default)
                if found[key] is REQUIRED:
                    self._wrong(table, None, f"[{table}] {key} is missing", place=place)
                continue
            try:
                found[key] = rule.read(given[key] if variable is None else variable if rule.text else _value(variable))
            except ValueError as error:
                if variable is not None:
                    raise SettingsError(f"{_variable(table, key)} (environment): {error}") from None
                self._wrong(table, key, f"[{table}] {key} {error}", place=place)
        return found

    def _check_pins(self, settings: Settings) -> None:
        for refusal in hardware_of(settings).refusals():
            table, key, place = place_of(refusal.use, settings)
            self._wrong(table, key, str(refusal), place=place)

    def _beside(self, path: str) -> Path:
        return self._path.parent / Path(path).expanduser()

    def _wrong(self, table: str, key: str | None, why: str, *, place: int = 0) -> NoReturn:
        line = line_of(self._text, table, key, place=place)
        raise SettingsError(f"{self._path}: line {line}: {why}") from None


def _overrides(environ: Mapping[str, str]) -> Overrides:
    """The environment's values by table and key; SettingsError for a variable that names no key."""
    known = {_variable(table, key): (table, key) for table in RULES for key in RULES[table] if table != "relay"}
    found = {}
    for name, value in environ.items():
        if name.startswith(PREFIX):
            if name not in known:
                raise SettingsError(f"{name} (environment): no such setting{nearest(name, known)}")
            found[known[name]] = value
    return found


def _variable(table: str, key: str) -> str:
    return f"{PREFIX}{table}_{key}".upper()


def _value(text: str) -> object:
    """A number or true/false from an environment variable; anything else stays the text that it is."""
    try:
        return tomllib.loads(f"value = {text.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        return text
