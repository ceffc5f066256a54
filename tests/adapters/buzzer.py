"""What every Buzzer does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from node.core.effects import Sound
from node.ports import Buzzer


@dataclass
class BuzzerBench:
    """A buzzer, and the ears beside it. `sounding`: whether that sound has begun, and nothing else since."""

    buzzer: Buzzer
    sounding: Callable[[Sound], bool]


class BuzzerSuite:
    """It returns at once, sounding."""

    def test_it_is_silent_at_first(self, bench: BuzzerBench) -> None:
        assert not any(map(bench.sounding, Sound))

    def test_every_sound_is_heard_at_once_also_in_the_midst_of_another(self, bench: BuzzerBench) -> None:
        for sound in (*Sound, *reversed(Sound)):
            bench.buzzer.beep(sound)
            assert bench.sounding(sound)
