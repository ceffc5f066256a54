"""One suite for every Lamp, and one for every Button."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from gpiozero.pins.mock import MockFactory

from node.adapters.gpio import GpioButton, GpioLamp
from node.adapters.sim import VirtualLamp
from node.core.events import Key, KeyPressed
from node.ports import Button, Lamp, Light
from tests.fakes.alarm import FakeTime
from tests.fakes.power import FakeButton, FakeLamp
from tests.fakes.watch import PATIENCE_S, silent


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    made = MockFactory()
    yield made
    made.reset()


@pytest.mark.parametrize("kind", ["fake", "sim", "gpio"])
def test_every_light_is_shown_at_once_and_again(kind: str, factory: MockFactory) -> None:
    made: dict[str, Callable[[], Lamp]] = {
        "fake": FakeLamp,
        "sim": lambda: VirtualLamp(silent),
        "gpio": lambda: GpioLamp(12, pin_factory=factory, alarm=FakeTime().alarm),
    }
    lamp = made[kind]()
    for light in (*Light, *Light):
        lamp.show(light)
        lamp.show(light)


def test_the_simulated_lamp_tells_of_changes_only() -> None:
    rung: list[Light] = []
    lamp = VirtualLamp(lambda: rung.append(lamp.light))
    for light in (Light.DARK, Light.FAST, Light.FAST, Light.STEADY):
        lamp.show(light)
    assert rung == [Light.FAST, Light.STEADY]


@dataclass
class Pressed:
    """A button, and how a test presses it; `later` lets the contact settle."""

    button: Button
    press: Callable[[], None]
    later: Callable[[], None]


@pytest.fixture(params=["fake", "gpio"])
def pressed(request: pytest.FixtureRequest, factory: MockFactory) -> Pressed:
    if request.param == "fake":
        fake = FakeButton()
        return Pressed(fake, lambda: fake.press(KeyPressed(Key.END)), silent)
    time = FakeTime()
    real = GpioButton(16, Key.END, pin_factory=factory, now_ms=lambda: time.now_ms)

    def press() -> None:
        factory.pin(16).drive_low()
        time.pass_(300)
        factory.pin(16).drive_high()

    return Pressed(real, press, lambda: time.pass_(300))


async def test_each_press_is_told_once(pressed: Pressed) -> None:
    events = pressed.button.events()
    for _ in range(2):
        told = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        pressed.press()
        pressed.later()
        assert await asyncio.wait_for(told, PATIENCE_S) == KeyPressed(Key.END)
