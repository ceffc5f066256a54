"""The matrix keypad's overlay: its pins, and the codes that the key-map understands."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from firmware_config.errors import FirmwareConfigError
from firmware_config.hardware import Hardware, Keypad, Relay, UnsafePins
from firmware_config.keymaps import load_keymap
from firmware_config.overlay import KEY_CODES, LEGENDS, OVERLAY, keypad_overlay
from firmware_config.pins import Pi

MATRIX = Hardware(
    Pi.PI_3,
    (Relay("display", 17),),
    keypad=Keypad("matrix_4x4", rows=(12, 16, 20, 21), columns=(26, 19, 13, 25)),
)
ACTIONS = {"#": "confirm", "*": "erase", "A": "help", "B": "language", "C": "pause", "D": "end"}


def test_rows_and_columns_are_the_keypads_own() -> None:
    source = keypad_overlay(MATRIX)
    for name, pins in (("row", MATRIX.keypad.rows), ("col", MATRIX.keypad.columns)):
        (line,) = re.findall(rf"{name}-gpios = (.*);", source)
        assert tuple(map(int, re.findall(r"&gpio (\d+) 0", line))) == pins


def test_every_pin_is_an_input_pulled_down() -> None:
    source = keypad_overlay(MATRIX)
    assert "brcm,pins = <12 16 20 21 26 19 13 25>;" in source
    assert "brcm,function = <0 0 0 0 0 0 0 0>;" in source
    assert "brcm,pull = <1 1 1 1 1 1 1 1>;" in source


def test_the_device_has_the_name_that_the_rules_look_for() -> None:
    assert f"\t{OVERLAY} {{" in keypad_overlay(MATRIX)


def test_every_key_of_the_pad_has_its_place_and_its_code() -> None:
    cells = [int(cell, 16) for cell in re.findall(r"0x[0-9a-f]{8}", keypad_overlay(MATRIX))]
    assert cells == [
        row << 24 | column << 16 | KEY_CODES[legend]
        for row, legends in enumerate(LEGENDS)
        for column, legend in enumerate(legends)
    ]


@pytest.mark.parametrize("legend", KEY_CODES)
def test_the_key_map_reads_each_key_as_it_is_marked(legend: str) -> None:
    from evdev import ecodes

    name = ecodes.KEY[KEY_CODES[legend]]
    assert isinstance(name, str)
    assert load_keymap("matrix_4x4").keys[name] == ACTIONS.get(legend, legend)


def test_a_keypad_that_is_no_matrix_has_no_overlay() -> None:
    with pytest.raises(FirmwareConfigError, match="needs no overlay"):
        keypad_overlay(replace(MATRIX, keypad=Keypad()))


def test_unsafe_pins_render_nothing() -> None:
    with pytest.raises(UnsafePins, match="keypad row 1 cannot be on GPIO 3: 2 and 3 are the I2C bus"):
        keypad_overlay(replace(MATRIX, keypad=replace(MATRIX.keypad, rows=(3, 16, 20, 21))))
