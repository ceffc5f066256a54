"""Profiles: what is shipped is right and covers the common hardware, and a wrong one is refused in words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_config.errors import FirmwareConfigError
from firmware_config.hardware import Bus, Hardware, Keypad, Relay, Screen
from firmware_config.keymaps import known_keymaps
from firmware_config.pins import Pi
from firmware_config.profiles import Profile, ProfileError, known_profiles, load_profile, parse_profile

SHIPPED = [load_profile(name) for name in known_profiles()]
TITLE = '[title]\nen = "Ours"\nfr = "Le nôtre"\n'
RELAY = '[[relay]]\nname = "display"\npin = 17\n'
PLAIN = f'pi = "pi4"\n{TITLE}{RELAY}'


def test_the_shipped_profiles_are_known_by_name() -> None:
    assert known_profiles() == (
        "pi3_matrix",
        "pi4_relay_high",
        "pi4_relay_low",
        "pi4_scanner",
        "pi5_full",
        "zero2w_small",
    )


def test_the_shipped_profiles_cover_every_model_board_screen_and_keypad() -> None:
    hardware = [profile.hardware for profile in SHIPPED]
    assert {one.pi for one in hardware} == set(Pi)
    assert {relay.active_high for one in hardware for relay in one.relays} == {True, False}
    assert {one.screen.bus for one in hardware} == set(Bus)
    assert {one.screen.driver for one in hardware} == {"ssd1306", "sh1106"}
    assert {one.keypad.keymap for one in hardware} == set(known_keymaps())


def test_a_profile_of_least_words_has_the_usual_parts() -> None:
    hardware = Hardware(Pi.PI_4, (Relay("display", 17),))
    assert parse_profile("own", PLAIN) == Profile("own", "Ours", "Le nôtre", hardware)


def test_a_profile_may_say_everything() -> None:
    text = f"""\
