"""What a node needs to start, as frozen data: one class a table of node.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from hub.wire.terms import Language


class SettingsError(Exception):
    """node.toml or the environment is wrong; the text names the file, the line and what would be right."""


@dataclass(frozen=True, slots=True)
class PostSettings:
    """[post]: which post this is, and what it speaks until the hub has told."""

    id: str
    language: Language


@dataclass(frozen=True, slots=True)
class HubSettings:
    """[hub]: the broker and this post's account there; `ca` is a PEM file, and with it the link is TLS."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    ca: Path | None


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """[journal]: the folder that survives power cuts."""

    folder: Path


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """[[relay]]: one relay on a GPIO pin (BCM numbers). Relays go on, and off, in the order listed.

    `on_delay_s` and `off_delay_s` are waited before this relay follows the one listed before it.
    """

    name: str
    pin: int
    active_high: bool
    on_delay_s: int
    off_delay_s: int
    feedback_pin: int | None


@dataclass(frozen=True, slots=True)
class KeypadSettings:
    """[keypad]: `match`: a part of the device's name, or its path ("": any); `keymap`: a name or a file."""

    match: str
    keymap: str


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """[screen]: the OLED on an I2C bus; `rotate` in degrees, 0 or 180."""

    driver: str
    bus: int
    address: int
    rotate: int


@dataclass(frozen=True, slots=True)
class BuzzerSettings:
    """[buzzer]: there only where there is one."""

    pin: int


@dataclass(frozen=True, slots=True)
class Settings:
    """All of node.toml."""

    post: PostSettings
    hub: HubSettings
    journal: JournalSettings
    relays: tuple[RelaySettings, ...]
    keypad: KeypadSettings
    screen: ScreenSettings
    buzzer: BuzzerSettings | None
