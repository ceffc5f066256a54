"""What the commands share: their options, their errors, and a way into the house."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from hub.settings import Settings, load_settings
from hub.usecases.work import By

if TYPE_CHECKING:
    from hub.main import Workshop

T = TypeVar("T")


class CommandError(Exception):
    """A command cannot do what it was asked; the text is one line that says why, and what to do."""


def parser_for(commands: Any, name: str, about: str, examples: str) -> argparse.ArgumentParser:
    """A command's parser, with its examples below the options."""
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=about,
        description=about[0].upper() + about[1:] + ".",
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    return made


def add_house_options(parser: argparse.ArgumentParser) -> None:
    """The options by which every command finds the house that it works on."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="a TOML file (see docs/operating.md)")
    parser.add_argument("--data", metavar="DIR", help="the data folder; default: ./poste-data")
    parser.add_argument("--database", metavar="URL", help="postgres://…; default: a SQLite file in the data folder")


def settings_of(words: argparse.Namespace, *names: str) -> Settings:
    """The settings that file, environment and the named options give; SettingsError when one is wrong."""
    if words.database is not None and "@" in words.database and ":" in urlsplit(words.database).netloc.split("@")[0]:
        raise CommandError(
            "--database: others can see a password among the arguments: give the address as POSTE_HUB_DATABASE, "
            "or as database in the file of --config"
        )
    options = {name: getattr(words, name) for name in ("data", "database", *names)}
    return load_settings(words.config, os.environ, options)


def by_terminal() -> By:
    """Who acts from a terminal, as the journal has it."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have a number only
        name = f"user {os.getuid()}"
    return By(f"{name} (terminal)")


def in_house(settings: Settings, act: Callable[[Workshop], Awaitable[T]]) -> T:
    """Open the house, do one thing in it, close it; CommandError for whatever forbids it."""
    from hub.main import workshop

    async def doing() -> T:
        async with workshop(settings) as house:
            return await act(house)

    return saying_why(doing)


def saying_why(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run to the end; what an operator can mend becomes a CommandError, a bug of ours stays a traceback."""
    from hub.adapters.db.errors import DatabaseUnusable
    from hub.adapters.db.migrate import SchemaError
    from hub.adapters.mint import KeyFileError
    from hub.adapters.mqtt.ports import BrokerError
    from hub.domain.errors import HubError, Invalid
    from hub.main.backup import BackupError
    from hub.usecases.ports import Unavailable

    try:
        return _run(work())
    except Invalid as error:
        raise CommandError("; ".join(f"{field} {text}" for field, text in error.errors)) from error
    except (HubError, SchemaError, Unavailable, DatabaseUnusable, KeyFileError, BrokerError, BackupError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise CommandError(f"{where}{error.strerror or error}") from error


def _run(work: Coroutine[Any, Any, T]) -> T:
    """On uvloop, which spares the hub a fifth of its work; on asyncio's own loop where that is not to be had."""
    try:
        from uvloop import run
    except ImportError:
        return asyncio.run(work)
    return run(work)


def password_from_stdin() -> str:
    """The first line of standard input, without its end; at a terminal it is typed unseen."""
    try:
        password = getpass.getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        password.encode()  # where the locale is no UTF-8, odd bytes come this far
    except UnicodeError:
        raise CommandError("the password on standard input is not UTF-8") from None
    if not password:
        raise CommandError("no password on standard input: give a file with < FILE, or type it")
    return password


def until_signal() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    return stop


def log_to_stderr(level: str, form: str = "human") -> None:
    """Lines in that form (human, json); the libraries only when they complain."""
    from hub.adapters.logs import FORMATTERS

    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(FORMATTERS[form]())
    logging.basicConfig(handlers=[lines], level=level.upper())
    logging.captureWarnings(True)
    for noisy in ("aiohttp", "aiosqlite", "asyncio", "mqtt", "tortoise"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they need to be."""
    widths = [max(len(line[at]) for line in [heads, *rows]) for at in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in [heads, *rows]]
    return "\n".join(line.rstrip() for line in lines)
