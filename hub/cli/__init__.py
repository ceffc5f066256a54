"""The command line of the hub: one file a command."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.metadata import version

from hub.cli import backup, broker_config, check, demo, migrate, operator, post, run_hub, session, settings
from hub.cli.common import CommandError
from hub.settings import SettingsError

_EXAMPLES = """examples:
  poste-hub demo                                    the whole room on this machine, to try it
  poste-hub run --data /var/lib/poste               the hub, with its own database file and broker
  poste-hub operator add marie --role admin --password-stdin
  poste-hub post add p01 --name "Post 1" --out node.toml
  poste-hub session issue --minutes 30
  poste-hub check                                   what is wrong, and how to mend it
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
    parser.add_argument("--version", action="version", version=f"poste-hub {version('poste-public')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in (run_hub, demo, operator, post, session, settings, migrate, backup, check, broker_config):
        command.add(commands)
    argv = sys.argv[1:] if argv is None else argv
    try:
        if not all(word.isprintable() for word in argv):  # also bytes that are not UTF-8
            parser.error("an argument has signs that cannot be printed")
        words = parser.parse_args(argv)
    except SystemExit as end:  # argparse has said its line
        return int(end.code or 0)
    try:
        status: int = words.handle(words)
        sys.stdout.flush()  # now, while it can still be told that nobody can read it
    except (CommandError, SettingsError) as error:
        print(f"poste-hub: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:  # all others are told by the commands: this one is of what they say
        return _unheard(error)
    return status


def _unheard(error: OSError) -> int:
    """Standard output takes no more: `| head` has seen enough, which is worth no word, or its disk is full."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python tries again at its end, and complains
    if not isinstance(error, BrokenPipeError):
        print(f"poste-hub: standard output cannot be written: {error.strerror}", file=sys.stderr)
    return 1
