"""A bell that anyone may ring, from any thread, and that open pages listen to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Bell:
    """Says that something changed, not what: whoever hears it looks. Rings in quick succession are one."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._ears: set[asyncio.Event] = set()

    def ring(self) -> None:
        """Wake every listener; callable from any thread, and harmless once the loop is closed."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """An event that each ring sets; the listener clears it."""
        ear = asyncio.Event()
        self._ears.add(ear)
        try:
            yield ear
        finally:
            self._ears.discard(ear)

    def _ring(self) -> None:
        for ear in self._ears:
            ear.set()
