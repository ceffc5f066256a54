"""The 40-pin header of a Raspberry Pi, and which of its pins are fit for what.

A pin's danger here is the time before the node drives it: from power-up until the firmware has read config.txt (some
seconds), and again after the node has died, only pull resistors say what the pin's level is. A relay must be off then.

Sources: Raspberry Pi documentation, "GPIO" (header, power-on states, alternate functions) and "gpio" in config.txt; the
pulls of the BCM2837, BCM2711 and RP1 at power-up are the same ones (`pinctrl get` on each: 0 to 8 up, 9 to 27 down).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Pi(StrEnum):
    """The models that are supported: 64-bit, with the 40-pin header."""

    PI_3 = "pi3"
    PI_4 = "pi4"
    PI_5 = "pi5"
    ZERO_2_W = "zero2w"


class Level(StrEnum):
    """What a pin is at."""

    LOW = "low"
    HIGH = "high"


class Supply(StrEnum):
    """A header pin that is no GPIO."""

    V5 = "5V"
    V3 = "3V3"
    GND = "GND"


class Job(StrEnum):
    """What a pin is for."""

    RELAY = "relay"
    FEEDBACK = "feedback"
    BUZZER = "buzzer"
    LED = "led"
    BUTTON = "button"
    ROW = "row"
    COLUMN = "column"
    SCREEN = "screen"


PI_NAMES: Mapping[Pi, str] = MappingProxyType(
    {
        Pi.PI_3: "Raspberry Pi 3",
        Pi.PI_4: "Raspberry Pi 4",
        Pi.PI_5: "Raspberry Pi 5",
        Pi.ZERO_2_W: "Raspberry Pi Zero 2 W",
    }
)

_V5, _V3, _GND = Supply.V5, Supply.V3, Supply.GND
# fmt: off
HEADER: tuple[int | Supply, ...] = (
    _V3, _V5, 2, _V5, 3, _GND, 4, 14, _GND, 15,
    17, 18, 27, _GND, 22, 23, _V3, 24, 10, _GND,
    9, 25, 11, 8, _GND, 7, 0, 1, 5, _GND,
    6, 12, 13, _GND, 19, 16, 26, 20, _GND, 21,
)
# fmt: on
"""What each header pin is, in the order 1 to 40: a GPIO (BCM number) or a supply. The same on every model here."""

HEADER_GPIOS: Mapping[Pi, frozenset[int]] = MappingProxyType(
    {pi: frozenset(pin for pin in HEADER if isinstance(pin, int)) for pi in Pi}
)
"""The GPIOs (BCM numbers) that each model has on its header."""

ID_PINS, I2C_PINS, SPI_PINS, SERIAL_PINS = (0, 1), (2, 3), (7, 8, 9, 10, 11), (14, 15)
_PULLED_UP = range(9)
_PULL_DOWN_INPUTS = (Job.FEEDBACK, Job.ROW)


@dataclass(frozen=True, slots=True)
class PinUse:
    """One pin and what it is for: `what` names it in a refusal ("relay display").

    `off_at`: the level at which the thing is off, which it has to be while the Pi starts; None where it is all one.
    """

    pin: int
    what: str
    job: Job
    off_at: Level | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A use of a pin that cannot be allowed, and why, in one line."""

    use: PinUse
    why: str

    def __str__(self) -> str:
        return f"{self.use.what} cannot be on GPIO {self.use.pin}: {self.why}"


def header_pin(gpio: int) -> int:
    """The header pin, 1 to 40, of a GPIO that is on the header (else ValueError)."""
    return HEADER.index(gpio) + 1


def boot_level(gpio: int) -> Level:
    """What pulls a header's GPIO from power-up until something configures it."""
    return Level.HIGH if gpio in _PULLED_UP else Level.LOW


def check_pins(uses: Sequence[PinUse], pi: Pi, *, i2c: bool, spi: bool, serial: bool = False) -> list[Refusal]:
    """Every use that cannot be allowed, in order; empty where all is well.

    `i2c`, `spi`, `serial`: whether the header's I2C bus, SPI bus and serial console are on. A use has at most one
    refusal; of two uses of one pin the second is refused.
    """
    refusals: list[Refusal] = []
    first_use: dict[int, PinUse] = {}
    for use in uses:
        why = _unfit(use, pi, i2c=i2c, spi=spi, serial=serial)
        if why is None and use.pin in first_use:
            why = f"{first_use[use.pin].what} is there already"
        if why is not None:
            refusals.append(Refusal(use, why))
        first_use.setdefault(use.pin, use)
    return refusals


def _unfit(use: PinUse, pi: Pi, *, i2c: bool, spi: bool, serial: bool) -> str | None:
    """Why this pin cannot be used for this at all, whatever the others are; None where it can."""
    if use.pin not in HEADER_GPIOS[pi]:
        return f"the header of a {PI_NAMES[pi]} has GPIO 0 to 27 only"
    taken = _taken(use.pin, i2c=i2c, spi=spi, serial=serial)
    if taken is not None:
        return taken
    if use.pin in I2C_PINS and use.job in _PULL_DOWN_INPUTS:
        return "the board pulls 2 and 3 up with 1.8 kilohm, so this input would never be low"
    if use.off_at is None:
        return None
    if use.pin in SERIAL_PINS:
        return "14 and 15 may carry the firmware's messages while the Pi starts, which would switch it on and off"
    if use.off_at is not boot_level(use.pin):
        fit = "4 to 8" if use.off_at is Level.HIGH else "9 to 27, but 14 and 15"
        return (
            f"it is off when the pin is {use.off_at}, and the Pi pulls this one {boot_level(use.pin)} while it starts: "
            f"take one of {fit}"
        )
    return None


def _taken(pin: int, *, i2c: bool, spi: bool, serial: bool) -> str | None:
    """Which bus has the pin for itself, if any."""
    if pin in ID_PINS:
        return "0 and 1 are kept for add-on boards, which the firmware looks for there at every start"
    if i2c and pin in I2C_PINS:
        return "2 and 3 are the I2C bus, which is on"
    if spi and pin in SPI_PINS:
        return "7 to 11 are the SPI bus, which is on"
    if serial and pin in SERIAL_PINS:
        return "14 and 15 are the serial console, which is on"
    return None
