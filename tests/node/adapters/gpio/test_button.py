"""The push button: bounces, a held one, one with a loose wire."""

from __future__ import annotations

import asyncio

import pytest
from gpiozero.pins.mock import MockFactory

from node.adapters.gpio import GpioButton, PinError
from node.core.events import Key, KeyPressed
from tests.fakes.alarm import FakeTime

PIN = 16


class Wired:
    """A button whose presses are read as they come."""

    def __init__(self, factory: MockFactory, time: FakeTime) -> None:
        self._pin, self._time = factory.pin(PIN), time
        self.button = GpioButton(PIN, Key.HELP, pin_factory=factory, now_ms=lambda: time.now_ms)
        self.told: list[KeyPressed] = []
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for event in self.button.events():
            self.told.append(event)

    def contact(self, *changes: tuple[int, bool]) -> None:
        """After so many ms the contact closes (True) or opens."""
        for wait_ms, closed in changes:
            self._time.pass_(wait_ms)
            (self._pin.drive_low if closed else self._pin.drive_high)()

    async def settle(self) -> None:
        for _ in range(4):
            await asyncio.sleep(0)


@pytest.fixture
async def wired(factory: MockFactory, time: FakeTime) -> Wired:
    made = Wired(factory, time)
    await made.settle()
    return made


async def test_a_press_that_bounces_is_one_press(wired: Wired) -> None:
    wired.contact((1_000, True), (2, False), (1, True), (400, False), (3, True), (2, False))
    await wired.settle()
    assert wired.told == [KeyPressed(Key.HELP)]
    wired.contact((200, True))
    await wired.settle()
    assert len(wired.told) == 2
    wired.reading.cancel()
    wired.button.close()


async def test_a_held_button_is_one_press(wired: Wired) -> None:
    wired.contact((1_000, True), (600_000, False))
    await wired.settle()
    assert len(wired.told) == 1
    wired.reading.cancel()


async def test_a_loose_wire_does_no_harm(wired: Wired) -> None:
    wired.contact(*[(1, True), (1, False)] * 500)
    await wired.settle()
    assert len(wired.told) == 1
    wired.reading.cancel()


async def test_more_presses_than_can_be_read_are_dropped(factory: MockFactory, time: FakeTime) -> None:
    wired = Wired(factory, time)
    await wired.settle()
    wired.contact(*[(300, True), (300, False)] * 50)  # the loop has no turn in between
    await wired.settle()
    assert 1 <= len(wired.told) <= 9
    wired.reading.cancel()


async def test_what_is_pressed_before_anyone_reads_is_not_told(factory: MockFactory, time: FakeTime) -> None:
    button = GpioButton(PIN, pin_factory=factory, now_ms=lambda: time.now_ms)
    factory.pin(PIN).drive_low()
    reading = asyncio.ensure_future(anext(button.events()))
    await asyncio.sleep(0)
    assert not reading.done()
    reading.cancel()
    button.close()


def test_a_pin_that_is_held_is_a_clear_error(factory: MockFactory) -> None:
    holder = GpioButton(PIN, pin_factory=factory)
    with pytest.raises(PinError, match="the pin 16 of the button cannot be had"):
        GpioButton(PIN, pin_factory=factory)
    holder.close()
