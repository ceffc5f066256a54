"""The two pins beside an SPI bus, in the words of RPi.GPIO that luma speaks, by gpiozero."""

from __future__ import annotations

from typing import Any


class SpiPins:
    """Holds the pins from their first use to the program's end: a display that is reached again finds them as set."""

    HIGH, LOW = 1, 0
    OUT = "out"

    def __init__(self, pin_factory: Any = None) -> None:
        self._factory = pin_factory
        self._held: dict[int, Any] = {}

    def setup(self, pin: int, _direction: str) -> None:
        """Make it an output, once; OSError when it cannot be had."""
        from gpiozero import GPIOZeroError, OutputDevice

        if pin in self._held:
            return
        try:
            self._held[pin] = OutputDevice(pin, pin_factory=self._factory)
        except GPIOZeroError as error:
            raise OSError(f"GPIO {pin} cannot be had: {error}") from error

    def output(self, pin: int, level: int) -> None:
        """Drive it; any level but 0 is high."""
        self._held[pin].value = bool(level)
