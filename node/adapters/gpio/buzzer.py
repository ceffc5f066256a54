"""The buzzer on a GPIO pin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from node.adapters.gpio.alarm import NewAlarm, ThreadAlarm
from node.adapters.gpio.pins import output
from node.adapters.gpio.player import Player
from node.core.effects import Sound


@dataclass(frozen=True, slots=True)
class BuzzerPatterns:
    """Each sound in milliseconds on, off, on…; without any it is silent."""

    key_ms: tuple[int, ...] = (30,)
    warning_ms: tuple[int, ...] = (200, 100, 200)
    end_ms: tuple[int, ...] = (600, 300, 600, 300, 600)


class GpioBuzzer:
    """node.ports.Buzzer; an active buzzer that sounds while it is powered. PinError without its pin."""

    def __init__(
        self,
        pin: int,
        *,
        active_high: bool = True,
        patterns: BuzzerPatterns | None = None,
        pin_factory: Any = None,
        alarm: NewAlarm = ThreadAlarm,
    ) -> None:
        device = output(pin, "the buzzer", active_high=active_high, pin_factory=pin_factory)
        self._player = Player("buzzer", device, alarm)
        told = patterns or BuzzerPatterns()
        self._patterns = {Sound.KEY: told.key_ms, Sound.WARNING: told.warning_ms, Sound.END: told.end_ms}

    def beep(self, sound: Sound) -> None:
        """Returns at once; a new sound cuts the old one short."""
        self._player.play(self._patterns[sound])

    def close(self) -> None:
        """Silent, and let go of the pin."""
        self._player.close()


class NoBuzzer:
    """node.ports.Buzzer where there is none."""

    def beep(self, sound: Sound) -> None:
        """Nothing sounds."""

    def close(self) -> None:
        """Nothing to let go of."""
