"""poste-node boot-config and udev-rules: what the Pi is told of a node's pins."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_config.boot import BEGIN, END, boot_config
from firmware_config.overlay import keypad_overlay
from firmware_config.profiles import load_profile
from firmware_config.wiring import wiring_table
from node.cli import run

TOML = """\
[post]
id = "p01"
[hub]
host = "127.0.0.1"
password = "hunter2-of-p01"
"""
Said = pytest.CaptureFixture[str]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "node.toml"
    path.touch(0o600)
    path.write_text(TOML, encoding="utf-8")
    return path


def add(config: Path, text: str) -> None:
    config.write_text(config.read_text(encoding="utf-8") + text, encoding="utf-8")


def out_of(capsys: Said, *words: str) -> str:
    """What a command prints that goes well."""
    assert run(list(words)) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def refusal(capsys: Said, *words: str, status: int = 1) -> str:
    """The one line of a command that does not."""
    assert run(list(words)) == status
    told = capsys.readouterr()
    assert told.out == ""
    assert "hunter2" not in told.err
    return told.err.splitlines()[-1]


@pytest.mark.parametrize("command", ["boot-config", "udev-rules", "keys"])
def test_help_has_examples(command: str, capsys: Said) -> None:
    assert f"poste-node {command} --config" in out_of(capsys, command, "--help")


def test_the_block_is_that_of_the_nodes_pins(config: Path, capsys: Said) -> None:
    add(config, "[[relay]]\nname = 'usb'\npin = 5\nactive_high = false\n[screen]\nbus = 'spi'\n[buzzer]\npin = 18\n")
    told = out_of(capsys, "boot-config", "--config", str(config))
    assert (told.startswith(f"{BEGIN}\n"), told.endswith(f"{END}\n")) == (True, True)
    assert {"gpio=5=op,pu,dh", "gpio=18=op,pd,dl", "dtparam=spi=on", "dtparam=strict_gpiod"} <= set(told.splitlines())


def test_what_the_node_drives_itself_is_no_overlay(config: Path, capsys: Said) -> None:
    add(config, "[led]\npin = 12\n[button]\npin = 16\n")
    told = out_of(capsys, "boot-config", "--config", str(config))
    assert {"gpio=12=op,pd,dl", "gpio=16=ip,pu"} <= set(told.splitlines())
    assert "gpio-led" not in told
    assert "gpio-shutdown" not in told


def test_what_the_kernel_drives_is_one(config: Path, capsys: Said) -> None:
    add(config, "[hardware]\nlife_led_pin = 12\nshutdown_pin = 16\n")
    told = out_of(capsys, "boot-config", "--config", str(config))
    assert "dtoverlay=gpio-led,gpio=12" in told
    assert "dtoverlay=gpio-shutdown,gpio_pin=16" in told


def test_a_profile_needs_no_file(capsys: Said) -> None:
    profile = load_profile("pi5_full")
    assert out_of(capsys, "boot-config", "--profile", "pi5_full") == boot_config(profile.hardware)
    assert profile.title_fr.partition(",")[0] in out_of(capsys, "boot-config", "--profile", "pi5_full", "--svg", "fr")


def test_a_file_that_names_a_profile_gives_what_that_gives(config: Path, capsys: Said) -> None:
    add(config, "[hardware]\nprofile = 'pi5_full'\n")
    told = out_of(capsys, "boot-config", "--config", str(config))
    assert told == out_of(capsys, "boot-config", "--profile", "pi5_full")


def test_the_wires_are_told_in_both_languages(config: Path, capsys: Said) -> None:
    add(config, "[hardware]\nprofile = 'pi3_matrix'\n")
    hardware = load_profile("pi3_matrix").hardware
    for language in ("en", "fr"):
        told = out_of(capsys, "boot-config", "--config", str(config), "--wiring", language)
        assert told == wiring_table(hardware, "fr" if language == "fr" else "en")
    drawing = out_of(capsys, "boot-config", "--config", str(config), "--svg", "en")
    assert (drawing.startswith("<svg"), "p01" in drawing) == (True, True)


def test_a_matrix_has_an_overlay(config: Path, capsys: Said) -> None:
    add(config, "[hardware]\nprofile = 'pi3_matrix'\n")
    told = out_of(capsys, "boot-config", "--config", str(config), "--overlay")
    assert told == keypad_overlay(load_profile("pi3_matrix").hardware)


def test_another_keypad_has_none(config: Path, capsys: Said) -> None:
    told = refusal(capsys, "boot-config", "--config", str(config), "--overlay")
    assert told.startswith("poste-node: the keypad is not on GPIO pins")


def test_the_block_is_put_into_a_file_and_the_rest_stays(config: Path, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "config.txt"
    path.write_text("# the Pi's own\ndtparam=audio=on\n", encoding="utf-8")
    path.chmod(0o644)
    words = ("boot-config", "--config", str(config), "--into", str(path))
    assert "sudo reboot" in out_of(capsys, *words)
    block = out_of(capsys, "boot-config", "--config", str(config))
    assert path.read_text(encoding="utf-8") == f"# the Pi's own\ndtparam=audio=on\n\n{block}"
    assert path.stat().st_mode & 0o777 == 0o644
    assert out_of(capsys, *words) == f"{path}: nothing to change\n"
    add(config, "[buzzer]\npin = 18\n")
    out_of(capsys, *words)
    text = path.read_text(encoding="utf-8")
    assert (text.count(BEGIN), "gpio=18=op,pd,dl" in text) == (1, True)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["config.txt", "node.toml"]


def test_a_file_that_cannot_be_changed_is_one_line(config: Path, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "config.txt"
    words = ("boot-config", "--config", str(config), "--into", str(path))
    assert refusal(capsys, *words) == f"poste-node: {path}: No such file or directory"
    path.write_text(f"{BEGIN}\n", encoding="utf-8")
    assert "must have the line" in refusal(capsys, *words)
    path.write_bytes(b"\xff")
    assert refusal(capsys, *words).startswith(f"poste-node: {path}: ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "one of the arguments --config --profile is required"),
        (["--config", "a", "--profile", "b"], "not allowed with"),
        (["--config", "a", "--overlay", "--wiring", "fr"], "not allowed with"),
        (["--config", "a", "--svg", "de"], "invalid choice: 'de'"),
    ],
)
def test_a_wrong_command_line_is_2(words: list[str], told: str, capsys: Said) -> None:
    assert told in refusal(capsys, "boot-config", *words, status=2)


def test_an_unknown_profile_is_one_line(capsys: Said) -> None:
    told = refusal(capsys, "boot-config", "--profile", "pi4_relay_hihg")
    assert told == "poste-node: no profile is called 'pi4_relay_hihg': did you mean 'pi4_relay_high'?"


def test_udev_rules_are_those_of_the_nodes_devices(config: Path, capsys: Said) -> None:
    link = "/dev/input/by-id/usb-Pad-event-kbd"
    add(config, f"[keypad]\nmatch = ['Numeric', '046d:c31c', '{link}']\n[screen]\nbus = 3\n")
    told = out_of(capsys, "udev-rules", "--config", str(config), "--group", "room")
    assert 'ATTRS{name}=="*[Nn][Uu][Mm][Ee][Rr][Ii][Cc]*"' in told
    assert 'ATTRS{id/vendor}=="046d", ATTRS{id/product}=="c31c"' in told
    assert 'SYMLINK=="input/by-id/usb-Pad-event-kbd"' in told
    assert 'KERNEL=="i2c-3"' in told
    assert told.count('GROUP:="room"') == 5


def test_a_group_that_is_no_word_is_refused(config: Path, capsys: Said) -> None:
    told = refusal(capsys, "udev-rules", "--config", str(config), "--group", 'a", RUN="x', status=2)
    assert "is not the name of a group" in told
