"""The modules and their wires, and the table of them: each signal once, supplies from pins of their kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firmware_config.hardware import Bus, Hardware, Keypad, Relay, Screen, UnsafePins
from firmware_config.modules import LANGUAGES, Language, Module, modules
from firmware_config.pins import HEADER, Pi, Supply
from firmware_config.profiles import known_profiles, load_profile
from firmware_config.wiring import wiring_table

PLAIN = Hardware(Pi.PI_4, (Relay("display", 17),))


def titled(hardware: Hardware, words: str) -> Module:
    """The one module whose English title holds these words."""
    (found,) = [module for module in modules(hardware) if words in module.title.en]
    return found


@pytest.mark.parametrize("name", known_profiles())
def test_every_wire_ends_at_what_its_header_pin_is(name: str) -> None:
    for module in modules(load_profile(name).hardware):
        for wire in module.wires:
            assert HEADER[wire.pin - 1] == wire.signal


@pytest.mark.parametrize("name", known_profiles())
def test_every_used_pin_has_its_wire_and_no_header_pin_two(name: str) -> None:
    hardware = load_profile(name).hardware
    wires = [wire for module in modules(hardware) for wire in module.wires]
    bus = {2, 3} if hardware.header_i2c else {8, 10, 11}
    assert {wire.signal for wire in wires if isinstance(wire.signal, int)} == bus | {use.pin for use in hardware.uses()}
    assert len({wire.pin for wire in wires}) == len(wires)


@pytest.mark.parametrize("name", known_profiles())
def test_a_modules_signals_have_colours_of_their_own(name: str) -> None:
    for module in modules(load_profile(name).hardware):
        colours = [wire.colour for wire in module.wires if wire.signal is not Supply.GND]
        assert len(set(colours)) == len(colours)


def test_supplies_have_the_colours_that_everybody_uses() -> None:
    wires = titled(replace(PLAIN, relays=(Relay("display", 5, active_high=False),)), "low level").wires
    told = {wire.terminal: wire.colour.name.en for wire in wires}
    assert {"JD-VCC": "red", "VCC": "orange", "GND": "black"}.items() <= told.items()


def test_a_low_level_board_gets_three_volts_for_its_inputs_and_five_for_its_coils() -> None:
    board = titled(replace(PLAIN, relays=(Relay("display", 5, active_high=False),)), "low level")
    assert {wire.terminal: wire.signal for wire in board.wires} == {
        "JD-VCC": Supply.V5,
        "VCC": Supply.V3,
        "GND": Supply.GND,
        "IN1 display": 5,
    }
    assert any("never 5 V" in note.en for note in board.notes)


def test_boards_of_both_kinds_stand_side_by_side() -> None:
    both = replace(PLAIN, relays=(Relay("display", 17), Relay("usb", 5, active_high=False)))
    assert [wire.terminal for wire in titled(both, "high level").wires] == ["VCC", "GND", "IN1 display"]
    assert "IN1 usb" in [wire.terminal for wire in titled(both, "low level").wires]


def test_a_supply_is_shared_when_none_is_free() -> None:
    many = replace(PLAIN, relays=(Relay("display", 17, feedback_pin=22), Relay("usb", 5, active_high=False)))
    pins = [wire.pin for module in modules(many) for wire in module.wires if wire.signal is Supply.V3]
    assert len(pins) == 3
    assert set(pins) == {1, 17}


def test_a_screen_on_a_bus_elsewhere_has_no_wires_here() -> None:
    elsewhere = replace(PLAIN, screen=Screen(i2c_bus=3))
    assert [module.title.en for module in modules(elsewhere)] == ["Relay board, closes on a high level", "Numeric pad"]


def test_a_screen_on_spi_has_the_bus_and_two_pins_of_its_own() -> None:
    screen = titled(replace(PLAIN, screen=Screen(bus=Bus.SPI, dc_pin=5, reset_pin=6)), "OLED")
    signals = {wire.terminal: wire.signal for wire in screen.wires if isinstance(wire.signal, int)}
    assert signals == {"CLK (D0)": 11, "MOSI (D1)": 10, "RES": 6, "DC": 5, "CS": 8}


def test_a_keypad_with_a_key_map_of_ones_own_is_a_keypad() -> None:
    assert titled(replace(PLAIN, keypad=Keypad("/etc/poste/own.toml")), "Keypad").wires == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", known_profiles())
def test_the_table_has_a_row_a_wire_and_even_columns(name: str, language: Language) -> None:
    hardware = load_profile(name).hardware
    lines = [line for line in wiring_table(hardware, language).splitlines() if line.startswith("|")]
    assert len(lines) == 2 + sum(max(1, len(module.wires)) for module in modules(hardware))
    assert len({len(line) for line in lines}) == 1


def test_the_table_speaks_both_languages() -> None:
    assert "| orange" in wiring_table(PLAIN)
    assert "3,3 V" in wiring_table(PLAIN, "fr")
    assert "| noir" in wiring_table(PLAIN, "fr")


def test_a_table_without_notes_ends_with_its_last_row() -> None:
    bare = replace(PLAIN, relays=(), screen=Screen())
    assert wiring_table(bare).endswith("|\n")


def test_unsafe_pins_are_not_wired() -> None:
    with pytest.raises(UnsafePins, match="GPIO 5"):
        wiring_table(replace(PLAIN, relays=(Relay("display", 5),)))


@pytest.mark.parametrize(("active_high", "supply"), [(True, "GND"), (False, "3.3 V")])
def test_the_nodes_own_led_and_button_are_wired(active_high: bool, supply: str) -> None:
    hardware = replace(PLAIN, status_led_pin=12, status_led_active_high=active_high, key_button_pin=16)
    rows = [[cell.strip() for cell in line.split("|")[1:6]] for line in wiring_table(hardware).splitlines()]
    led = {row[3] for row in rows if row and row[0] == "Status LED"}
    assert led == {"GPIO 12", supply}
    assert {row[3] for row in rows if row and row[0] == "Push button"} == {"GPIO 16", "GND"}
