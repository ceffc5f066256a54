"""A display as luma knows it, on a wire that may come loose.

luma's devices write while they are made, and register themselves for the program's end: made anew at every attempt to
reach a missing display, they would pile up, with one open bus each. So a panel makes its device once, on a `Wire` that
leads nowhere yet and keeps the set-up commands; from then on the wire is connected, set up and let go of as need be.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

from PIL.Image import Image

_DISPLAY_OFF = 0xAE


class Wire:
    """luma's serial interface, in front of the real one that `open_bus` opens; silent while not connected."""

    def __init__(self, open_bus: Callable[[], Any]) -> None:
        self._open_bus = open_bus
        self._bus: Any = None
        self.kept: list[tuple[int, ...]] = []
        """The commands that came while it was not connected."""

    def connect(self) -> None:
        """Open the bus."""
        self._bus = self._open_bus()

    def let_go(self) -> None:
        """Close the bus; one that cannot even be closed is gone anyway."""
        bus, self._bus = self._bus, None
        if bus is not None:
            with suppress(OSError):
                bus.cleanup()

    @property
    def connected(self) -> bool:
        """Whether a bus is open; it says nothing of a display on it."""
        return self._bus is not None

    def command(self, *words: int) -> None:
        """Hand on a command, or keep it."""
        if self._bus is None:
            self.kept.append(words)
        else:
            self._bus.command(*words)

    def data(self, content: list[int]) -> None:
        """Hand on pixels, or drop them."""
        if self._bus is not None:
            self._bus.data(content)

    def cleanup(self) -> None:
        """luma's: `let_go` does it."""


class Panel:
    """One display. Every method but `let_go` raises luma's errors, or OSError, when it does not answer."""

    def __init__(self, make: Callable[[Wire], Any], wire: Wire) -> None:
        self._wire, self._device = wire, make(wire)
        self._set_up, *_ = wire.kept
        if self._set_up[0] != _DISPLAY_OFF:
            raise RuntimeError("luma sets this display up in a way that is not known here")
        wire.kept.clear()
        # Else luma would write to it when the program ends, also to one that hangs.
        self._device.persist = True

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, in pixels."""
        width, height = self._device.size
        return width, height

    @property
    def connected(self) -> bool:
        """Whether it was reached and not let go of since."""
        return self._wire.connected

    def begin(self) -> None:
        """Open the bus and set the display up, dark: what its memory holds is noise."""
        self._wire.connect()
        self._device.command(*self._set_up)

    def renew(self) -> None:
        """Set it up again while it is lit, in case it lost power, or its mind, since."""
        self._device.command(*self._set_up[1:])

    def light(self, contrast: int) -> None:
        """How bright, 0 to 255."""
        self._device.contrast(contrast)

    def write(self, image: Image) -> None:
        """Put an image of mode "1" into its memory, and light it."""
        self._device.display(image)
        self._device.show()

    def darken(self) -> None:
        """Switch it off."""
        self._device.hide()

    def let_go(self) -> None:
        """Close the bus, whatever state it is in."""
        self._wire.let_go()


def oled(driver: str, bus: int, address: int, rotate: int, *, height: int = 64, wire: Any = None) -> Panel:
    """A display on I2C: `driver` ssd1306, ssd1309 or sh1106, 128 x `height` pixels before it is turned.

    `rotate`: 0, 90, 180 or 270 degrees clockwise; with 90 and 270 its pictures are `height` x 128.
    `wire` stands in for the SMBus (luma takes any that has write_i2c_block_data). Nothing is opened yet.
    """
    from luma.core.interface.serial import i2c

    return _panel(driver, rotate, height, lambda: i2c(bus=wire, port=bus, address=address))


def oled_on_spi(
    driver: str,
    rotate: int,
    *,
    height: int = 64,
    dc_pin: int = 24,
    reset_pin: int = 25,
    wire: Any = None,
    pins: Any = None,
) -> Panel:
    """A display on the header's SPI bus with chip select 0.

    `wire` stands in for spidev's SpiDev and `pins` for gpiozero's pin factory. ImportError without the driver spidev.
    Such a display never answers: one that is missing is not noticed, one that comes back is lit again at the next
    renewal.
    """
    from luma.core.interface.serial import spi

    from node.adapters.screen_luma.spi_pins import SpiPins

    make_wire: Callable[[], Any] = import_module("spidev").SpiDev if wire is None else lambda: wire
    held = SpiPins(pins)

    def open_bus() -> Any:
        return spi(spi=make_wire(), gpio=held, gpio_DC=dc_pin, gpio_RST=reset_pin, reset_hold_time=0.001)

    return _panel(driver, rotate, height, open_bus)


def _panel(driver: str, rotate: int, height: int, open_bus: Callable[[], Any]) -> Panel:
    from luma.oled import device

    make = {"ssd1306": device.ssd1306, "ssd1309": device.ssd1309, "sh1106": device.sh1106}[driver]
    quarters, rest = divmod(rotate, 90)
    if rest or not 0 <= quarters < 4:
        raise ValueError(f"a display cannot be turned by {rotate} degrees")
    return Panel(lambda wire: make(wire, rotate=quarters, height=height), Wire(open_bus))
