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
from typing import Any, TypeVar

from hub.settings import Settings, SettingsError, load_settings
from hub.usecases.work import By

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
    """The settings that file, environment and the named options give."""
    options = {name: getattr(words, name) for name in ("data", "database", *names)}
    try:
        return load_settings(words.config, os.environ, options)
    except SettingsError as error:
        raise CommandError(str(error)) from error


def by_terminal() -> By:
    """Who acts from a terminal, as the journal has it."""
    return By(f"{getpass.getuser()} (terminal)")


def in_house(settings: Settings, act: Callable[[Any], Awaitable[T]]) -> T:
    """Open the house, do one thing in it, close it; CommandError for whatever forbids it."""
    from hub.main import workshop

    async def doing() -> T:
        async with workshop(settings) as house:
            return await act(house)

    return saying_why(doing)


def saying_why(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run to the end; what an operator can mend becomes a CommandError, a bug of ours stays a traceback."""
    from hub.adapters.db.migrate import SchemaError
    from hub.adapters.db.sqlite_engine import DatabaseBusy
    from hub.adapters.mint import KeyFileError
    from hub.adapters.mqtt.ports import BrokerError
    from hub.domain.errors import HubError

    try:
        return asyncio.run(work())
    except (HubError, SettingsError, SchemaError, DatabaseBusy, KeyFileError, BrokerError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{error.filename or 'the system'}: {error.strerror or error}") from error


def password_from_stdin() -> str:
    """The first line of standard input, without its end."""
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandError("no password on standard input: echo it into the command, or type it and press Enter")
    return password


def until_signal() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    return stop


def log_to_stderr(level: str) -> None:
    """Human lines; the libraries only when they complain."""
    logging.basicConfig(
        stream=sys.stderr, level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for noisy in ("aiohttp", "aiosqlite", "asyncio", "mqtt", "tortoise"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they need to be."""
    widths = [max(len(line[at]) for line in [heads, *rows]) for at in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in [heads, *rows]]
    return "\n".join(line.rstrip() for line in lines)
