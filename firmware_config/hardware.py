"""What hangs on a node's Pi: the one input of everything that this package renders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from firmware_config.errors import FirmwareConfigError
from firmware_config.pins import Job, Level, Pi, PinUse, Refusal, check_pins

MATRIX_SIDE = 4
"""Rows, and columns, of a matrix keypad."""


USB_NUMBER = re.compile(r"[0-9a-f]{4}:[0-9a-f]{4}", re.IGNORECASE)
"""How a device is matched by its vendor and product, as lsusb shows them."""


class Bus(StrEnum):
    """How a screen is connected."""

    I2C = "i2c"
    SPI = "spi"


class UnsafePins(FirmwareConfigError):
    """One or more pins cannot be used as they are; the text has a reason for each."""


@dataclass(frozen=True, slots=True)
class Relay:
    """One relay (BCM pin numbers). `feedback_pin`: an input that is high while its contact is really closed."""

    name: str
    pin: int
    active_high: bool = True
    feedback_pin: int | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """The OLED: `driver` ssd1306, sh1106 or ssd1309, size in pixels.

    On I2C: `i2c_bus` (1 is the header's) and `address`. On SPI, always the header's with chip select 0: `dc_pin` and
    `reset_pin`.
    """

    driver: str = "ssd1306"
    bus: Bus = Bus.I2C
    i2c_bus: int = 1
    address: int = 0x3C
    dc_pin: int = 24
    reset_pin: int = 25
    width: int = 128
    height: int = 64


@dataclass(frozen=True, slots=True)
class Keypad:
    """The keypad: its key-map's name, and `match`: by which parts of their names, paths or vendor:product its devices
    are known (none: any).

    A matrix pad on GPIO pins has `rows` and `columns`, four each; one on USB or Bluetooth has none.
    FirmwareConfigError for any other number.
    """

    keymap: str = "numeric_pad"
    match: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if (len(self.rows), len(self.columns)) not in {(0, 0), (MATRIX_SIDE, MATRIX_SIDE)}:
            raise FirmwareConfigError(f"a matrix keypad has {MATRIX_SIDE} rows and {MATRIX_SIDE} columns")

    @property
    def is_matrix(self) -> bool:
        """Whether it hangs on GPIO pins."""
        return bool(self.rows)


@dataclass(frozen=True, slots=True)
class Hardware:
    """One post's hardware. `led_pin` blinks while the Pi lives; `button_pin`, held, shuts the Pi down in order.

    Those two are the kernel's; `status_led_pin` and `key_button_pin` are an LED and a button of the node itself.
    `serial_console`: whether the header's serial port is a console.
    """

    pi: Pi
    relays: tuple[Relay, ...]
    screen: Screen = Screen()
    keypad: Keypad = Keypad()
    buzzer_pin: int | None = None
    led_pin: int | None = None
    button_pin: int | None = None
    status_led_pin: int | None = None
    key_button_pin: int | None = None
    buzzer_active_high: bool = True
    status_led_active_high: bool = True
    serial_console: bool = False

    @property
    def header_i2c(self) -> bool:
        """Whether the header's I2C bus is used."""
        return self.screen.bus is Bus.I2C and self.screen.i2c_bus == 1

    @property
    def header_spi(self) -> bool:
        """Whether the header's SPI bus is used."""
        return self.screen.bus is Bus.SPI

    def uses(self) -> tuple[PinUse, ...]:
        """Every pin that is used for itself, that is, not as a part of a bus."""
        found = [_relay_use(relay) for relay in self.relays]
        found += [
            PinUse(relay.feedback_pin, f"the feedback of relay {relay.name}", Job.FEEDBACK)
            for relay in self.relays
            if relay.feedback_pin is not None
        ]
        if self.buzzer_pin is not None:
            found.append(PinUse(self.buzzer_pin, "the buzzer", Job.BUZZER, _off_level(self.buzzer_active_high)))
        if self.led_pin is not None:
            found.append(PinUse(self.led_pin, "the LED", Job.LED))
        if self.button_pin is not None:
            found.append(PinUse(self.button_pin, "the button", Job.BUTTON))
        if self.status_led_pin is not None:
            found.append(PinUse(self.status_led_pin, "the status LED", Job.LED))
        if self.key_button_pin is not None:
            found.append(PinUse(self.key_button_pin, "the push button", Job.BUTTON))
        if self.header_spi:
            found.append(PinUse(self.screen.dc_pin, "the screen's DC", Job.SCREEN))
            found.append(PinUse(self.screen.reset_pin, "the screen's RES", Job.SCREEN))
        found += [PinUse(pin, f"keypad row {at}", Job.ROW) for at, pin in enumerate(self.keypad.rows, 1)]
        found += [PinUse(pin, f"keypad column {at}", Job.COLUMN) for at, pin in enumerate(self.keypad.columns, 1)]
        return tuple(found)

    def refusals(self) -> list[Refusal]:
        """Every use of a pin that cannot be allowed, in the order of `uses`."""
        return check_pins(self.uses(), self.pi, i2c=self.header_i2c, spi=self.header_spi, serial=self.serial_console)

    def checked(self) -> Hardware:
        """This hardware; UnsafePins where any of its pins is refused."""
        refusals = self.refusals()
        if refusals:
            raise UnsafePins("; ".join(map(str, refusals)))
        return self


def _relay_use(relay: Relay) -> PinUse:
    return PinUse(relay.pin, f"relay {relay.name}", Job.RELAY, _off_level(relay.active_high))


def _off_level(active_high: bool) -> Level:
    return Level.LOW if active_high else Level.HIGH
