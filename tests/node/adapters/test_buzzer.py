"""One suite for every Buzzer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gpiozero.pins.mock import MockFactory

from node.adapters.buzzer_gpio import BuzzerError, GpioBuzzer, NoBuzzer
from node.adapters.sim import VirtualBuzzer
from node.core.effects import Sound
from node.ports import Buzzer
from tests.fakes.power import FakeBuzzer


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    made = MockFactory()
    yield made
    made.reset()


@pytest.fixture(params=["fake", "sim", "none", "gpio"])
def buzzer(request: pytest.FixtureRequest, factory: MockFactory) -> Iterator[Buzzer]:
    if request.param == "gpio":
        real = GpioBuzzer(18, pin_factory=factory)
        yield real
        real.close()
    else:
        made: dict[str, Buzzer] = {"fake": FakeBuzzer(), "sim": VirtualBuzzer(), "none": NoBuzzer()}
        yield made[request.param]


def test_every_sound_is_taken_and_returns_at_once(buzzer: Buzzer) -> None:
    for sound in Sound:
        buzzer.beep(sound)


def test_the_real_one_sounds_and_falls_silent_when_closed(factory: MockFactory) -> None:
    buzzer = GpioBuzzer(18, pin_factory=factory)
    pin = factory.pin(18)
    assert pin.state is False
    buzzer.beep(Sound.WARNING)
    buzzer.close()
    assert pin.state is False


def test_a_pin_that_is_held_is_a_clear_error(factory: MockFactory) -> None:
    holder = GpioBuzzer(18, pin_factory=factory)
    with pytest.raises(BuzzerError, match="pin 18 cannot be had"):
        GpioBuzzer(18, pin_factory=factory)
    holder.close()
