"""What luma's interfaces write to: a display's controller, decoded to what its glass would show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from PIL import Image

_WITH_ONE_ARGUMENT = {0x20, 0x81, 0x8D, 0xA8, 0xD3, 0xD5, 0xD9, 0xDA, 0xDB}
_COLUMNS, _PAGES = 132, 8
_NOISE = 0xA5


class Controller:
    """An SSD1306, or an SH1106 (132 columns, pages addressed one by one), as far as luma uses it.

    `lit`: whether the glass shows its memory. `frames`: how often the whole of it was written.
    """

    def __init__(self, *, sh1106: bool = False) -> None:
        self._sh1106 = sh1106
        self.written = 0
        self.power_up()

    def power_up(self) -> None:
        """As a controller is after its power came back: dark, not set up, noise in its memory."""
        self._memory = [bytearray([_NOISE] * _COLUMNS) for _ in range(_PAGES)]
        self._on = self._pump = False
        self._rows = 64
        self.contrast = 0x7F
        self._window = (0, _COLUMNS - 1, 0, _PAGES - 1)
        self._page = self._column = 0

    @property
    def lit(self) -> bool:
        return self._on and (self._pump or self._sh1106)

    @property
    def frames(self) -> int:
        return self.written // (128 * self._rows // 8)

    def image(self) -> Image.Image:
        """The glass: eight rows a page, the lowest bit on top."""
        first = 2 if self._sh1106 else 0
        image = Image.new("1", (128, self._rows))
        for row in range(self._rows):
            for column in range(128):
                if self._memory[row // 8][first + column] >> row % 8 & 1:
                    image.putpixel((column, row), 1)
        return image

    def take(self, content: Sequence[int]) -> None:
        """Pixels."""
        self.written += len(content)
        left, right, top, bottom = self._window
        for byte in content:
            self._memory[self._page][self._column] = byte
            self._column += 1
            if not self._sh1106 and self._column > right:
                self._column = left
                self._page = self._page + 1 if self._page < bottom else top

    def obey(self, commands: Iterator[int]) -> None:
        """Commands with their arguments."""
        for command in commands:
            if command in {0xAE, 0xAF}:
                self._on = command == 0xAF
            elif command in {0x21, 0x22}:
                self._point(command, next(commands), next(commands))
            elif command in _WITH_ONE_ARGUMENT:
                self._set(command, next(commands))
            elif command >> 4 == 0xB:
                self._page = command & 0xF
            elif command >> 4 == 0x0:
                self._column = self._column & 0xF0 | command & 0xF
            elif command >> 4 == 0x1:
                self._column = self._column & 0xF | (command & 0xF) << 4

    def _point(self, command: int, first: int, last: int) -> None:
        left, right, top, bottom = self._window
        if command == 0x21:
            self._window = (first, last, top, bottom)
            self._column = first
        else:
            self._window = (left, right, first, last)
            self._page = first

    def _set(self, command: int, argument: int) -> None:
        if command == 0x81:
            self.contrast = argument
        elif command == 0x8D:
            self._pump = argument == 0x14
        elif command == 0xA8:
            self._rows = argument + 1


class Ssd1306Bus:
    """An SMBus with a display on it, for luma's `i2c(bus=…)`.

    `broken` is a loose wire, and `on_write` is called before each write, also to hang in it.
    """

    def __init__(self, *, sh1106: bool = False) -> None:
        self.display = Controller(sh1106=sh1106)
        self.broken = False
        self.on_write: Callable[[], None] = lambda: None

    @property
    def lit(self) -> bool:
        return self.display.lit

    def image(self) -> Image.Image:
        return self.display.image()

    def write_i2c_block_data(self, address: int, register: int, data: list[int]) -> None:
        self.on_write()
        if self.broken:
            raise OSError(121, "Remote I/O error")
        if register == 0x40:
            self.display.take(data)
        else:
            self.display.obey(iter(data))


class SpiWire:
    """A SpiDev with a display on it; `is_data` is the level of the pin beside it that tells pixels from commands."""

    max_speed_hz = 0

    def __init__(self, is_data: Callable[[], Any]) -> None:
        self.display = Controller()
        self._is_data = is_data
        self.opened: list[tuple[int, int]] = []
        self.closed = 0
        self.missing = False

    def open(self, port: int, device: int) -> None:
        if self.missing:
            raise FileNotFoundError(2, "No such file or directory")
        self.opened.append((port, device))

    def writebytes(self, data: list[int]) -> None:
        if self._is_data():
            self.display.take(data)
        else:
            self.display.obey(iter(data))

    def close(self) -> None:
        self.closed += 1
