"""The node's clock, standing still until a test moves it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.fakes.watch import silent


class FakeClock:
    """A `Clock` of the node; `waiting` tells until when it is being waited for."""

    def __init__(self, now_ms: int = 1_000_000, ring: Callable[[], None] = silent) -> None:
        self._now_ms, self._ring = now_ms, ring
        self._sleepers: list[tuple[int, asyncio.Event]] = []

    @property
    def waiting(self) -> list[int]:
        return sorted(ms for ms, _ in self._sleepers)

    def now_ms(self) -> int:
        return self._now_ms

    async def wait_until(self, ms: int) -> None:
        if ms <= self._now_ms:
            return
        sleeper = ms, asyncio.Event()
        self._sleepers.append(sleeper)
        self._ring()
        try:
            await sleeper[1].wait()
        finally:
            self._sleepers = [other for other in self._sleepers if other is not sleeper]
            self._ring()

    def advance(self, ms: int) -> None:
        """So many milliseconds later; whoever waited for that is woken."""
        self._now_ms += ms
        due = [sleeper for sleeper in self._sleepers if sleeper[0] <= self._now_ms]
        self._sleepers = [sleeper for sleeper in self._sleepers if sleeper not in due]
        for _, woken in due:
            woken.set()
