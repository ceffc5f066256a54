"""How a test waits for what a fake has seen, without sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE_S = 10.0
"""How long a test waits for what must happen; nothing waits that long when all is well."""


class Watch:
    """Rung by fakes, from any thread; `until` looks again after each ring. Made inside a running loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._loop.call_soon_threadsafe(self._rung.set)

    async def until(self, holds: Callable[[], bool], *, within_s: float = PATIENCE_S) -> None:
        async with asyncio.timeout(within_s):
            while not holds():
                self._rung.clear()
                if not holds():
                    await self._rung.wait()


def silent() -> None:
    """For a fake that nobody waits for."""
