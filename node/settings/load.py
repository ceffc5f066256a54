"""node.toml and the environment to Settings, all of it checked before anything starts."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from firmware_config.keymaps import KeymapError, load_keymap
from firmware_config.toml_text import line_of, nearest
from node.settings.rules import DEFAULT_RELAY, REQUIRED, RULES
from node.settings.shapes import (
    BuzzerSettings,
    HubSettings,
    JournalSettings,
    KeypadSettings,
    PostSettings,
    RelaySettings,
    ScreenSettings,
    Settings,
    SettingsError,
)

PREFIX = "POSTE_NODE_"
"""Environment variables override the file: POSTE_NODE_HUB_PASSWORD is [hub] password. [[relay]] has none."""

Overrides = Mapping[tuple[str, str], str]
"""The environment's values by table and key."""

_I2C_PINS = (2, 3)
_PORT, _TLS_PORT = 1883, 8883


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

    def settings(self) -> Settings:
        for table in self._document:
            if table not in RULES:
                self._wrong(table, None, f"unknown table [{table}]{nearest(table, RULES)}")
        post, hub = self._table("post"), self._table("hub")
        relays = self._relays()
        buzzer = self._table("buzzer") if self._wants("buzzer") else None
        screen = ScreenSettings(**self._table("screen"))
        self._check_pins(relays, buzzer, screen)
        ca = self._beside(hub["ca"]) if hub["ca"] else None
        return Settings(
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
        )

    def _table(self, table: str) -> dict[str, Any]:
        given = self._document.get(table, {})
        if not isinstance(given, dict):
            self._wrong(table, None, f"must be a table [{table}]")
        return self._checked(table, given, self._overrides)

    def _wants(self, table: str) -> bool:
        return table in self._document or any(named == table for named, _ in self._overrides)

    def _relays(self) -> tuple[RelaySettings, ...]:
        given = self._document.get("relay", [dict(DEFAULT_RELAY)])
        if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
            self._wrong("relay", None, "must be given as [[relay]], once for each relay")
        relays: list[RelaySettings] = []
        for place, item in enumerate(given):
            relay = RelaySettings(**self._checked("relay", item, {}, place=place))
            if any(other.name == relay.name for other in relays):
                self._wrong("relay", "name", f"a second relay is called {relay.name}", place=place)
            relays.append(relay)
        return tuple(relays)

    def _keypad(self) -> KeypadSettings:
        keypad = KeypadSettings(**self._table("keypad"))
        if "/" in keypad.keymap or keypad.keymap.endswith(".toml"):
            keypad = KeypadSettings(keypad.match, str(self._beside(keypad.keymap)))
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
                if rule.default is REQUIRED:
                    self._wrong(table, None, f"[{table}] {key} is missing", place=place)
                found[key] = rule.default
                continue
            try:
                found[key] = rule.read(given[key] if variable is None else variable if rule.text else _value(variable))
            except ValueError as error:
                if variable is not None:
                    raise SettingsError(f"{_variable(table, key)} (environment): {error}") from None
                self._wrong(table, key, f"[{table}] {key} {error}", place=place)
        return found

    def _check_pins(
        self, relays: tuple[RelaySettings, ...], buzzer: Mapping[str, Any] | None, screen: ScreenSettings
    ) -> None:
        taken = dict.fromkeys(_I2C_PINS, "the screen's I2C bus") if screen.bus == 1 else {}
        uses = [("relay", "pin", relay.pin, f"relay {relay.name}", at) for at, relay in enumerate(relays)]
        uses += [
            ("relay", "feedback_pin", relay.feedback_pin, f"the feedback of relay {relay.name}", at)
            for at, relay in enumerate(relays)
            if relay.feedback_pin is not None
        ]
        uses += [("buzzer", "pin", buzzer["pin"], "the buzzer", 0)] if buzzer else []
        for table, key, pin, user, place in uses:
            if pin in taken:
                self._wrong(table, key, f"pin {pin} of {user} is already that of {taken[pin]}", place=place)
            taken[pin] = user

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