pi = "pi5"
serial_console = true
{TITLE}
[[relay]]
name = "display"
pin = 6
active_high = false
feedback_pin = 22
[screen]
driver = "sh1106"
bus = "spi"
i2c_bus = 0
address = 0x3D
dc_pin = 4
reset_pin = 5
width = 64
height = 32
[keypad]
keymap = "matrix_4x4"
match = "pad"
rows = [12, 16, 20, 21]
columns = [26, 19, 13, 25]
[buzzer]
pin = 18
[led]
pin = 23
[button]
pin = 24
"""
    assert parse_profile("own", text).hardware == Hardware(
        Pi.PI_5,
        (Relay("display", 6, active_high=False, feedback_pin=22),),
        Screen("sh1106", Bus.SPI, 0, 0x3D, 4, 5, 64, 32),
        Keypad("matrix_4x4", ("pad",), (12, 16, 20, 21), (26, 19, 13, 25)),
        buzzer_pin=18,
        led_pin=23,
        button_pin=24,
        serial_console=True,
    )


@pytest.mark.parametrize("file_name", ["own.toml", "own.profile"])
def test_a_file_is_loaded_by_its_path(tmp_path: Path, file_name: str) -> None:
    path = tmp_path / file_name
    path.write_text(PLAIN, encoding="utf-8")
    assert load_profile(str(path)) == parse_profile("own", PLAIN)


def test_an_unknown_name_is_told_the_nearest() -> None:
    with pytest.raises(ProfileError, match="no profile is called 'pi4_relay_hihg': did you mean 'pi4_relay_high'"):
        load_profile("pi4_relay_hihg")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"absent\.toml: cannot be read: .*No such file"):
        load_profile(str(tmp_path / "absent.toml"))


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'pi = "\xe9"\n')
    with pytest.raises(ProfileError, match=r"latin\.toml: cannot be read"):
        load_profile(str(tmp_path / "latin.toml"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[pi", "profile own: Expected"),
        (f'pii = "pi4"\n{PLAIN}', "line 1: unknown key 'pii': did you mean 'pi'"),
        (PLAIN + "[screeen]\n", "line 8: unknown key 'screeen': did you mean 'screen'"),
        (PLAIN + "[zzz]\n", r"line 8: unknown key 'zzz' \(known: pi, serial_console, title"),
        (TITLE + RELAY, "line 1: pi is missing"),
        (PLAIN.replace("pi4", "pi9"), "line 1: pi must be 'pi3' or 'pi4' or 'pi5' or 'zero2w'"),
        ("pi = 4\n" + TITLE + RELAY, "line 1: pi must be 'pi3'"),
        (f"serial_console = 1\n{PLAIN}", "line 1: serial_console must be true or false"),
        ('pi = "pi4"\n' + RELAY, r"line 1: \[title\] en is missing"),
        (PLAIN.replace('"Ours"', '" "'), r"line 3: \[title\] en must be a text that is not empty"),
        ('pi = "pi4"\ntitle = 1\n' + RELAY, r"line 2: must be a table \[title\]"),
        ('pi = "pi4"\n' + TITLE, "at least one relay must be given"),
        ('pi = "pi4"\nrelay = []\n' + TITLE, "line 2: at least one relay"),
        ('pi = "pi4"\nrelay = [1]\n' + TITLE, "line 2: at least one relay"),
        ('pi = "pi4"\nrelay = 1\n' + TITLE, "line 2: at least one relay"),
        (PLAIN + "pn = 1\n", r"line 8: unknown key 'pn' in \[relay\]: did you mean 'pin'"),
        (PLAIN.replace("display", "Display"), r"line 6: \[relay\] name must be a word in lower case"),
        (PLAIN + '[[relay]]\nname = "display"\npin = 27\n', "line 9: a second relay is called display"),
        (PLAIN + '[[relay]]\nname = "usb"\n', r"line 8: \[relay\] pin is missing"),
        (PLAIN.replace("17", '"17"'), r"line 7: \[relay\] pin must be a whole number from 0 to 53"),
        (PLAIN.replace("17", "true"), "pin must be a whole number"),
        (PLAIN.replace("17", "54"), "pin must be a whole number"),
        (PLAIN + "active_high = 1\n", "line 8: .* active_high must be true or false"),
        (PLAIN + '[screen]\ndriver = "lcd"\n', r"line 9: \[screen\] driver must be 'ssd1306' or 'sh1106'"),
        (PLAIN + "[screen]\nbus = 1\n", r"line 9: \[screen\] bus must be 'i2c' or 'spi'"),
        (PLAIN + "[screen]\naddress = 0x78\n", "address must be a whole number from 8 to 119"),
        (PLAIN + "[keypad]\nmatch = 1\n", r"line 9: \[keypad\] match must be a text, or a list of texts"),
        (PLAIN + '[keypad]\nkeymap = "azetry"\n', "line 9: no key-map is called 'azetry'"),
        (PLAIN + "[keypad]\nrows = 5\n", r"line 9: \[keypad\] rows must be a list of pins"),
        (PLAIN + "[keypad]\nrows = [true]\n", "rows must be a whole number from 0 to 53"),
        (PLAIN + "[keypad]\nrows = [12, 16]\n", "line 9: a matrix keypad has 4 rows and 4 columns"),
        (PLAIN + "[buzzer]\n", r"line 8: \[buzzer\] pin is missing"),
        (PLAIN + "[led]\npin = 17\n", "the LED cannot be on GPIO 17: relay display is there already"),
        (PLAIN.replace("17", "28"), "relay display cannot be on GPIO 28: the header of a Raspberry Pi 4"),
        (PLAIN.replace("17", "5"), "relay display cannot be on GPIO 5: .* take one of 9 to 27"),
    ],
)
def test_a_wrong_profile_is_refused_with_what_would_be_right(text: str, words: str) -> None:
    with pytest.raises(ProfileError, match=words) as refusal:
        parse_profile("own", text)
    assert isinstance(refusal.value, FirmwareConfigError)
