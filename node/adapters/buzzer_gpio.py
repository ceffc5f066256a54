"""The buzzer on a GPIO pin: one sound is a number of short beeps."""

from __future__ import annotations

from typing import Any

from node.core.effects import Sound

_BEEPS = {Sound.KEY: (0.03, 1), Sound.WARNING: (0.2, 2), Sound.END: (0.6, 3)}
"""Seconds a beep, and how many."""


class BuzzerError(Exception):
    """The buzzer's pin cannot be had; the text says why."""


class GpioBuzzer:
    """node.ports.Buzzer; an active buzzer that sounds while its pin is high. BuzzerError without its pin."""

    def __init__(self, pin: int, *, pin_factory: Any = None) -> None:
        from gpiozero import Buzzer
        from gpiozero.exc import GPIOZeroError

        try:
            self._buzzer = Buzzer(pin, initial_value=False, pin_factory=pin_factory)
        except (GPIOZeroError, OSError) as error:
            raise BuzzerError(f"the buzzer's pin {pin} cannot be had: {error}") from error

    def beep(self, sound: Sound) -> None:
        """Returns at once; a new sound cuts the old one short."""
        length_s, times = _BEEPS[sound]
        self._buzzer.beep(on_time=length_s, off_time=length_s / 2, n=times)

    def close(self) -> None:
        """Silent, and let go of the pin."""
        self._buzzer.off()
        self._buzzer.close()


class NoBuzzer:
    """node.ports.Buzzer where there is none."""

    def beep(self, sound: Sound) -> None:
        """Nothing sounds."""

    def close(self) -> None:
        """Nothing to let go of."""
