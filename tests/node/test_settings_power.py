"""[[relay]] roles and times, [buzzer], [led], [button] in node.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.core.events import Key
from node.core.relays import RelayRole
from node.settings import Settings, SettingsError, load_settings

SMALL = """\
[post]
id = "p01"
[hub]
host = "10.0.0.2"
password = "hunter2-of-p01"
"""
DISPLAY = "[[relay]]\nname = 'display'\npin = 17\n"
RESET = "[[relay]]\nname = 'pc'\npin = 27\nrole = 'reset'\n"


def load(folder: Path, text: str) -> Settings:
    path = folder / "node.toml"
    path.write_text(SMALL + text, encoding="utf-8")
    return load_settings(path, {})


def test_relays_have_roles_and_times(tmp_path: Path) -> None:
    relays = load(
        tmp_path, DISPLAY + "min_off_s = 8\nfollow_ms = 100\n" + RESET + "reset_after_s = 30\nreset_pulse_s = 2\n"
    ).relays
    assert [(relay.role, relay.min_off_s, relay.follow_ms) for relay in relays] == [
        (RelayRole.POWER, 8, 100),
        (RelayRole.RESET, 0, 500),
    ]
    assert (relays[1].reset_after_s, relays[1].reset_pulse_s) == (30, 2)


def test_led_button_and_sounds(tmp_path: Path) -> None:
    text = "[led]\npin = 12\nactive_high = true\n[button]\npin = 16\nkey = 'help'\n[buzzer]\npin = 18\nkey_ms = []\n"
    settings = load(tmp_path, text + "warning_ms = [50, 50, 50]\n")
    assert settings.led is not None
    assert settings.button is not None
    assert settings.buzzer is not None
    assert (settings.led.pin, settings.led.active_high) == (12, True)
    assert (settings.button.pin, settings.button.key) == (16, Key.HELP)
    assert (settings.buzzer.key_ms, settings.buzzer.warning_ms) == ((), (50, 50, 50))
    assert settings.buzzer.end_ms == (600, 300, 600, 300, 600)


def test_there_are_none_unless_asked_for_and_a_button_means_the_end(tmp_path: Path) -> None:
    settings = load(tmp_path, "")
    assert (settings.led, settings.button, settings.buzzer) == (None, None, None)
    with_button = load(tmp_path, "[button]\npin = 16\n")
    assert with_button.button is not None
    assert with_button.button.key is Key.END


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (RESET, "line 6: no [[relay]] has the role 'power'"),
        (DISPLAY + "role = 'usb'\n", "line 9: [relay] role must be 'power' or 'reset'"),
        (DISPLAY + "reset_pulse_s = 1\n", "line 9: [relay] reset_pulse_s is for relays of role 'reset' only"),
        (DISPLAY + RESET + "min_off_s = 1\n", "line 13: [relay] min_off_s is for relays of role 'power' only"),
        (DISPLAY + RESET + "reset_pulse_s = 0\n", "line 13: [relay] reset_pulse_s must be a whole number from 1 to 10"),
        (DISPLAY + "follow_ms = 5\n", "line 9: [relay] follow_ms must be a whole number from 20 to 10000"),
        ("[buzzer]\npin = 18\nkey_ms = 30\n", "line 8: [buzzer] key_ms must be a list of at most 20 times"),
        ("[buzzer]\npin = 18\nend_ms = [5]\n", "line 8: [buzzer] end_ms must be a whole number from 10 to 5000"),
        ("[button]\npin = 16\nkey = 'confirm'\n", "line 8: [button] key must be 'end' or 'pause' or"),
        ("[led]\nactive_high = true\n", "line 6: [led] pin is missing"),
        (DISPLAY + "[led]\npin = 17\n", "line 10: "),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    assert told in str(caught.value)
