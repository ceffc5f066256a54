"""The node's command line: one file a command, each with `add(commands)` and `handle(words)`."""

from __future__ import annotations

import argparse
import sys

from node.cli import boot_config, check, keys, run_node, udev_rules
from node.cli.common import CommandError, version
from node.settings import SettingsError

_COMMANDS = (run_node, check, keys, boot_config, udev_rules)
"""In the order of `--help`. A new command is a module that joins this list."""

_EXAMPLES = """\
examples:
  poste-node run --config /etc/poste/node.toml
  poste-node run --config node.toml --sim 127.0.0.1:8401
  poste-node check --config /etc/poste/node.toml
  poste-node boot-config --config /etc/poste/node.toml --into /boot/firmware/config.txt
"""


def run(argv: list[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, 1 for what went wrong, 2 for a wrong command line."""
    try:
        words = _parser().parse_args(argv)
    except SystemExit as end:  # argparse has said its line
        return int(end.code or 0)
    try:
        status: int = words.handle(words)
    except (CommandError, SettingsError) as error:
        print(f"poste-node: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before the shell listens to signals
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="poste-node",
        description="The node beside a public computer: keypad, screen and relays.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"poste-node {version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add(commands)
    return parser
