"""`poste-hub backup` and `restore`: the whole house in one file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hub.cli.common import add_house_options, by_terminal, in_house, parser_for, saying_why, settings_of

if TYPE_CHECKING:
    from hub.main import Workshop
    from hub.main.backup import Backup

_BACKUP = """  poste-hub backup /srv/backups/poste.tar.gz
      beside a running hub: database, keys, the broker's authority; checked, and mode 0600, for it holds secrets
"""
_RESTORE = """  poste-hub restore /srv/backups/poste.tar.gz --data /var/lib/poste
      into an empty folder, while no hub runs in it; run it as the hub's own user
  poste-hub restore poste.tar.gz --replace
      and put what was there aside, in a folder beside it

The hub that then starts hears every post out before it takes codes again: two minutes at most.
"""
_STEP = 10


def add(commands: Any) -> None:
    """Add the commands to the command line."""
    parser = parser_for(commands, "backup", "write the whole house to one file, beside a running hub", _BACKUP)
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that is not there yet")
    add_house_options(parser)
    parser.set_defaults(handle=handle_backup)

    parser = parser_for(commands, "restore", "put a backup in the place of the house", _RESTORE)
    parser.add_argument("file", type=Path, metavar="FILE", help="what backup has written")
    parser.add_argument("--replace", action="store_true", help="also where a house is, which is kept beside it")
    add_house_options(parser)
    parser.set_defaults(handle=handle_restore)


def handle_backup(words: argparse.Namespace) -> int:
    """Write an archive."""
    from hub.main.backup import back_up

    settings = settings_of(words)

    async def act(house: Workshop) -> Backup:
        return await back_up(settings, house, words.file, by_terminal(), telling())

    made = in_house(settings, act)
    print(f"wrote {made.path} ({made.size / 1024:.0f} KiB), checked: it holds the keys, keep it where nobody reads it")
    return 0


def handle_restore(words: argparse.Namespace) -> int:
    """Put an archive's house in the data folder."""
    from hub.main.restore import restore

    settings = settings_of(words)
    taken = saying_why(lambda: restore(settings, words.file, by_terminal(), replace=words.replace))
    print(f"restored the house of {taken:%Y-%m-%d %H:%M} (UTC) in {settings.data}: start the hub")
    return 0


def telling() -> Callable[[int, int], None]:
    """Tells how far a copy is that is not done at once: in steps of ten per cent, on standard error."""
    told = 0

    def tell(done: int, total: int) -> None:
        nonlocal told
        now = done * 100 // max(1, total)
        if told + _STEP <= now < 100:
            told = now
            print(f"poste-hub: {now} % copied", file=sys.stderr)

    return tell
