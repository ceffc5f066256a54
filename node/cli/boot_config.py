"""poste-node boot-config: what the Pi must be told of this node's pins, rendered from node.toml."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import Any, get_args

from firmware_config.boot import boot_config, with_block
from firmware_config.drawing import wiring_svg
from firmware_config.errors import FirmwareConfigError
from firmware_config.hardware import Hardware
from firmware_config.modules import Language
from firmware_config.overlay import keypad_overlay
from firmware_config.profiles import load_profile
from firmware_config.wiring import wiring_table
from node.cli.common import CommandError, parser_for, settings_of
from node.settings import hardware_of

_EXAMPLES = """\
Without an option: the block for the end of /boot/firmware/config.txt.

examples:
  poste-node boot-config --config /etc/poste/node.toml
  sudo poste-node boot-config --config /etc/poste/node.toml --into /boot/firmware/config.txt
      put the block there, instead of the one that is there; nothing else is touched
  poste-node boot-config --config node.toml --overlay > poste-keypad.dts
  dtc -@ -I dts -O dtb -o /boot/firmware/overlays/poste-keypad.dtbo poste-keypad.dts
      a matrix keypad's device tree overlay
  poste-node boot-config --profile pi4_relay_high --svg fr > cablage.svg
"""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = parser_for(
        commands,
        "boot-config",
        "the Pi's config.txt for this node's pins; also its wiring",
        "Print what the Pi's config.txt must say for this node's pins, or how they are wired.",
        _EXAMPLES,
        profile=True,
    )
    languages = get_args(Language)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--into", type=Path, metavar="FILE", help="put the block into this config.txt")
    what.add_argument("--overlay", action="store_true", help="print a matrix keypad's device tree overlay instead")
    what.add_argument("--wiring", choices=languages, help="print a table of the wires instead")
    what.add_argument("--svg", choices=languages, help="print a drawing of the wires instead")
    parser.set_defaults(handle=handle)


def handle(words: argparse.Namespace) -> int:
    """Print what is wanted, or write it into config.txt."""
    hardware, title = _hardware(words)
    try:
        if words.into is not None:
            print(_put(words.into, boot_config(hardware)))
        else:
            print(_rendered(words, hardware, title), end="")
    except FirmwareConfigError as error:
        raise CommandError(str(error)) from error
    return 0


def _hardware(words: argparse.Namespace) -> tuple[Hardware, str]:
    """The hardware that is meant, and what it is called."""
    if words.profile is None:
        settings = settings_of(words)
        return hardware_of(settings), settings.post.id
    try:
        profile = load_profile(words.profile)
    except FirmwareConfigError as error:
        raise CommandError(str(error)) from error
    return profile.hardware, profile.title_fr if words.svg == "fr" else profile.title_en


def _rendered(words: argparse.Namespace, hardware: Hardware, title: str) -> str:
    if words.overlay:
        return keypad_overlay(hardware)
    if words.wiring:
        return wiring_table(hardware, words.wiring)
    if words.svg:
        return wiring_svg(hardware, title, words.svg)
    return boot_config(hardware)


def _put(path: Path, block: str) -> str:
    """Put the block into a config.txt; returns what was done. The file is at every moment the old or the new one."""
    try:
        before = path.read_text(encoding="utf-8")
        after = with_block(before, block)
        if after == before:
            return f"{path}: nothing to change"
        _replace(path, after)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    return f"{path}: written; it counts from the next start of the Pi (sudo reboot)"


def _replace(path: Path, text: str) -> None:
    # Half a config.txt could be a Pi that does not start.
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(number, "w", encoding="utf-8") as file:  # noqa: PTH123 - the file is open already
            file.write(text)
            file.flush()
            os.fchmod(number, path.stat().st_mode & 0o777)
            os.fsync(number)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
