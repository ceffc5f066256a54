"""node.toml is checked whole, and a complaint names the line and what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from hub.wire.terms import Language
from node.settings import RelaySettings, Settings, SettingsError, load_settings, open_to_others

SMALL = """\
[post]
id = "p01"

[hub]
host = "10.0.0.2"
password = "hunter2-of-p01"
"""
WHOLE = """\
[post]
id = "p01"
language = "en"
[hub]
host = "hub.local"
port = 8884
username = "p01"
password = "hunter2-of-p01"
ca = "ca.pem"
[journal]
folder = "journal"
[[relay]]
name = "display"
pin = 17
[[relay]]
name = "usb"
pin = 5
active_high = false
on_delay_s = 2
off_delay_s = 3
feedback_pin = 22
[keypad]
match = "Logitech"
keymap = "keyboard"
[screen]
driver = "sh1106"
bus = 0
address = 0x3d
rotate = 180
[buzzer]
pin = 18
"""


def load(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> Settings:
    path = folder / "node.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path, environ or {})


def complaint(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load(folder, text, environ)
    told = str(caught.value)
    assert "hunter2" not in told
    assert "\n" not in told
    return told.replace(f"{folder}/", "")


def test_the_smallest_file_has_sane_defaults(tmp_path: Path) -> None:
    settings = load(tmp_path, SMALL)
    assert settings.post.language is Language.FR
    assert (settings.hub.port, settings.hub.username, settings.hub.ca) == (1883, "p01", None)
    assert settings.journal.folder == Path("/var/lib/poste-node")
    assert settings.relays == (RelaySettings("display", 17, True, 0, 0, None),)
    assert (settings.keypad.match, settings.keypad.keymap) == ((), "numeric_pad")
    assert (settings.screen.driver, settings.screen.bus, settings.screen.address) == ("ssd1306", 1, 0x3C)
    assert settings.buzzer is None
    assert "hunter2" not in repr(settings)


def test_every_key_is_read_and_paths_are_the_files_neighbours(tmp_path: Path) -> None:
    settings = load(tmp_path, WHOLE)
    assert settings.hub.ca == tmp_path / "ca.pem"
    assert settings.journal.folder == tmp_path / "journal"
    assert settings.relays[1] == RelaySettings("usb", 5, False, 2, 3, 22)
    assert (settings.screen.address, settings.screen.rotate) == (0x3D, 180)
    assert settings.buzzer is not None
    assert settings.buzzer.pin == 18


def test_a_ca_makes_the_port_that_of_tls(tmp_path: Path) -> None:
    assert load(tmp_path, SMALL + 'ca = "ca.pem"\n').hub.port == 8883


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SMALL + "prot = 1\n", "node.toml: line 7: unknown key 'prot' in [hub]: did you mean 'port'?"),
        (SMALL + "[sceen]\n", "node.toml: line 7: unknown table [sceen]: did you mean 'screen'?"),
        (SMALL + "port = 0\n", "node.toml: line 7: [hub] port must be a whole number from 1 to 65535"),
        (SMALL + "port = true\n", "node.toml: line 7: [hub] port must be a whole number from 1 to 65535"),
        (SMALL.replace('"p01"', '"P 1"'), "node.toml: line 2: [post] id must be 1 to 31 lower-case letters"),
        (SMALL.replace('"p01"', '"hub"'), "node.toml: line 2: [post] id must be"),
        (SMALL.replace('host = "10.0.0.2"\n', ""), "node.toml: line 4: [hub] host is missing"),
        ("", "node.toml: line 1: [post] id is missing"),
        ("[post\n", "node.toml: not TOML: "),
        ("hub = 1\n[post]\nid = 'p01'\n", "node.toml: line 1: must be a table [hub]"),
        (SMALL + "[relay]\npin = 4\n", "node.toml: line 7: must be given as [[relay]], once for each relay"),
        (SMALL + "[[relay]]\nname = 'a'\npin = 28\n", "line 9: [relay] pin must be a whole number from 0 to 27"),
        (SMALL + "[[relay]]\nname = 'a'\n", "line 7: [relay] pin is missing"),
        (
            SMALL + "[[relay]]\nname = 'a'\npin = 9\n[[relay]]\nname = 'b'\npin = 9\n",
            "line 12: relay b cannot be on GPIO 9: relay a is there already",
        ),
        (
            SMALL + "[[relay]]\nname = 'a'\npin = 5\n[[relay]]\nname = 'a'\npin = 6\n",
            "line 11: a second relay is called a",
        ),
        (SMALL + "[buzzer]\npin = 17\n", "line 8: the buzzer cannot be on GPIO 17: relay display is there already"),
        (SMALL + "[buzzer]\npin = 3\n", "line 8: the buzzer cannot be on GPIO 3: 2 and 3 are the I2C bus"),
        (SMALL + "[keypad]\nkeymap = 'numric_pad'\n", "line 8: no key-map is called 'numric_pad'"),
        (SMALL + "[screen]\ndriver = 'epaper'\n", "line 8: [screen] driver must be 'ssd1306' or 'ssd1309' or 'sh1106'"),
        (SMALL + "[screen]\nrotate = 45\n", "line 8: [screen] rotate must be 0 or 90 or 180 or 270"),
        (SMALL + "[journal]\nfolder = ''\n", "line 8: [journal] folder must be a text that is not empty"),
        (SMALL.replace('"hunter2-of-p01"', "7"), "line 6: [hub] password must be a text"),
        ('[post]\nid = "p01"\nlanguage = "de"\n', "line 3: [post] language must be 'fr' or 'en'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    assert told in complaint(tmp_path, text)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file or directory"):
        load_settings(tmp_path / "node.toml", {})


def test_the_environment_overrides(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        SMALL,
        {
            "POSTE_NODE_HUB_HOST": "hub.example",
            "POSTE_NODE_HUB_PORT": "8884",
            "POSTE_NODE_HUB_PASSWORD": "123456",
            "POSTE_NODE_BUZZER_PIN": "18",
            "PATH": "/bin",
        },
    )
    assert (settings.hub.host, settings.hub.port, settings.hub.password) == ("hub.example", 8884, "123456")
    assert settings.buzzer is not None


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("POSTE_NODE_HUB_PORT", "many", "POSTE_NODE_HUB_PORT (environment): must be a whole number"),
        ("POSTE_NODE_HUB_HOTS", "x", "POSTE_NODE_HUB_HOTS (environment): no such setting: did you mean"),
    ],
)
def test_a_wrong_variable_is_told_by_its_name(tmp_path: Path, name: str, value: str, told: str) -> None:
    assert told in complaint(tmp_path, SMALL, {name: value})


def test_a_file_that_others_can_read_is_noticed(tmp_path: Path) -> None:
    load(tmp_path, SMALL)
    path = tmp_path / "node.toml"
    for mode, others in ((0o600, False), (0o640, True), (0o604, True)):
        path.chmod(mode)
        assert open_to_others(path) is others
