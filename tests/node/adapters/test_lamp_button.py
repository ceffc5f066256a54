"""Every Lamp, and every Button."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gpiozero.pins.mock import MockFactory

from node.adapters.gpio import GpioButton, GpioLamp
from node.adapters.sim import VirtualLamp
from node.core.events import Key, KeyPressed
from node.ports import Light
from tests.adapters.button import ButtonBench, ButtonSuite
from tests.adapters.lamp import LampBench, LampSuite
from tests.fakes.alarm import FakeTime, Levels
from tests.fakes.power import FakeButton, FakeLamp
from tests.fakes.watch import silent

LED, BUTTON = 12, 16
CHANGES = {Light.DARK: 0, Light.STEADY: 0, Light.FLASH: 2, Light.SLOW: 6, Light.FAST: 24}
"""How often an LED changes within three seconds."""


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    made = MockFactory()
    yield made
    made.reset()


class TestEveryLamp(LampSuite):
    """The fake, the simulator's, and gpiozero's on a mock pin."""

    @pytest.fixture(params=["fake", "sim", "gpio"])
    def bench(self, request: pytest.FixtureRequest, factory: MockFactory) -> LampBench:
        if request.param == "fake":
            fake = FakeLamp()
            return LampBench(fake, lambda light: fake.shown[-1] is light)
        if request.param == "sim":
            virtual = VirtualLamp(silent)
            return LampBench(virtual, lambda light: virtual.light is light)
        time = FakeTime()
        real = GpioLamp(LED, pin_factory=factory, alarm=time.alarm)
        levels = Levels(factory, time, [LED])

        def looks(light: Light) -> bool:
            before = len(levels.history)
            lit = bool(factory.pin(LED).state)
            time.pass_(3_000)
            return lit is (light is not Light.DARK) and len(levels.history) - before == CHANGES[light]

        return LampBench(real, looks)


def test_the_simulated_lamp_tells_of_changes_only() -> None:
    rung: list[Light] = []
    lamp = VirtualLamp(lambda: rung.append(lamp.light))
    for light in (Light.DARK, Light.FAST, Light.FAST, Light.STEADY):
        lamp.show(light)
    assert rung == [Light.FAST, Light.STEADY]


class TestEveryButton(ButtonSuite):
    """The fake, and gpiozero's on a mock pin. A simulated post has the keys of its page."""

    @pytest.fixture(params=["fake", "gpio"])
    def bench(self, request: pytest.FixtureRequest, factory: MockFactory) -> ButtonBench:
        if request.param == "fake":
            fake = FakeButton()
            return ButtonBench(fake, lambda: fake.press(KeyPressed(Key.END)))
        time = FakeTime()
        real = GpioButton(BUTTON, Key.END, pin_factory=factory, now_ms=lambda: time.now_ms)

        def press() -> None:
            factory.pin(BUTTON).drive_low()
            time.pass_(300)
            factory.pin(BUTTON).drive_high()

        return ButtonBench(real, press, lambda: time.pass_(300))
