"""`poste-hub migrate`: bring the database to the schema that this version knows."""

from __future__ import annotations

import argparse
from typing import Any

from hub.cli.common import add_house_options, in_house, parser_for, settings_of


def add(commands: Any) -> None:
    """Add the command to the command line."""
    about = "bring the database up to date; the hub does it at each start by itself"
    parser = parser_for(commands, "migrate", about, "  poste-hub migrate --data /var/lib/poste\n")
    add_house_options(parser)
    parser.set_defaults(handle=handle)


def handle(words: argparse.Namespace) -> int:
    """Migrate, and say so."""

    async def nothing(_: Any) -> None: ...

    in_house(settings_of(words), nothing)
    print("the database is up to date")
    return 0
