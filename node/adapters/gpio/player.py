"""Plays patterns on a pin: so long on, so long off, and so on."""

from __future__ import annotations

import logging
import threading
from typing import Any

from node.adapters.gpio.alarm import NewAlarm
from node.adapters.gpio.pins import PinError, pin_errors

_log = logging.getLogger(__name__)


class Player:
    """One pattern at a time on a gpiozero.OutputDevice; a new one cuts the old one short.

    A pin that does not obey is told in the log, once: sounds and lights are no reason to end a stay.
    """

    def __init__(self, name: str, device: Any, alarm: NewAlarm) -> None:
        self._name, self._device = name, device
        self._lock, self._closed, self._mute = threading.RLock(), False, False
        self._steps: tuple[int, ...] = ()
        self._repeat, self._place = False, 0
        self._due_ms: int | None = None
        self._alarm = alarm(name, self._ring)

    def play(self, steps_ms: tuple[int, ...], *, repeat: bool = False) -> None:
        """Milliseconds on, off, on…; without any: off. When it is over the pin is off, unless it repeats."""
        with self._lock:
            if not self._closed:
                self._steps, self._repeat, self._place = steps_ms, repeat, 0
                self._go_on()

    def hold(self) -> None:
        """On until something else is played."""
        with self._lock:
            if not self._closed:
                self._next_at(None)
                self._switch(on=True)

    def close(self) -> None:
        """Off, and let go of the pin."""
        self._alarm.close()
        with self._lock:
            if not self._closed:
                self._closed = True
                self._switch(on=False)
                with pin_errors(f"the pin of the {self._name} cannot be let go"):
                    self._device.close()

    def _ring(self) -> None:
        with self._lock:
            # The alarm may have begun to ring for a pattern that has just been cut short.
            if not self._closed and self._due_ms is not None and self._alarm.now_ms() >= self._due_ms:
                self._go_on()

    def _go_on(self) -> None:
        if self._repeat and self._place == len(self._steps):
            self._place = 0
        if self._place == len(self._steps):
            self._next_at(None)
            self._switch(on=False)
            return
        self._switch(on=self._place % 2 == 0)
        self._next_at(self._alarm.now_ms() + self._steps[self._place])
        self._place += 1

    def _next_at(self, at_ms: int | None) -> None:
        self._due_ms = at_ms
        self._alarm.set(at_ms)

    def _switch(self, *, on: bool) -> None:
        try:
            with pin_errors(f"the {self._name} does not obey"):
                (self._device.on if on else self._device.off)()
        except PinError as error:
            if not self._mute:
                self._mute = True
                _log.warning("%s", error)
