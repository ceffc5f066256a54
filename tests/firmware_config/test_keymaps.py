"""Key-maps: what is shipped is right, and a wrong one is refused in words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_config.errors import FirmwareConfigError
from firmware_config.keymaps import ACTIONS, Keymap, KeymapError, known_keymaps, load_keymap, parse_keymap

CODE_SIGNS = set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")


def test_the_shipped_keymaps_are_known_by_name() -> None:
    assert known_keymaps() == ("azerty", "keyboard", "matrix_4x4", "numeric_pad")


@pytest.mark.parametrize("name", known_keymaps())
def test_a_shipped_keymap_has_every_action_and_every_digit(name: str) -> None:
    keymap = load_keymap(name)
    assert keymap.name == name
    assert keymap.description
    # Sixteen keys are one too few: the matrix pad has no balance, which its screen shows anyway.
    left_out = {"balance"} if name == "matrix_4x4" else set()
    assert set(keymap.keys.values()) >= {*ACTIONS, *"0123456789"} - left_out


@pytest.mark.parametrize("name", ["azerty", "keyboard"])
def test_a_keyboard_types_every_sign_of_a_code(name: str) -> None:
    assert set(load_keymap(name).keys.values()) >= CODE_SIGNS


def test_an_azerty_keyboard_types_what_its_keys_say() -> None:
    keys = load_keymap("azerty").keys
    # The kernel names a key by what stands there on a US keyboard. The three rows of letters, from the top:
    assert "".join(keys[f"KEY_{key}"] for key in "QWERTYUIOP") == "AZERTYUIOP"
    assert "".join(keys[f"KEY_{key}"] for key in (*"ASDFGHJKL", "SEMICOLON")) == "QSDFGHJKLM"
    assert "".join(keys[f"KEY_{key}"] for key in "ZXCVBN") == "WXCVBN"
    assert "KEY_M" not in keys


def test_the_two_keyboards_differ_in_letters_only() -> None:
    azerty, qwerty = load_keymap("azerty").keys, load_keymap("keyboard").keys
    differing = {key for key in {*azerty, *qwerty} if azerty.get(key) != qwerty.get(key)}
    assert differing == {f"KEY_{key}" for key in (*"AQWZM", "SEMICOLON")}


@pytest.mark.parametrize("name", known_keymaps())
def test_a_shipped_keymap_names_only_keys_that_the_kernel_has(name: str) -> None:
    from evdev import ecodes

    assert set(load_keymap(name).keys) <= set(ecodes.ecodes)


def test_a_numeric_pad_types_what_its_keys_say() -> None:
    keys = load_keymap("numeric_pad").keys
    assert [keys[f"KEY_KP{digit}"] for digit in range(10)] == list("0123456789")
    assert keys["KEY_KPENTER"] == "confirm"


def test_a_keymap_cannot_be_changed_once_loaded() -> None:
    with pytest.raises(TypeError):
        load_keymap("numeric_pad").keys["KEY_KP1"] = "2"  # type: ignore[index]


@pytest.mark.parametrize("file_name", ["own.toml", "own.keys"])
def test_a_file_is_loaded_by_its_path(tmp_path: Path, file_name: str) -> None:
    path = tmp_path / file_name
    path.write_text('[keys]\nKEY_A = "A"\nBTN_0 = "confirm"\n', encoding="utf-8")
    assert load_keymap(str(path)) == Keymap("own", "", {"KEY_A": "A", "BTN_0": "confirm"})


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(KeymapError, match=r"no key-map is called 'numpad'.*keyboard, matrix_4x4, numeric_pad"):
        load_keymap("numpad")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeymapError, match=r"absent\.toml: cannot be read: .*No such file"):
        load_keymap(str(tmp_path / "absent.toml"))


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'description = "\xe9"\n')
    with pytest.raises(KeymapError, match=r"latin\.toml: cannot be read"):
        load_keymap(str(tmp_path / "latin.toml"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[keys", "key-map own: Expected"),
        ('[keys]\nKEY_A = "A"\nKEY_A = "B"\n', "own: .*line 3"),
        ('[key]\nKEY_A = "A"\n', "unknown field 'key': did you mean 'keys'"),
        ("zzz = 1\n", r"unknown field 'zzz' \(known: description, keys\)"),
        ("description = 1\n", "'description' must be a text"),
        ("keys = 1\n", "'keys' a table"),
        ('[keys]\nkey_a = "A"\n', "'key_a' is no evdev key name"),
        ('[keys]\nKEY_A = "confrim"\n', "KEY_A = 'confrim' is neither .*: did you mean 'confirm'"),
        ('[keys]\nKEY_A = "Erase"\n', "did you mean 'erase'"),
        ('[keys]\nKEY_A = "a"\n', r"KEY_A = 'a' is neither a sign .* nor an action \(known: confirm, erase"),
        ('[keys]\nKEY_A = "AB"\n', "KEY_A = 'AB' is neither"),
        ("[keys]\nKEY_1 = 1\n", "KEY_1 = 1 is neither"),
        ('[keys]\nKEY_A = "A"\n', "no key is 'confirm'"),
        ("", "no key is 'confirm'"),
    ],
)
def test_a_wrong_keymap_is_refused_with_what_would_be_right(text: str, words: str) -> None:
    with pytest.raises(KeymapError, match=words) as refusal:
        parse_keymap("own", text)
    assert isinstance(refusal.value, FirmwareConfigError)
