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
    NOTICE = "notice"
    """A message from the desk: its lines are all that matters, the title gives way to them on a low display."""
    PATTERN = "pattern"
    """The self-test: every corner and edge, black beside white, and what the lines say in between."""


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
    slots: int = 0
    """With CODE: how many signs a code has, so that the missing ones have their places."""
    time_only: bool = False
    """With CLOCK: the time says it all, so that digits as high as the display may take the place of the words."""

    def text(self) -> tuple[str, ...]:
        """What the screen says, line by line, from top to bottom; empty lines are left out."""
        return tuple(line for line in (self.title, self.big, *self.lines) if line)
