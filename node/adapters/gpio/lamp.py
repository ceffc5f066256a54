"""The status LED on a GPIO pin."""

from __future__ import annotations

from typing import Any

from node.adapters.gpio.alarm import NewAlarm, ThreadAlarm
from node.adapters.gpio.pins import output
from node.adapters.gpio.player import Player
from node.ports import Light

_BLINKS: dict[Light, tuple[int, ...]] = {
    Light.FLASH: (50, 2950),
    Light.SLOW: (500, 500),
    Light.FAST: (125, 125),
}


class GpioLamp:
    """node.ports.Lamp. PinError without its pin."""

    def __init__(
        self, pin: int, *, active_high: bool = True, pin_factory: Any = None, alarm: NewAlarm = ThreadAlarm
    ) -> None:
        device = output(pin, "the LED", active_high=active_high, pin_factory=pin_factory)
        self._player = Player("LED", device, alarm)
        self._light = Light.DARK

    def show(self, light: Light) -> None:
        """Returns at once; what is shown already goes on undisturbed."""
        if light is self._light:
            return
        self._light = light
        if light is Light.STEADY:
            self._player.hold()
        else:
            self._player.play(_BLINKS.get(light, ()), repeat=light in _BLINKS)

    def close(self) -> None:
        """Dark, and let go of the pin."""
        self._player.close()
