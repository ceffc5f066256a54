"""Screens that a test looks at: a plain fake, and an I2C bus that decodes what an SSD1306 would show."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PIL import Image

from node.core.screen import Picture
from node.ports import ScreenError
from tests.fakes.watch import PATIENCE_S, silent

_WITH_ONE_ARGUMENT = {0x20, 0x81, 0x8D, 0xA8, 0xD3, 0xD5, 0xD9, 0xDA, 0xDB}
_WINDOWS = {0x21, 0x22}


class FakeScreen:
    """A `Screen` of the node. `broken`: each show fails; `hang`: each waits until `let_go`."""

    def __init__(self, ring: Callable[[], None] = silent) -> None:
        self._ring = ring
        self.shown: list[Picture] = []
        self.broken = self.closed = False
        self._free = threading.Event()
        self._free.set()

    @property
    def hanging(self) -> bool:
        return not self._free.is_set()

    def hang(self) -> None:
        self._free.clear()

    def let_go(self) -> None:
        self._free.set()

    def show(self, picture: Picture) -> None:
        assert self._free.wait(PATIENCE_S), "the test forgot to let the screen go"
        if self.broken:
            self._ring()
            raise ScreenError("the screen does not answer: Remote I/O error")
        self.shown.append(picture)
        self._ring()

    def close(self) -> None:
        self.closed = True

    def says(self, text: str) -> bool:
        """Whether the picture shown now has that text."""
        return bool(self.shown) and any(text in line for line in self.shown[-1].text())


class Ssd1306Bus:
    """What luma's `i2c(bus=…)` writes to; keeps the display's memory. `broken` is a loose wire."""

    def __init__(self) -> None:
        self._memory, self._at = bytearray(1024), 0
        self.lit = self.broken = False

    def write_i2c_block_data(self, address: int, register: int, data: list[int]) -> None:
        if self.broken:
            raise OSError(121, "Remote I/O error")
        if register == 0x40:
            for byte in data:
                self._memory[self._at % 1024] = byte
                self._at += 1
        else:
            self._obey(iter(data))

    def image(self) -> Image.Image:
        """The lit pixels: eight pages of 128 columns, the lowest bit on top."""
        image = Image.new("1", (128, 64))
        for at, byte in enumerate(self._memory):
            for bit in range(8):
                if byte >> bit & 1:
                    image.putpixel((at % 128, at // 128 * 8 + bit), 1)
        return image

    def _obey(self, commands: object) -> None:
        assert hasattr(commands, "__next__")
        for command in commands:  # type: ignore[attr-defined]
            if command in {0xAE, 0xAF}:
                self.lit = command == 0xAF
            elif command in _WINDOWS:
                self._at = 0
                next(commands), next(commands)
            elif command in _WITH_ONE_ARGUMENT:
                next(commands)
