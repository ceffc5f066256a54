"""What a node needs to start, as frozen data: one class a table of node.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from firmware_config.pins import Pi
from hub.wire.terms import Language
from node.core.events import Key
from node.core.relays import RelayRole


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

    `on_delay_s` and `off_delay_s` are waited before this relay follows the one listed before it; after an off, the
    next on waits until `min_off_s` are over. A relay of role `reset` obeys neither: it is pulsed for `reset_pulse_s`,
    `reset_after_s` after a stay has ended. `follow_ms`: how long the contact may differ, as `feedback_pin` tells it.
    """

    name: str
    pin: int
    active_high: bool
    on_delay_s: int
    off_delay_s: int
    feedback_pin: int | None
    role: RelayRole = RelayRole.POWER
    min_off_s: int = 0
    follow_ms: int = 500
    reset_after_s: int = 5
    reset_pulse_s: int = 1


@dataclass(frozen=True, slots=True)
class KeypadSettings:
    """[keypad]: `match`: which devices, by a part of the name, a path or vendor:product (none: any).

    `keymap`: a name or a file. A matrix pad on GPIO pins has `rows` and `columns`, four each; others have none.
    """

    match: tuple[str, ...]
    keymap: str
    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class HardwareSettings:
    """[hardware]: the Pi's model, and a profile that says what the other tables leave out.

    `serial_console`: whether the header's serial port is a console. The kernel's own, whether the node runs or not:
    an LED that beats on `life_led_pin`, a button on `shutdown_pin` that, held, shuts the Pi down.
    """

    pi: Pi
    profile: str | None
    serial_console: bool
    life_led_pin: int | None
    shutdown_pin: int | None


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """[screen]: the OLED, 128 x `height` pixels.

    `bus`: the number of an I2C bus, or "spi" for the header's SPI with chip select 0 (`dc_pin` and `reset_pin` are then
    used, and `address` is not). `rotate`: degrees clockwise, by quarters; one of 64 rows can stand upright. `digits`:
    "large" ones fill the display with a running time. `contrast` is 0 to 255; `night_contrast` holds from `night_from`
    to `night_to` by the wall clock.
    """

    driver: str
    bus: int | str
    address: int
    dc_pin: int
    reset_pin: int
    height: int
    rotate: int
    digits: str
    contrast: int
    night_from: time | None
    night_to: time | None
    night_contrast: int

    @property
    def on_spi(self) -> bool:
        """Whether it hangs on SPI and not on I2C."""
        return self.bus == "spi"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as somebody sees it who reads it."""
        return (self.height, 128) if self.rotate in {90, 270} else (128, self.height)


@dataclass(frozen=True, slots=True)
class BuzzerSettings:
    """[buzzer]: there only where there is one. Each sound is milliseconds on, off, on…; an empty list is silent."""

    pin: int
    active_high: bool
    key_ms: tuple[int, ...]
    warning_ms: tuple[int, ...]
    end_ms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LedSettings:
    """[led]: the status LED, there only where there is one."""

    pin: int
    active_high: bool


@dataclass(frozen=True, slots=True)
class ButtonSettings:
    """[button]: a push button to GND, there only where there is one; `key`: what it means."""

    pin: int
    key: Key


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
    led: LedSettings | None
    button: ButtonSettings | None
    hardware: HardwareSettings
