"""The command line of the hub: one file a command."""

from __future__ import annotations

import argparse
import sys

from hub.cli import demo, migrate, operator, post, run_hub, session
from hub.cli.common import CommandError

_EXAMPLES = """examples:
  poste-hub demo                                    the whole room on this machine, to try it
  poste-hub run --data /var/lib/poste               the hub, with its own database file and broker
  poste-hub operator add marie --role admin --password-stdin
  poste-hub post add p01 --name "Post 1" --out node.toml
  poste-hub session issue --minutes 30
"""


def run(argv: list[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, 1 for what went wrong, 2 for a wrong command line."""
    parser = argparse.ArgumentParser(
        prog="poste-hub",
        description="The hub of a room of public computers.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and end")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in (run_hub, demo, operator, post, session, migrate):
        command.add(commands)
    try:
        words = parser.parse_args(argv)
    except SystemExit as end:  # argparse has said its line
        return int(end.code or 0)
    if words.version:
        from hub.main import VERSION

        print(f"poste-hub {VERSION}")
        return 0
    if words.command is None:
        parser.print_help()
        return 2
    try:
        status: int = words.handle(words)
    except CommandError as error:
        print(f"poste-hub: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status
