"""The relays on GPIO pins, through gpiozero: off at the start, off at the end, staged in between."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.wire.terms import Relay


class PowerError(Exception):
    """The pins cannot be had (no GPIO chip, another program holds them); the text says which and why."""


@dataclass(frozen=True, slots=True)
class RelayPin:
    """One relay: its BCM pin, and the whole seconds to wait before it follows the relay before it."""

    name: str
    pin: int
    active_high: bool = True
    on_delay_s: int = 0
    off_delay_s: int = 0
    feedback_pin: int | None = None
    """An input that is high while the relay's contact is really closed."""


def _wait(cancelled: threading.Event, seconds: int) -> bool:
    return cancelled.wait(seconds)


class GpioPower:
    """node.ports.Power. On and off both go in the order listed: the display first, then USB.

    `on` and `off` return at once; relays with a delay follow on a thread, and a new word overtakes an old.
    `wait(cancelled, seconds)` says whether it was cancelled. PowerError when a pin cannot be had.
    """

    def __init__(
        self,
        relays: Sequence[RelayPin],
        *,
        pin_factory: Any = None,
        wait: Callable[[threading.Event, int], bool] = _wait,
    ) -> None:
        # lgpio puts a notification file into the working directory unless told where.
        os.environ.setdefault("LG_WD", tempfile.gettempdir())
        from gpiozero import DigitalInputDevice, OutputDevice
        from gpiozero.exc import GPIOZeroError

        self._relays, self._wait = tuple(relays), wait
        self._lock, self._cancelled = threading.Lock(), threading.Event()
        self._outputs: dict[str, Any] = {}
        self._feedback: dict[str, Any] = {}
        try:
            for relay in relays:
                self._outputs[relay.name] = OutputDevice(
                    relay.pin, active_high=relay.active_high, initial_value=False, pin_factory=pin_factory
                )
            for relay in relays:
                if relay.feedback_pin is not None:
                    self._feedback[relay.name] = DigitalInputDevice(
                        relay.feedback_pin, pull_up=False, pin_factory=pin_factory
                    )
        except (GPIOZeroError, OSError) as error:
            self.close()
            raise PowerError(f"the relays' pins cannot be had: {error}") from error

    def on(self) -> None:
        """Close the relays in order."""
        self._stage([(relay.on_delay_s, self._outputs[relay.name].on) for relay in self._relays])

    def off(self) -> None:
        """Open the relays in order."""
        self._stage([(relay.off_delay_s, self._outputs[relay.name].off) for relay in self._relays])

    def relays(self) -> Mapping[str, Relay]:
        """What each contact is, by its feedback where there is one, else what its pin says."""
        with self._lock:
            told = {name: self._feedback.get(name, output) for name, output in self._outputs.items()}
            return {name: Relay.ON if device.value else Relay.OFF for name, device in told.items()}

    def close(self) -> None:
        """All off at once, without any delay, and let go of the pins."""
        self._cancelled.set()
        with self._lock:
            for output in self._outputs.values():
                output.off()
            for device in (*self._outputs.values(), *self._feedback.values()):
                device.close()
            self._outputs, self._feedback = {}, {}

    def _stage(self, steps: list[tuple[int, Callable[[], None]]]) -> None:
        self._cancelled.set()
        cancelled = self._cancelled = threading.Event()
        while steps and not steps[0][0]:
            with self._lock:
                steps.pop(0)[1]()
        if steps:
            threading.Thread(target=self._follow, args=(steps, cancelled), name="relays", daemon=True).start()

    def _follow(self, steps: list[tuple[int, Callable[[], None]]], cancelled: threading.Event) -> None:
        for delay_s, switch in steps:
            if self._wait(cancelled, delay_s):
                return
            with self._lock:
                if cancelled.is_set():
                    return
                switch()
