"""Pictures on a panel: only what has changed goes over the bus, and what came loose is lit again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from luma.core.error import Error as LumaError
from PIL.Image import Image

from node.adapters.screen_luma.light import Light
from node.adapters.screen_luma.panel import Panel
from node.core.screen import Picture
from node.ports import ScreenError

REFRESH_MS = 10_000
"""A display that was unplugged and is back, or was confused by a spark, says nothing of it: set it up anew so often."""
SHIFT_MS = 600_000
"""How long the pixels stay where they are. Wear is a matter of weeks: oftener would only be busier."""
SHIFTS = ((0, 0), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
_HANG_MS = 1_000
"""A write that took longer than this went wrong on the way, though it ended."""


class Draw(Protocol):
    """Makes the pixels of a picture, moved by a shift against burn-in."""

    def __call__(self, picture: Picture, size: tuple[int, int], *, shift: tuple[int, int]) -> Image: ...


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class LumaScreen:
    """node.ports.Screen: connects at the first picture, and again after every error.

    So a display that is missing at the start, or comes loose, is a fault that heals and not an end. `show` is to be
    called again with the same picture each REFRESH_MS: that renews the display, dims it at night and moves the pixels.
    `now_ms` and `wall` are a clock that only goes forward and the local time of day.
    """

    def __init__(
        self,
        panel: Panel,
        draw: Draw,
        light: Light | None = None,
        *,
        now_ms: Callable[[], int] = _now_ms,
        wall: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._panel, self._draw, self._light = panel, draw, light or Light()
        self._now_ms, self._wall = now_ms, wall
        self._began_ms = now_ms()
        self._renewed_ms = 0
        self._written: tuple[bytes, int] | None = None
        """The pixels and the contrast that the display has; None when that is not known."""

    def show(self, picture: Picture) -> None:
        """Draw; ScreenError when the display is not there or does not answer."""
        began_ms = self._now_ms()
        turn = (began_ms - self._began_ms) // SHIFT_MS
        image = self._draw(picture, self._panel.size, shift=SHIFTS[turn % len(SHIFTS)])
        try:
            self._write(image, self._light.at(self._wall().time()), began_ms)
        except (LumaError, OSError) as error:
            self._lose()
            raise ScreenError(f"the screen does not answer: {error}") from error
        if self._now_ms() - began_ms > _HANG_MS:
            self._written = None

    def close(self) -> None:
        """Dark; ScreenError when the display does not answer."""
        if not self._panel.connected:
            return
        try:
            self._panel.darken()
        except (LumaError, OSError) as error:
            raise ScreenError(f"the screen does not answer: {error}") from error
        finally:
            self._lose()

    def _write(self, image: Image, contrast: int, now_ms: int) -> None:
        wanted, had = (image.tobytes(), contrast), self._written
        anew = self._made_ready(now_ms)
        if not anew and wanted == had:
            return
        if anew or had is None or contrast != had[1]:
            self._panel.light(contrast)
        self._panel.write(image)
        self._written = wanted

    def _made_ready(self, now_ms: int) -> bool:
        """Connect or renew the display where that is due; whether it was."""
        if not self._panel.connected:
            self._panel.begin()
        elif self._written is None or now_ms >= self._renewed_ms + REFRESH_MS:
            self._panel.renew()
        else:
            return False
        self._renewed_ms = now_ms
        return True

    def _lose(self) -> None:
        self._panel.let_go()
        self._written = None
