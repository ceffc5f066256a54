"""What the OLED says, as data: the adapters draw it, the tests and `GET /state` read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Layout(StrEnum):
    """How a picture is laid out; each has one drawing routine."""

    MESSAGE = "message"
    """A title and up to three lines of text."""
    CODE = "code"
    """The signs typed so far in large, a title above, a hint below."""
    CLOCK = "clock"
    """The time in large digits, a title above, a bar and a hint below."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One screen. Equal pictures are the same pixels, so that only a changed one goes over the bus."""

    layout: Layout
    title: str = ""
    big: str = ""
    lines: tuple[str, ...] = ()
    bar: float | None = None
    """0 to 1, how much is left, in steps of 1/64."""
    blink: bool = False

    def text(self) -> tuple[str, ...]:
        """What the screen says, line by line, from top to bottom; empty lines are left out."""
        return tuple(line for line in (self.title, self.big, *self.lines) if line)
