"""The udev rules: the node's own devices, told apart as the node tells them, and no others."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

import pytest

from firmware_config.hardware import Bus, Hardware, Keypad, Relay, Screen
from firmware_config.pins import Pi
from firmware_config.udev import RULES_FILE, udev_rules

PLAIN = Hardware(Pi.PI_4, (Relay("display", 17),))


def rule(hardware: Hardware, subsystem: str) -> str:
    """The one rule for a subsystem, on one line."""
    text = udev_rules(hardware).replace("\\\n", "")
    (line,) = [line for line in text.splitlines() if line.startswith(f'SUBSYSTEM=="{subsystem}"')]
    return line


def glob(hardware: Hardware) -> str:
    """The glob that the keypad's name has to match."""
    return rule(hardware, "input").partition('ATTRS{name}=="')[2].partition('"')[0]


def test_the_file_comes_after_the_systems_own_rules() -> None:
    assert RULES_FILE > "99-com.rules"


@pytest.mark.parametrize("subsystem", ["input", "gpio", "i2c-dev"])
def test_each_device_is_given_to_the_group_for_good(subsystem: str) -> None:
    assert 'GROUP:="poste-node", MODE:="0660"' in rule(PLAIN, subsystem)


def test_another_group_can_be_named() -> None:
    assert udev_rules(PLAIN, "room").count('GROUP:="room"') == 3


def test_the_keypad_is_hidden_from_desktops_and_cannot_shut_down() -> None:
    assert rule(PLAIN, "input").endswith('ENV{LIBINPUT_IGNORE_DEVICE}="1", TAG-="power-switch"')


def test_without_a_match_every_keyboard_on_usb_or_bluetooth_is_meant() -> None:
    assert 'ENV{ID_INPUT_KEY}=="1", ENV{ID_BUS}=="usb|bluetooth"' in rule(PLAIN, "input")


@pytest.mark.parametrize("name", ["SIGMACHIP USB Numeric Pad", "usb numeric pad", "My USB NUMERIC pad 2"])
def test_a_match_is_a_part_of_the_name_whatever_its_case(name: str) -> None:
    assert fnmatchcase(name, glob(replace(PLAIN, keypad=Keypad(match=("usb Numeric Pad",)))))


def test_a_match_keeps_other_keyboards_out() -> None:
    assert not fnmatchcase("USB Keyboard", glob(replace(PLAIN, keypad=Keypad(match=("Numeric",)))))


def test_signs_that_udev_would_read_as_something_else_are_any_sign() -> None:
    found = glob(replace(PLAIN, keypad=Keypad(match=('[A]*"\n\\é',))))
    assert found == "*?[Aa]?????é*"
    assert fnmatchcase('x [a]*"\n\\é', found)


def test_a_path_is_told_by_its_kernel_name() -> None:
    assert 'KERNEL=="event*", KERNEL=="event3"' in rule(
        replace(PLAIN, keypad=Keypad(match=("/dev/input/event3",))), "input"
    )


def test_a_matrix_is_told_by_the_name_that_its_overlay_gives() -> None:
    keypad = Keypad("matrix_4x4", rows=(12, 16, 20, 21), columns=(26, 19, 13, 25))
    assert 'ATTRS{name}=="poste-keypad"' in rule(replace(PLAIN, keypad=keypad), "input")


def test_only_the_headers_gpio_chip_is_given() -> None:
    assert 'DRIVERS=="pinctrl-bcm2835|pinctrl-rp1"' in rule(PLAIN, "gpio")


@pytest.mark.parametrize(
    ("screen", "subsystem", "device"),
    [
        (Screen(), "i2c-dev", "i2c-1"),
        (Screen(i2c_bus=3), "i2c-dev", "i2c-3"),
        (Screen(bus=Bus.SPI), "spidev", "spidev0.0"),
    ],
)
def test_only_the_screens_own_bus_is_given(screen: Screen, subsystem: str, device: str) -> None:
    assert f'KERNEL=="{device}"' in rule(replace(PLAIN, screen=screen), subsystem)


def test_a_link_is_told_by_what_udev_has_called_it() -> None:
    keypad = Keypad(match=("/dev/input/by-id/usb-Pad-event-kbd",))
    assert 'SYMLINK=="input/by-id/usb-Pad-event-kbd"' in rule(replace(PLAIN, keypad=keypad), "input")


def test_a_usb_number_is_told_by_its_two_halves() -> None:
    found = rule(replace(PLAIN, keypad=Keypad(match=("046D:C31C",))), "input")
    assert 'ATTRS{id/vendor}=="046d", ATTRS{id/product}=="c31c"' in found


def test_each_of_several_keypads_has_its_rule() -> None:
    matrix = Keypad("matrix_4x4", ("reader", "1234:abcd"), rows=(12, 16, 20, 21), columns=(26, 19, 13, 25))
    text = udev_rules(replace(PLAIN, keypad=matrix)).replace("\\\n", "")
    rules = [line for line in text.splitlines() if line.startswith('SUBSYSTEM=="input"')]
    assert len(rules) == 3
    assert all('LIBINPUT_IGNORE_DEVICE}="1"' in line for line in rules)
