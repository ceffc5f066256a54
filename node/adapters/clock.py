"""The time that a post counts on: CLOCK_BOOTTIME, which cannot be set back and goes on during sleep (R10)."""

from __future__ import annotations

import asyncio
import time

_LONGEST_NAP_S = 1.0
"""asyncio naps on CLOCK_MONOTONIC, which stands still while the machine sleeps: so no nap is longer."""


class BootClock:
    """node.ports.Clock on Linux."""

    def now_ms(self) -> int:
        """Milliseconds since the machine was started, rounded down."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    async def wait_until(self, ms: int) -> None:
        """Return when `now_ms()` is at least `ms`; never early, and at once when it already is."""
        while (left_ms := ms - self.now_ms()) > 0:  # noqa: ASYNC110 - time is what is awaited, not a condition
            await asyncio.sleep(min(left_ms / 1000, _LONGEST_NAP_S))
