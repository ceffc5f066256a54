"""A screen that a test looks at; the bus that decodes what a display would show is beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from node.core.screen import Picture
from node.ports import ScreenError
from tests.fakes.oled_bus import Ssd1306Bus
from tests.fakes.watch import PATIENCE_S, silent

__all__ = ["FakeScreen", "Ssd1306Bus"]


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
