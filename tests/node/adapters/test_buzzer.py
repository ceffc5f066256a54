"""One suite for every Buzzer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gpiozero.pins.mock import MockFactory

from node.adapters.gpio import GpioBuzzer, NoBuzzer
from node.adapters.sim import VirtualBuzzer
from node.core.effects import Sound
from node.ports import Buzzer
from tests.fakes.alarm import FakeTime
from tests.fakes.power import FakeBuzzer


@pytest.fixture(params=["fake", "sim", "none", "gpio"])
def buzzer(request: pytest.FixtureRequest) -> Iterator[Buzzer]:
    if request.param == "gpio":
        factory = MockFactory()
        real = GpioBuzzer(18, pin_factory=factory, alarm=FakeTime().alarm)
        yield real
        real.close()
        factory.reset()
    else:
        made: dict[str, Buzzer] = {"fake": FakeBuzzer(), "sim": VirtualBuzzer(), "none": NoBuzzer()}
        yield made[request.param]


def test_every_sound_is_taken_and_returns_at_once(buzzer: Buzzer) -> None:
    for sound in Sound:
        buzzer.beep(sound)
