"""Hardware: it tells every pin that it uses, and whether they may be used so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firmware_config.errors import FirmwareConfigError
from firmware_config.hardware import Bus, Hardware, Keypad, Relay, Screen, UnsafePins
from firmware_config.pins import Job, Level, Pi, PinUse

PLAIN = Hardware(Pi.PI_4, (Relay("display", 17),))
MATRIX = Keypad("matrix_4x4", rows=(12, 16, 20, 21), columns=(26, 19, 13, 25))


def test_a_relay_is_off_low_or_high_as_its_board_is() -> None:
    relays = (Relay("display", 17), Relay("usb", 5, active_high=False))
    assert [use.off_at for use in replace(PLAIN, relays=relays).uses()] == [Level.LOW, Level.HIGH]


def test_every_pin_is_told_once_and_by_name() -> None:
    full = Hardware(
        Pi.PI_5,
        (Relay("display", 17, feedback_pin=22),),
        Screen(bus=Bus.SPI, dc_pin=24, reset_pin=6),
        MATRIX,
        buzzer_pin=18,
        led_pin=4,
        button_pin=5,
    )
    assert [(use.what, use.pin, use.job) for use in full.uses()] == [
        ("relay display", 17, Job.RELAY),
        ("the feedback of relay display", 22, Job.FEEDBACK),
        ("the buzzer", 18, Job.BUZZER),
        ("the LED", 4, Job.LED),
        ("the button", 5, Job.BUTTON),
        ("the screen's DC", 24, Job.SCREEN),
        ("the screen's RES", 6, Job.SCREEN),
        *((f"keypad row {at}", pin, Job.ROW) for at, pin in enumerate(MATRIX.rows, 1)),
        *((f"keypad column {at}", pin, Job.COLUMN) for at, pin in enumerate(MATRIX.columns, 1)),
    ]
    assert full.refusals() == []


@pytest.mark.parametrize(
    ("screen", "i2c", "spi"),
    [(Screen(), True, False), (Screen(i2c_bus=3), False, False), (Screen(bus=Bus.SPI), False, True)],
)
def test_the_screen_says_which_bus_of_the_header_is_on(screen: Screen, *, i2c: bool, spi: bool) -> None:
    hardware = replace(PLAIN, screen=screen)
    assert (hardware.header_i2c, hardware.header_spi) == (i2c, spi)


def test_the_pins_of_a_bus_are_refused_only_while_it_is_on() -> None:
    low = replace(PLAIN, relays=(Relay("display", 3, active_high=False),))
    assert [refusal.use.pin for refusal in low.refusals()] == [3]
    assert replace(low, screen=Screen(i2c_bus=3)).refusals() == []


def test_a_serial_console_takes_its_pins() -> None:
    button = replace(PLAIN, button_pin=15)
    assert button.refusals() == []
    assert [refusal.use for refusal in replace(button, serial_console=True).refusals()] == [
        PinUse(15, "the button", Job.BUTTON)
    ]


def test_all_that_is_unsafe_is_told_at_once() -> None:
    bad = replace(PLAIN, relays=(Relay("display", 2), Relay("usb", 6)), led_pin=40)
    with pytest.raises(UnsafePins) as refused:
        bad.checked()
    assert str(refused.value).count("cannot be on GPIO") == 3
    assert isinstance(refused.value, FirmwareConfigError)


def test_hardware_that_is_safe_is_returned_as_it_is() -> None:
    assert PLAIN.checked() is PLAIN


@pytest.mark.parametrize(("rows", "columns"), [((5, 6, 7), (8, 9, 10)), ((12, 16, 20, 21), ()), ((), (1, 2, 3, 4))])
def test_half_a_matrix_is_refused(rows: tuple[int, ...], columns: tuple[int, ...]) -> None:
    with pytest.raises(FirmwareConfigError, match="a matrix keypad has 4 rows and 4 columns"):
        Keypad(rows=rows, columns=columns)


def test_a_keypad_knows_whether_it_hangs_on_pins() -> None:
    assert MATRIX.is_matrix
    assert not Keypad().is_matrix
