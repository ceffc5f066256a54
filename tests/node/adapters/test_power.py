"""Every Power, and the simulator's own times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from gpiozero.pins.mock import MockFactory

from hub.wire.terms import Relay
from node.adapters.gpio import GpioPower, RelayPin
from node.adapters.sim import VirtualPower
from node.core.events import Powered, Tick
from node.core.relays import RelayRole, RelayRule
from node.ports import Power
from tests.adapters.power import NAMES, OFF, PowerBench, PowerSuite
from tests.fakes.alarm import FakeTime
from tests.fakes.power import FakePower
from tests.fakes.watch import silent

LEVELS = {False: Relay.OFF, True: Relay.ON}
PINS = [RelayPin("display", 17), RelayPin("usb", 27)]


def never(_: float, __: Callable[[], None]) -> Call:
    return Call(silent)


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    made = MockFactory()
    yield made
    made.reset()


class TestEveryPower(PowerSuite):
    """The fake, the simulator's, and gpiozero's on mock pins."""

    @pytest.fixture(params=["fake", "sim", "gpio"])
    def bench(self, request: pytest.FixtureRequest, factory: MockFactory) -> Iterator[PowerBench]:
        made: Power
        if request.param == "fake":
            made = fake = FakePower(NAMES)
            bench = PowerBench(made, lambda: dict.fromkeys(NAMES, fake.history[-1]))
        elif request.param == "sim":
            made = virtual = VirtualPower([pin.rule() for pin in PINS], lambda: 0, silent, never)
            bench = PowerBench(made, lambda: {**OFF, **{moved.name: moved.state for moved in virtual.history}})
        else:
            made = GpioPower(PINS, pin_factory=factory, alarm=FakeTime().alarm)
            bench = PowerBench(made, lambda: {pin.name: LEVELS[factory.pin(pin.pin).state] for pin in PINS})
        yield bench
        made.close()


class Bench:
    """Simulated relays, and a time that passes when the test says so."""

    def __init__(self, *rules: RelayRule) -> None:
        self.now_ms, self.rung = 0, 0
        self._calls: list[tuple[int, Call]] = []
        self.power = VirtualPower(rules, lambda: self.now_ms, self._ring, self._later)

    def pass_(self, ms: int) -> None:
        end_ms = self.now_ms + ms
        while due := sorted((at_ms, call) for at_ms, call in self._calls if at_ms <= end_ms and not call.cancelled):
            self.now_ms, call = due[0]
            call.cancel()
            call.call()
        self.now_ms = end_ms

    @property
    def history(self) -> list[tuple[int, str, Relay]]:
        return [(moved.at_ms, moved.name, moved.state) for moved in self.power.history]

    def _ring(self) -> None:
        self.rung += 1

    def _later(self, seconds: float, call: Callable[[], None]) -> Call:
        made = Call(call)
        self._calls.append((self.now_ms + round(seconds * 1000), made))
        return made


@dataclass(order=True)
class Call:
    call: Callable[[], None] = field(compare=False)
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


async def test_the_simulated_relays_keep_the_same_times() -> None:
    reset = RelayRule("pc", role=RelayRole.RESET, reset_after_ms=5_000, reset_pulse_ms=1_000)
    bench = Bench(RelayRule("display"), RelayRule("usb", on_delay_ms=2_000), reset)
    bench.power.off()
    bench.power.on()
    bench.pass_(10_000)
    bench.power.off()
    bench.power.forget()
    bench.pass_(10_000)
    assert bench.history == [
        (0, "display", Relay.ON),
        (2_000, "usb", Relay.ON),
        (10_000, "display", Relay.OFF),
        (10_000, "usb", Relay.OFF),
        (15_000, "pc", Relay.ON),
        (16_000, "pc", Relay.OFF),
    ]
    assert bench.rung == 5  # once for each time that something moved
    events = bench.power.events()
    assert [await anext(events) for _ in range(4)] == [Powered(1), Tick(), Tick(), Tick()]


def test_the_simulated_relays_are_off_at_once_when_closed() -> None:
    bench = Bench(RelayRule("display", off_delay_ms=9_000), RelayRule("usb", on_delay_ms=2_000))
    bench.power.on()
    bench.power.close()
    bench.pass_(60_000)
    assert bench.history == [(0, "display", Relay.ON), (0, "display", Relay.OFF)]
