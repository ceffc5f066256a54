"""Buzzer and LED, level by level."""

from __future__ import annotations

import logging

import pytest
from gpiozero.pins.mock import MockFactory

from node.adapters.gpio import BuzzerPatterns, GpioBuzzer, GpioLamp, PinError
from node.core.effects import Sound
from node.ports import Light
from tests.fakes.alarm import FakeTime, Levels

PIN = 18


def level_times(levels: Levels) -> list[tuple[int, bool]]:
    return [(at_ms, level) for at_ms, _, level in levels.history]


@pytest.mark.parametrize(
    ("sound", "changes_ms"), [(Sound.KEY, [0, 30]), (Sound.WARNING, [0, 200, 300, 500]), (Sound.END, [0, 50])]
)
def test_a_sound_has_its_pattern_and_ends_silent(
    factory: MockFactory, time: FakeTime, sound: Sound, changes_ms: list[int]
) -> None:
    buzzer = GpioBuzzer(PIN, patterns=BuzzerPatterns(end_ms=(50,)), pin_factory=factory, alarm=time.alarm)
    levels = Levels(factory, time, [PIN])
    buzzer.beep(sound)
    time.pass_(60_000)
    assert level_times(levels) == [(at_ms, place % 2 == 0) for place, at_ms in enumerate(changes_ms)]
    buzzer.close()


def test_an_empty_pattern_is_silent_and_a_low_board_is_quiet_while_high(factory: MockFactory, time: FakeTime) -> None:
    patterns = BuzzerPatterns(key_ms=())
    buzzer = GpioBuzzer(PIN, active_high=False, patterns=patterns, pin_factory=factory, alarm=time.alarm)
    assert factory.pin(PIN).state is True
    levels = Levels(factory, time, [PIN])
    buzzer.beep(Sound.KEY)
    time.pass_(1_000)
    assert levels.history == []
    buzzer.close()


def test_a_new_sound_cuts_the_old_one_short(factory: MockFactory, time: FakeTime) -> None:
    buzzer = GpioBuzzer(PIN, pin_factory=factory, alarm=time.alarm)
    levels = Levels(factory, time, [PIN])
    buzzer.beep(Sound.END)
    time.pass_(100)
    buzzer.beep(Sound.KEY)
    time.pass_(60_000)
    assert level_times(levels) == [(0, True), (130, False)]
    buzzer.close()


def test_closing_is_silence_and_nothing_sounds_after_it(factory: MockFactory, time: FakeTime) -> None:
    buzzer = GpioBuzzer(PIN, pin_factory=factory, alarm=time.alarm)
    levels = Levels(factory, time, [PIN])
    buzzer.beep(Sound.END)
    time.pass_(100)
    buzzer.close()
    buzzer.close()
    buzzer.beep(Sound.KEY)
    time.pass_(60_000)
    assert level_times(levels) == [(0, True), (100, False)]


def test_the_led_blinks_shines_and_goes_dark(factory: MockFactory, time: FakeTime) -> None:
    lamp = GpioLamp(PIN, pin_factory=factory, alarm=time.alarm)
    levels = Levels(factory, time, [PIN])
    lamp.show(Light.FLASH)
    time.pass_(1_500)
    lamp.show(Light.FLASH)  # what is shown already goes on undisturbed
    time.pass_(1_500)
    lamp.show(Light.STEADY)
    time.pass_(10_000)
    lamp.show(Light.SLOW)
    time.pass_(1_200)
    lamp.show(Light.DARK)
    time.pass_(10_000)
    lamp.close()
    assert level_times(levels) == [
        (0, True),
        (50, False),
        (3_000, True),
        (13_500, False),
        (14_000, True),
        (14_200, False),
    ]


def test_an_led_that_does_not_obey_is_told_once_and_ends_nothing(
    factory: MockFactory, time: FakeTime, caplog: pytest.LogCaptureFixture
) -> None:
    lamp = GpioLamp(PIN, pin_factory=factory, alarm=time.alarm)
    factory.pin(PIN).function = "input"
    with caplog.at_level(logging.WARNING):
        lamp.show(Light.FAST)
        time.pass_(5_000)
    assert len(caplog.records) == 1
    assert "the LED does not obey" in caplog.text
    lamp.close()


def test_a_pin_that_is_held_is_a_clear_error(factory: MockFactory, time: FakeTime) -> None:
    holder = GpioBuzzer(PIN, pin_factory=factory, alarm=time.alarm)
    with pytest.raises(PinError, match="the pin 18 of the LED cannot be had"):
        GpioLamp(PIN, pin_factory=factory, alarm=time.alarm)
    holder.close()
