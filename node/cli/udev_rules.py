"""poste-node udev-rules: the rules that give the node its devices, rendered from node.toml."""

from __future__ import annotations

import argparse
import re
from typing import Any

from firmware_config.udev import GROUP, RULES_FILE, udev_rules
from node.cli.common import parser_for, settings_of
from node.settings import hardware_of

_EXAMPLES = f"""\
examples:
  poste-node udev-rules --config /etc/poste/node.toml | sudo tee /etc/udev/rules.d/{RULES_FILE}
  sudo udevadm control --reload && sudo udevadm trigger
"""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = parser_for(
        commands,
        "udev-rules",
        "the udev rules for this node's keypad, screen and pins",
        "Print the udev rules that let the node reach its keypad, screen and pins, and keep the keypad for itself.",
        _EXAMPLES,
    )
    parser.add_argument(
        "--group", type=_group, default=GROUP, metavar="NAME", help=f"the group of the node's user; default: {GROUP}"
    )
    parser.set_defaults(handle=handle)


def handle(words: argparse.Namespace) -> int:
    """Print the rules."""
    print(udev_rules(hardware_of(settings_of(words)), words.group), end="")
    return 0


def _group(text: str) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_-]{0,31}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not the name of a group")
    return text
