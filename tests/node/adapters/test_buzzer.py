"""Every Buzzer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gpiozero.pins.mock import MockFactory

from node.adapters.gpio import GpioBuzzer, NoBuzzer
from node.adapters.sim import VirtualBuzzer
from node.core.effects import Sound
from tests.adapters.buzzer import BuzzerBench, BuzzerSuite
from tests.fakes.alarm import FakeTime
from tests.fakes.power import FakeBuzzer

PIN = 18


class TestEveryBuzzer(BuzzerSuite):
    """The fake, the simulator's, and gpiozero's on a mock pin."""

    @pytest.fixture(params=["fake", "sim", "gpio"])
    def bench(self, request: pytest.FixtureRequest) -> Iterator[BuzzerBench]:
        if request.param == "gpio":
            factory = MockFactory()
            real = GpioBuzzer(PIN, pin_factory=factory, alarm=FakeTime().alarm)
            yield BuzzerBench(real, lambda _: bool(factory.pin(PIN).state))
            real.close()
            factory.reset()
        else:
            made = FakeBuzzer() if request.param == "fake" else VirtualBuzzer()
            yield BuzzerBench(made, lambda sound: made.beeps[-1:] == [sound])


def test_where_there_is_none_every_sound_is_taken() -> None:
    none = NoBuzzer()
    for sound in Sound:
        none.beep(sound)
    none.close()
