"""The config.txt block: relays off from the first second, the right buses, and put in without harm to the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firmware_config.boot import BEGIN, END, LONGEST_LINE, BlockError, boot_config, with_block
from firmware_config.hardware import Bus, Hardware, Keypad, Relay, Screen, UnsafePins
from firmware_config.pins import Pi
from firmware_config.profiles import known_profiles, load_profile

PLAIN = Hardware(Pi.PI_4, (Relay("display", 17),))


def settings(hardware: Hardware) -> list[str]:
    """The block's lines that do something."""
    return [line for line in boot_config(hardware).splitlines() if not line.startswith("#")]


def test_a_relay_is_driven_and_pulled_to_its_off_level() -> None:
    relays = (Relay("display", 17), Relay("usb", 5, active_high=False))
    lines = settings(replace(PLAIN, relays=relays))
    assert [line for line in lines if line.startswith("gpio=")] == ["gpio=17=op,pd,dl", "gpio=5=op,pu,dh"]


def test_feedback_is_an_input_and_the_buzzer_silent() -> None:
    lines = settings(replace(PLAIN, relays=(Relay("display", 17, feedback_pin=22),), buzzer_pin=18))
    assert {"gpio=22=ip,pd", "gpio=18=op,pd,dl"} <= set(lines)


@pytest.mark.parametrize("name", known_profiles())
def test_every_block_resets_filters_first_and_lets_go_of_pins_and_has_the_watchdog(name: str) -> None:
    lines = settings(load_profile(name).hardware)
    assert lines[:2] == ["[all]", "dtoverlay="]
    assert {"dtparam=strict_gpiod", "dtparam=watchdog=on"} <= set(lines)
    named_overlay = [at for at, line in enumerate(lines) if line.startswith("dtoverlay=") and line != "dtoverlay="]
    parameters = [at for at, line in enumerate(lines) if line.startswith("dtparam=")]
    # A parameter below an overlay would first be looked for in that overlay.
    assert max(parameters) < min(named_overlay, default=len(lines))


@pytest.mark.parametrize("name", known_profiles())
def test_no_line_is_longer_than_the_firmware_reads(name: str) -> None:
    assert max(map(len, boot_config(load_profile(name).hardware).splitlines())) <= LONGEST_LINE


def test_a_screen_on_i2c_turns_the_bus_on_and_fast() -> None:
    lines = settings(PLAIN)
    assert {"dtparam=i2c_arm=on", "dtparam=i2c_arm_baudrate=400000"} <= set(lines)
    assert "dtparam=spi=on" not in lines


def test_a_screen_on_spi_turns_on_spi_only() -> None:
    lines = settings(replace(PLAIN, screen=Screen(bus=Bus.SPI)))
    assert "dtparam=spi=on" in lines
    assert not [line for line in lines if "i2c" in line]


def test_a_screen_on_another_i2c_bus_is_left_to_its_maker() -> None:
    block = boot_config(replace(PLAIN, screen=Screen(i2c_bus=3)))
    assert "# The screen's I2C bus 3 is not the header's" in block
    assert "i2c_arm" not in block


def test_led_button_and_matrix_have_their_overlays() -> None:
    keypad = Keypad("matrix_4x4", rows=(12, 16, 20, 21), columns=(26, 19, 13, 25))
    lines = settings(replace(PLAIN, led_pin=4, button_pin=5, keypad=keypad))
    assert [line for line in lines if line.startswith("dtoverlay=")][1:] == [
        "dtoverlay=gpio-led,gpio=4,label=poste-life,trigger=heartbeat",
        "dtoverlay=gpio-shutdown,gpio_pin=5,active_low=1,gpio_pull=up,debounce=2000",
        "dtoverlay=poste-keypad",
    ]


def test_unsafe_pins_render_nothing() -> None:
    with pytest.raises(UnsafePins, match="relay display cannot be on GPIO 5"):
        boot_config(replace(PLAIN, relays=(Relay("display", 5),)))


@pytest.mark.parametrize(
    ("config", "before"),
    [("", ""), ("a=1\n", "a=1\n\n"), ("a=1", "a=1\n\n"), ("a=1\n\n", "a=1\n\n")],
)
def test_a_block_goes_to_the_end_after_an_empty_line(config: str, before: str) -> None:
    block = boot_config(PLAIN)
    assert with_block(config, block) == before + block


def test_a_block_replaces_the_one_that_is_there_and_nothing_else() -> None:
    old, new = boot_config(PLAIN), boot_config(replace(PLAIN, buzzer_pin=18))
    assert with_block(f"a=1\n{old}b=2\n", new) == f"a=1\n{new}b=2\n"


def test_the_same_block_again_changes_nothing() -> None:
    once = with_block("a=1\n", boot_config(PLAIN))
    assert with_block(once, boot_config(PLAIN)) == once


@pytest.mark.parametrize(
    "config",
    [
        f"{BEGIN}\n",
        f"{END}\n",
        f"{END}\n{BEGIN}\n",
        f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n",
        f"{BEGIN}\n{BEGIN}\n{END}\n",
        f"{BEGIN}\n{END}\n{END}\n",
    ],
)
def test_markers_that_do_not_pair_are_refused(config: str) -> None:
    with pytest.raises(BlockError, match="once, and after it"):
        with_block(config, boot_config(PLAIN))


def test_the_nodes_own_led_is_dark_and_its_button_an_input() -> None:
    lines = settings(replace(PLAIN, status_led_pin=12, key_button_pin=16))
    assert {"gpio=12=op,pd,dl", "gpio=16=ip,pu"} <= set(lines)


def test_what_a_low_level_switches_on_is_held_high() -> None:
    lines = settings(
        replace(PLAIN, buzzer_pin=5, buzzer_active_high=False, status_led_pin=6, status_led_active_high=False)
    )
    assert {"gpio=5=op,pu,dh", "gpio=6=op,pu,dh"} <= set(lines)
