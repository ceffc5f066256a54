"""The push button on a GPIO pin: between the pin and GND, with the Pi's own pull-up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from node.adapters.gpio.alarm import boot_ms
from node.adapters.gpio.pins import button, pin_errors
from node.core.events import Key, KeyPressed

QUIET_MS = 200
"""After any change, a press counts only when the contact has been quiet for so long: contacts bounce."""
_WAITING = 8
"""Presses that may wait to be read; more are a fault of the wire, not a patron's wish."""


class GpioButton:
    """node.ports.Button. PinError without its pin."""

    def __init__(
        self, pin: int, key: Key = Key.END, *, pin_factory: Any = None, now_ms: Callable[[], int] = boot_ms
    ) -> None:
        self._key, self._now_ms = key, now_ms
        self._changed_ms: int | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pressed: asyncio.Queue[KeyPressed] = asyncio.Queue(_WAITING)
        self._button = button(pin, pin_factory=pin_factory)
        self._button.when_pressed = self._closed
        self._button.when_released = self._opened

    async def events(self) -> AsyncIterator[KeyPressed]:
        """One for each press, however long it is; presses from before the first reading are not told."""
        self._loop = asyncio.get_running_loop()
        while True:
            yield await self._pressed.get()

    def close(self) -> None:
        """Let go of the pin."""
        with pin_errors("the pin of the button cannot be let go"):
            self._button.close()

    def _closed(self) -> None:
        if self._settled() and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put)

    def _opened(self) -> None:
        self._settled()

    def _settled(self) -> bool:
        """Whether the contact had been quiet; it has changed now."""
        before, self._changed_ms = self._changed_ms, self._now_ms()
        return before is None or self._changed_ms - before >= QUIET_MS

    def _put(self) -> None:
        if not self._pressed.full():
            self._pressed.put_nowait(KeyPressed(self._key))
