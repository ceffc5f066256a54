"""[screen] of node.toml: both buses, both sizes, a night, and pins that nobody else has."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from node.settings import ScreenSettings, SettingsError, load_settings

BASE = """\
[post]
id = "p01"
[hub]
host = "10.0.0.2"
password = "hunter2-of-p01"
"""


def screen(folder: Path, text: str, **environ: str) -> ScreenSettings:
    path = folder / "node.toml"
    path.write_text(BASE + text, encoding="utf-8")
    return load_settings(path, {f"POSTE_NODE_SCREEN_{key}": value for key, value in environ.items()}).screen


def test_nothing_said_is_a_small_display_on_the_headers_i2c(tmp_path: Path) -> None:
    assert screen(tmp_path, "") == ScreenSettings(
        driver="ssd1306",
        bus=1,
        address=0x3C,
        dc_pin=24,
        reset_pin=25,
        height=64,
        rotate=0,
        digits="normal",
        contrast=207,
        night_from=None,
        night_to=None,
        night_contrast=1,
    )


@pytest.mark.parametrize(("said", "bus"), [('"i2c"', 1), ("1", 1), ("3", 3), ('"spi"', "spi")])
def test_the_bus_is_a_word_or_a_number(tmp_path: Path, said: str, bus: int | str) -> None:
    found = screen(tmp_path, f"[screen]\nbus = {said}\n")
    assert (found.bus, found.on_spi) == (bus, bus == "spi")
    assert screen(tmp_path, "", BUS=said.strip('"')).bus == bus


@pytest.mark.parametrize(("rotate", "size"), [(0, (128, 64)), (90, (64, 128)), (180, (128, 64)), (270, (64, 128))])
def test_a_display_may_hang_any_way_round(tmp_path: Path, rotate: int, size: tuple[int, int]) -> None:
    assert screen(tmp_path, f"[screen]\nrotate = {rotate}\n").size == size


def test_a_night_is_read(tmp_path: Path) -> None:
    found = screen(tmp_path, '[screen]\nnight_from = "21:30"\nnight_to = "07:00"\nnight_contrast = 3\n')
    assert (found.night_from, found.night_to, found.night_contrast) == (time(21, 30), time(7), 3)
    assert screen(tmp_path, "", NIGHT_FROM="22:00", NIGHT_TO="06:00").night_from == time(22)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[screen]\nbus = "usb"', "line 7: [screen] bus must be 'i2c', 'spi' or the number of an I2C bus from 0 to 20"),
        ("[screen]\nbus = true", "line 7: [screen] bus must be"),
        ("[screen]\nheight = 48", "line 7: [screen] height must be 64 or 32"),
        ("[screen]\nheight = 32\nrotate = 270", "line 8: [screen] rotate: a display of 32 rows is too narrow"),
        ('[screen]\ndigits = "huge"', "line 7: [screen] digits must be 'normal' or 'large'"),
        ("[screen]\ncontrast = 256", "line 7: [screen] contrast must be a whole number from 0 to 255"),
        ('[screen]\nnight_from = "25:00"', "line 7: [screen] night_from must be a time of day"),
        ("[screen]\nnight_from = 22:00:00", "line 7: [screen] night_from must be a time of day"),
        ('[screen]\nnight_from = "22:00"', "[screen] night_from and night_to go together"),
        (
            '[[relay]]\nname = "display"\npin = 25\n[screen]\nbus = "spi"',
            "the screen's RES cannot be on GPIO 25: relay",
        ),
        ('[[relay]]\nname = "display"\npin = 11\n[screen]\nbus = "spi"', "relay display cannot be on GPIO 11: 7 to 11"),
        ('[screen]\nbus = "spi"\ndc_pin = 25', "the screen's RES cannot be on GPIO 25: the screen's DC"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        screen(tmp_path, text)
    assert told in str(caught.value)


def test_pins_of_a_bus_that_is_not_used_are_free(tmp_path: Path) -> None:
    for pin in (11, 24, 25):
        assert not screen(tmp_path, f'[[relay]]\nname = "display"\npin = {pin}\n').on_spi
