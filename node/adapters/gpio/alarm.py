"""Something to be done at a time of the clock, apart from the loop: a cut must come even when the loop stands still."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

_LONGEST_NAP_S = 1.0
"""Conditions nap on CLOCK_MONOTONIC, which stands still while the machine sleeps: so no nap is longer."""


def boot_ms() -> int:
    """Milliseconds on CLOCK_BOOTTIME."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


class Alarm(Protocol):
    """Rings once at a time; the last time set is the one that counts."""

    def now_ms(self) -> int: ...

    def set(self, at_ms: int | None) -> None:
        """Ring then, and not when it was set to before; None: not at all."""

    def close(self) -> None:
        """Never ring again."""


NewAlarm = Callable[[str, Callable[[], None]], Alarm]
"""Makes an alarm from its name and what it is to call, which must not raise."""


class ThreadAlarm:
    """An Alarm that rings in a daemon thread of its own, which begins with the first time set."""

    def __init__(self, name: str, ring: Callable[[], None]) -> None:
        self._name, self._ring = name, ring
        self._changed = threading.Condition()
        self._at_ms: int | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def now_ms(self) -> int:
        """Milliseconds on CLOCK_BOOTTIME."""
        return boot_ms()

    def set(self, at_ms: int | None) -> None:
        """Ring then; callable from any thread, also from within the ring."""
        with self._changed:
            self._at_ms = at_ms
            if self._thread is None and at_ms is not None and not self._closed:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Returns at once; a ring that is under way may still end after it."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _work(self) -> None:
        while self._next():
            self._ring()

    def _next(self) -> bool:
        """Wait for the time that is set; False when closed."""
        with self._changed:
            while not self._closed:
                left_ms = None if self._at_ms is None else self._at_ms - boot_ms()
                if left_ms is not None and left_ms <= 0:
                    self._at_ms = None
                    return True
                self._changed.wait(_LONGEST_NAP_S if left_ms is None else min(left_ms / 1000, _LONGEST_NAP_S))
            return False
