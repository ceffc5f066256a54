"""The OLED, an SSD1306 or SH1106 on I2C, through luma."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from typing import Any

from luma.core.error import Error as LumaError
from PIL.Image import Image

from node.core.screen import Picture
from node.ports import ScreenError

Draw = Callable[[Picture, tuple[int, int]], Image]


class LumaScreen:
    """node.ports.Screen: connects at the first picture, and again after every error.

    So a display that is missing at the start, or comes loose, is a fault that heals and not an end.
    `connect` makes a luma device, which is written to; `draw` makes the pixels.
    """

    def __init__(self, connect: Callable[[], Any], draw: Draw) -> None:
        self._connect, self._draw = connect, draw
        self._device: Any = None

    def show(self, picture: Picture) -> None:
        """Draw; ScreenError when the display is not there or does not answer."""
        try:
            if self._device is None:
                self._device = self._connect()
                # luma would write to the display at exit; the shell closes it, and never asks a dead one.
                atexit.unregister(self._device.cleanup)
            self._device.display(self._draw(picture, self._device.size))
        except (LumaError, OSError) as error:
            self._device = None
            raise ScreenError(f"the screen does not answer: {error}") from error

    def close(self) -> None:
        """Dark; ScreenError when the display does not answer."""
        device, self._device = self._device, None
        if device is None:
            return
        try:
            device.cleanup()
        except (LumaError, OSError) as error:
            raise ScreenError(f"the screen does not answer: {error}") from error


def oled(driver: str, bus: int, address: int, rotate: int, *, wire: Any = None) -> Callable[[], Any]:
    """How to connect to a real display: `driver` ssd1306 or sh1106, `rotate` 0 or 180 degrees.

    `wire` stands in for the SMBus (luma takes any that has write_i2c_block_data).
    """
    from luma.core.interface.serial import i2c
    from luma.oled import device

    make = {"ssd1306": device.ssd1306, "sh1106": device.sh1106}[driver]
    quarters = {0: 0, 180: 2}[rotate]
    return lambda: make(i2c(bus=wire, port=bus, address=address), rotate=quarters)
