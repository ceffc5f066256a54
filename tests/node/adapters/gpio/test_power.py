"""The relays' pins, level by level: staging, rest, reset, feedback, and off whatever happens."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from hub.wire.terms import Relay
from node.adapters.gpio import GpioPower, PinError, RelayPin
from node.core.events import FaultGone, FaultSeen, Powered, Tick
from node.core.relays import RelayRole
from tests.fakes.alarm import FakeTime, Levels
from tests.fakes.watch import PATIENCE_S

ROOT = Path(__file__).resolve().parents[4]
DISPLAY, USB, PC = 17, 27, 23
FEEDBACK = 22


@pytest.mark.parametrize("active_high", [True, False])
def test_a_pin_has_no_other_levels_than_these(factory: MockFactory, time: FakeTime, active_high: bool) -> None:
    factory.pin(DISPLAY)
    levels = Levels(factory, time, [DISPLAY])
    power = GpioPower([RelayPin("display", DISPLAY, active_high)], pin_factory=factory, alarm=time.alarm)
    power.on()
    time.pass_(100)
    power.off()
    on = active_high
    first = [] if active_high else [(0, DISPLAY, True)]  # a mock pin is low before anyone has it
    assert levels.history == [*first, (0, DISPLAY, on), (100, DISPLAY, not on)]
    power.close()


def test_relays_follow_in_order_after_their_delays(factory: MockFactory, time: FakeTime) -> None:
    pins = [RelayPin("display", DISPLAY), RelayPin("usb", USB, on_delay_s=2, off_delay_s=3)]
    power = GpioPower(pins, pin_factory=factory, alarm=time.alarm)
    levels = Levels(factory, time, [DISPLAY, USB])
    power.on()
    assert power.relays() == {"display": Relay.ON, "usb": Relay.OFF}
    time.pass_(10_000)
    power.off()
    time.pass_(10_000)
    assert levels.history == [(0, DISPLAY, True), (2_000, USB, True), (10_000, DISPLAY, False), (13_000, USB, False)]
    power.close()


def test_the_cut_overtakes_a_relay_that_was_still_to_go_on(factory: MockFactory, time: FakeTime) -> None:
    pins = [RelayPin("display", DISPLAY), RelayPin("usb", USB, on_delay_s=2)]
    power = GpioPower(pins, pin_factory=factory, alarm=time.alarm)
    levels = Levels(factory, time, [DISPLAY, USB])
    power.on()
    time.pass_(1_999)
    power.off()
    time.pass_(60_000)
    assert levels.history == [(0, DISPLAY, True), (1_999, DISPLAY, False)]
    power.close()


def test_a_supply_rests_before_it_goes_on_again(factory: MockFactory, time: FakeTime) -> None:
    power = GpioPower([RelayPin("pc", PC, min_off_s=10)], pin_factory=factory, alarm=time.alarm)
    levels = Levels(factory, time, [PC])
    time.pass_(4_000)
    power.on()
    time.pass_(26_000)
    power.off()
    power.on()
    time.pass_(60_000)
    assert levels.history == [(10_000, PC, True), (30_000, PC, False), (40_000, PC, True)]
    power.close()


def test_the_reset_relay_is_pulsed_after_a_stay(factory: MockFactory, time: FakeTime) -> None:
    reset = RelayPin("pc", PC, role=RelayRole.RESET, reset_after_s=5, reset_pulse_s=1)
    power = GpioPower([RelayPin("display", DISPLAY), reset], pin_factory=factory, alarm=time.alarm)
    levels = Levels(factory, time, [DISPLAY, PC])
    power.on()
    time.pass_(2_000)
    power.off()
    power.forget()
    time.pass_(60_000)
    assert levels.history == [(0, DISPLAY, True), (2_000, DISPLAY, False), (7_000, PC, True), (8_000, PC, False)]
    power.close()


def test_closing_waits_for_nothing_and_nothing_follows(factory: MockFactory, time: FakeTime) -> None:
    reset = RelayPin("pc", PC, role=RelayRole.RESET)
    pins = [RelayPin("display", DISPLAY, off_delay_s=60), RelayPin("usb", USB, on_delay_s=2), reset]
    power = GpioPower(pins, pin_factory=factory, alarm=time.alarm)
    levels = Levels(factory, time, [DISPLAY, USB, PC])
    power.on()
    power.forget()
    time.pass_(1_000)
    power.close()
    power.on()
    time.pass_(60_000)
    assert levels.history == [(0, DISPLAY, True), (1_000, DISPLAY, False)]
    power.close()


def test_feedback_tells_what_the_contact_does(factory: MockFactory, time: FakeTime) -> None:
    power = GpioPower([RelayPin("display", DISPLAY, feedback_pin=FEEDBACK)], pin_factory=factory, alarm=time.alarm)
    power.on()
    assert power.relays() == {"display": Relay.OFF}  # the contact has not followed
    factory.pin(FEEDBACK).drive_high()
    assert power.relays() == {"display": Relay.ON}
    power.close()


async def test_a_contact_that_does_not_follow_is_told_and_so_is_its_mending(
    factory: MockFactory, time: FakeTime
) -> None:
    pins = [RelayPin("display", DISPLAY, feedback_pin=FEEDBACK, follow_ms=300), RelayPin("usb", USB, on_delay_s=2)]
    power = GpioPower(pins, pin_factory=factory, alarm=time.alarm)
    power.on()
    time.pass_(299)
    factory.pin(FEEDBACK).drive_high()
    time.pass_(2_000)  # it was in time; meanwhile the other one has moved by itself
    factory.pin(FEEDBACK).drive_low()
    time.pass_(1_000)  # the contact fell open while the coil is powered
    factory.pin(FEEDBACK).drive_high()
    time.pass_(1_000)
    power.off()
    time.pass_(1_000)  # and is now welded
    events = power.events()
    assert [await anext(events) for _ in range(5)] == [
        Powered(1),  # milliseconds are rounded up
        Tick(),
        FaultSeen("relay:display"),
        FaultGone("relay:display"),
        FaultSeen("relay:display"),
    ]
    power.close()


async def test_whoever_waits_is_woken(factory: MockFactory, time: FakeTime) -> None:
    power = GpioPower([RelayPin("usb", USB, on_delay_s=2)], pin_factory=factory, alarm=time.alarm)
    waiting = asyncio.ensure_future(anext(power.events()))
    await asyncio.sleep(0)
    power.on()
    time.pass_(2_000)
    assert await asyncio.wait_for(waiting, PATIENCE_S) == Powered(2_001)
    power.close()


async def test_there_is_power_when_the_first_relay_is_on_and_nobody_is_told_after_a_cut(
    factory: MockFactory, time: FakeTime
) -> None:
    pins = [RelayPin("display", DISPLAY, on_delay_s=2, min_off_s=5), RelayPin("usb", USB, on_delay_s=9)]
    power = GpioPower(pins, pin_factory=factory, alarm=time.alarm)
    power.on()
    time.pass_(1_000)
    power.off()
    power.on()
    time.pass_(60_000)
    events = power.events()
    assert [await anext(events) for _ in range(3)] == [Powered(5_001), Tick(), Tick()]
    power.close()


async def test_a_pin_that_fails_by_itself_ends_in_an_error_with_all_relays_off(
    factory: MockFactory, time: FakeTime
) -> None:
    pins = [RelayPin("display", DISPLAY), RelayPin("usb", USB, on_delay_s=2)]
    power = GpioPower(pins, pin_factory=factory, alarm=time.alarm)
    power.on()
    factory.pin(USB).function = "input"  # as a chip that has been reset: it can no longer be driven
    time.pass_(2_000)
    events = power.events()
    assert await anext(events) == Powered(1)
    with pytest.raises(PinError, match="does not obey"):
        await anext(events)
    assert factory.pin(DISPLAY).state is False


def test_a_pin_that_fails_at_a_word_is_an_error_and_the_others_still_go_off(
    factory: MockFactory, time: FakeTime
) -> None:
    power = GpioPower([RelayPin("usb", USB), RelayPin("display", DISPLAY)], pin_factory=factory, alarm=time.alarm)
    power.on()
    factory.pin(USB).function = "input"
    with pytest.raises(PinError, match="does not obey"):
        power.off()
    with pytest.raises(PinError, match="does not obey"):
        power.close()
    assert factory.pin(DISPLAY).state is False


def test_a_pin_that_is_held_is_a_clear_error(factory: MockFactory, time: FakeTime) -> None:
    holder = GpioPower([RelayPin("display", DISPLAY)], pin_factory=factory, alarm=time.alarm)
    with pytest.raises(PinError, match="the pin 17 of relay usb cannot be had"):
        GpioPower([RelayPin("usb", DISPLAY)], pin_factory=factory, alarm=time.alarm)
    holder.close()


_DIES = """
import sys
from gpiozero.pins.mock import MockFactory
from node.adapters.gpio import GpioPower, RelayPin
factory = MockFactory()
power = GpioPower([RelayPin("display", 17, off_delay_s=60)], pin_factory=factory)
pin = factory.pin(17)
power.on()
change = pin._change_state
def told(value):
    if change(value):
        print(int(value), flush=True)
pin._change_state = told
"""


@pytest.mark.parametrize("end", ["sys.exit(3)", "raise RuntimeError('unforeseen')"])
def test_a_program_that_ends_in_whatever_way_leaves_the_relays_off(end: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{_DIES}{end}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode != 0, done.stdout.splitlines()) == (True, ["0"])
