"""One suite for every Power: the fake, the simulator's, and gpiozero's on mock pins."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

import pytest
from gpiozero.pins.mock import MockFactory

from hub.wire.terms import Relay
from node.adapters.power_gpio import GpioPower, PowerError, RelayPin
from node.adapters.sim import VirtualPower
from node.ports import Power
from tests.fakes.power import FakePower
from tests.fakes.watch import silent

NAMES = ("display", "usb")
ON: Mapping[str, Relay] = dict.fromkeys(NAMES, Relay.ON)
OFF: Mapping[str, Relay] = dict.fromkeys(NAMES, Relay.OFF)
PINS = [RelayPin("display", 17), RelayPin("usb", 27)]


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    made = MockFactory()
    yield made
    made.reset()


@pytest.fixture(params=["fake", "sim", "gpio"])
def power(request: pytest.FixtureRequest, factory: MockFactory) -> Iterator[Power]:
    made: Power
    if request.param == "fake":
        made = FakePower(NAMES)
    elif request.param == "sim":
        made = VirtualPower(NAMES, lambda: 0, silent)
    else:
        made = GpioPower(PINS, pin_factory=factory)
    yield made
    made.close()


def test_it_is_off_at_first(power: Power) -> None:
    assert power.relays() == OFF


def test_on_and_off_switch_all_relays(power: Power) -> None:
    power.on()
    assert power.relays() == ON
    power.off()
    assert power.relays() == OFF


def test_the_same_word_twice_is_one_word(power: Power) -> None:
    power.off()
    assert power.relays() == OFF
    power.on()
    power.on()
    assert power.relays() == ON


def test_the_simulated_relays_tell_when_they_moved() -> None:
    times = iter([10, 20, 30])
    rung: list[None] = []
    power = VirtualPower(["display"], lambda: next(times), lambda: rung.append(None))
    power.off()
    power.on()
    power.off()
    assert [(moved.at_ms, moved.name, moved.state) for moved in power.history] == [
        (10, "display", Relay.ON),
        (20, "display", Relay.OFF),
    ]
    assert len(rung) == 2


def levels(factory: MockFactory, pin: int) -> list[bool]:
    """Each level that a pin has had since the test cleared its history."""
    return [state.state for state in factory.pin(pin).states]


def watched(factory: MockFactory, *pins: int) -> None:
    for pin in pins:
        factory.pin(pin).clear_states()


@pytest.mark.parametrize(("active_high", "on"), [(True, True), (False, False)])
def test_a_pin_has_no_other_levels_than_these(factory: MockFactory, active_high: bool, on: bool) -> None:
    power = GpioPower([RelayPin("display", 17, active_high=active_high)], pin_factory=factory)
    assert factory.pin(17).state is not on
    watched(factory, 17)
    power.on()
    power.off()
    pin = factory.pin(17)
    power.close()
    assert [state.state for state in pin.states] == [not on, on, not on]


class Delays:
    """Lets delayed relays go on when the test says so."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.reached, self.over = threading.Semaphore(0), threading.Event()

    def wait(self, cancelled: threading.Event, seconds: int) -> bool:
        self.asked.append(seconds)
        self.reached.release()
        assert self.over.wait(10)
        return cancelled.is_set()


def joined() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("relays"):
            thread.join(10)


def test_relays_follow_in_order_after_their_delays(factory: MockFactory) -> None:
    delays = Delays()
    pins = [RelayPin("display", 17), RelayPin("usb", 27, on_delay_s=2, off_delay_s=3)]
    power = GpioPower(pins, pin_factory=factory, wait=delays.wait)
    power.on()
    assert delays.reached.acquire(timeout=10)
    assert power.relays() == {"display": Relay.ON, "usb": Relay.OFF}
    delays.over.set()
    joined()
    assert power.relays() == ON
    delays.over.clear()
    power.off()
    assert delays.reached.acquire(timeout=10)
    assert power.relays() == {"display": Relay.OFF, "usb": Relay.ON}
    delays.over.set()
    joined()
    assert (power.relays(), delays.asked) == (OFF, [2, 3])
    power.close()


def test_off_overtakes_a_relay_that_was_still_to_go_on(factory: MockFactory) -> None:
    delays = Delays()
    pins = [RelayPin("display", 17), RelayPin("usb", 27, on_delay_s=2)]
    power = GpioPower(pins, pin_factory=factory, wait=delays.wait)
    watched(factory, 27)
    power.on()
    assert delays.reached.acquire(timeout=10)
    power.off()
    delays.over.set()
    joined()
    assert power.relays() == OFF
    assert levels(factory, 27) == [False]
    power.close()


def test_closing_waits_for_no_delay(factory: MockFactory) -> None:
    power = GpioPower([RelayPin("display", 17, off_delay_s=60)], pin_factory=factory)
    power.on()
    pin = factory.pin(17)
    power.close()
    assert pin.state is False


def test_feedback_tells_what_the_contact_does(factory: MockFactory) -> None:
    power = GpioPower([RelayPin("display", 17, feedback_pin=22)], pin_factory=factory)
    power.on()
    assert power.relays() == {"display": Relay.OFF}  # the contact has not followed
    factory.pin(22).drive_high()
    assert power.relays() == {"display": Relay.ON}
    power.close()


def test_a_pin_that_is_held_is_a_clear_error(factory: MockFactory) -> None:
    holder = GpioPower(PINS, pin_factory=factory)
    with pytest.raises(PowerError, match="pins cannot be had"):
        GpioPower([RelayPin("display", 17)], pin_factory=factory)
    holder.close()
