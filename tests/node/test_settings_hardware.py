"""[hardware] and [keypad]: profiles fill what node.toml leaves out, and every pin is one that the Pi can spare."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_config.boot import boot_config
from firmware_config.pins import Pi
from firmware_config.profiles import known_profiles, load_profile
from node.settings import Settings, SettingsError, hardware_of, load_settings

SMALL = '[post]\nid = "p01"\n[hub]\nhost = "h"\npassword = "hunter2-of-p01"\n'


def load(folder: Path, text: str, **environ: str) -> Settings:
    path = folder / "node.toml"
    path.write_text(SMALL + text, encoding="utf-8")
    return load_settings(path, environ)


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(folder, text)
    return str(caught.value).replace(f"{folder}/", "")


def test_without_the_table_it_is_a_pi_4_without_a_profile(tmp_path: Path) -> None:
    hardware = load(tmp_path, "").hardware
    assert (hardware.pi, hardware.profile, hardware.serial_console) == (Pi.PI_4, None, False)
    assert (hardware.life_led_pin, hardware.shutdown_pin) == (None, None)


@pytest.mark.parametrize("name", known_profiles())
def test_a_profile_says_what_the_file_does_not(tmp_path: Path, name: str) -> None:
    hardware = hardware_of(load(tmp_path, f"[hardware]\nprofile = '{name}'\n"))
    assert hardware == load_profile(name).hardware
    assert boot_config(hardware) == boot_config(load_profile(name).hardware)


def test_the_file_has_the_last_word(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        "[hardware]\nprofile = 'pi5_full'\npi = 'pi4'\n[[relay]]\nname = 'all'\npin = 26\n"
        "[keypad]\nkeymap = 'keyboard'\n[screen]\nbus = 1\n[buzzer]\npin = 13\n",
    )
    assert settings.hardware.pi is Pi.PI_4
    assert [(relay.name, relay.pin) for relay in settings.relays] == [("all", 26)]
    assert (settings.keypad.keymap, settings.screen.bus) == ("keyboard", 1)
    assert settings.buzzer is not None
    assert settings.buzzer.pin == 13


def test_a_profile_may_be_a_file_beside_this_one(tmp_path: Path) -> None:
    (tmp_path / "room.toml").write_text(
        'pi = "pi3"\n[title]\nen = "Ours"\nfr = "Le nôtre"\n[[relay]]\nname = "display"\npin = 26\n', encoding="utf-8"
    )
    settings = load(tmp_path, "[hardware]\nprofile = 'room.toml'\n")
    assert (settings.hardware.pi, settings.relays[0].pin) == (Pi.PI_3, 26)


def test_a_keypad_may_be_matched_in_several_ways(tmp_path: Path) -> None:
    assert load(tmp_path, "[keypad]\nmatch = 'pad'\n").keypad.match == ("pad",)
    assert load(tmp_path, "[keypad]\nmatch = ['pad', '046d:c31c']\n").keypad.match == ("pad", "046d:c31c")
    assert load(tmp_path, "[keypad]\nmatch = ''\n").keypad.match == ()
    assert load(tmp_path, "", POSTE_NODE_KEYPAD_MATCH="/dev/input/event3").keypad.match == ("/dev/input/event3",)


def test_a_matrix_has_its_pins(tmp_path: Path) -> None:
    keypad = load(tmp_path, "[keypad]\nrows = [12, 16, 20, 21]\ncolumns = [26, 19, 13, 25]\n").keypad
    assert (keypad.rows, keypad.columns) == ((12, 16, 20, 21), (26, 19, 13, 25))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[hardware]\npi = 'pi2'\n", "line 7: [hardware] pi must be 'pi3' or 'pi4' or 'pi5' or 'zero2w'"),
        ("[hardware]\nprofile = 'pi5_ful'\n", "line 7: no profile is called 'pi5_ful': did you mean 'pi5_full'?"),
        ("[hardware]\nserial = true\n", "line 7: unknown key 'serial' in [hardware]"),
        ("[keypad]\nmatch = 1\n", "line 7: [keypad] match must be a text, or a list of texts"),
        ("[keypad]\nmatch = ['a', 1]\n", "line 7: [keypad] match must be a text, or a list of texts"),
        ("[keypad]\nrows = [12]\n", "line 7: [keypad] rows must be a list of 4 pins"),
        ("[keypad]\nrows = [12, 16, 20, 21]\n", "line 7: [keypad] rows and columns go together"),
        (
            "[keypad]\nrows = [12, 16, 20, 17]\ncolumns = [26, 19, 13, 25]\n",
            "line 7: keypad row 4 cannot be on GPIO 17: relay display is there already",
        ),
        (
            "[keypad]\nrows = [12, 16, 20, 21]\ncolumns = [26, 19, 13, 12]\n",
            "line 8: keypad column 4 cannot be on GPIO 12: keypad row 1 is there already",
        ),
        ("[[relay]]\nname = 'a'\npin = 5\n", "line 8: relay a cannot be on GPIO 5: it is off when the pin is low"),
        (
            "[[relay]]\nname = 'a'\npin = 17\nactive_high = false\n",
            "line 8: relay a cannot be on GPIO 17: it is off when the pin is high",
        ),
        (
            "[[relay]]\nname = 'a'\npin = 17\nfeedback_pin = 17\n",
            "line 9: the feedback of relay a cannot be on GPIO 17: relay a is there already",
        ),
        (
            "[screen]\nbus = 'spi'\n[led]\npin = 10\n",
            "line 9: the status LED cannot be on GPIO 10: 7 to 11 are the SPI",
        ),
        ("[button]\npin = 3\n", "line 7: the push button cannot be on GPIO 3: 2 and 3 are the I2C bus"),
        ("[screen]\nbus = 'spi'\ndc_pin = 17\n", "line 8: the screen's DC cannot be on GPIO 17: relay display"),
        ("[screen]\nbus = 'spi'\nreset_pin = 24\n", "line 8: the screen's RES cannot be on GPIO 24: the screen's DC"),
        ("[hardware]\nlife_led_pin = 17\n", "line 7: the LED cannot be on GPIO 17: relay display is there already"),
        (
            "[hardware]\nserial_console = true\nshutdown_pin = 15\n",
            "line 8: the button cannot be on GPIO 15: 14 and 15 are the serial console, which is on",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    assert f"node.toml: {told}" in complaint(tmp_path, text)
