"""How bright the display is, by day and by night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Night:
    """The hours, by the wall clock, in which the display is dimmed to `contrast`; they may hold midnight."""

    begins: time
    ends: time
    contrast: int

    def now(self, at: time) -> bool:
        """Whether it is night."""
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True, slots=True)
class Light:
    """The display's contrast, 0 to 255; 207 is what luma sets up."""

    contrast: int = 207
    night: Night | None = None

    def at(self, now: time) -> int:
        """The contrast for an hour of the day."""
        return self.night.contrast if self.night is not None and self.night.now(now) else self.contrast
