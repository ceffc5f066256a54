"""What the commands share: their parsers, their errors, and the way to the settings."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from node.settings import Settings, load_settings, open_to_others


class CommandError(Exception):
    """A command cannot do what it was asked; the text is one line that says why, and what to do."""


def parser_for(
    commands: Any, name: str, about: str, description: str, examples: str, *, profile: bool = False
) -> argparse.ArgumentParser:
    """A command's parser, with its examples below the options. `commands` is what add_subparsers() returned.

    `profile`: the command works for a hardware profile, too, which is then named instead of a file.
    """
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=about,
        description=description,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    if profile:
        source = made.add_mutually_exclusive_group(required=True)
        source.add_argument("--config", type=Path, metavar="FILE", help="node.toml")
        source.add_argument("--profile", metavar="NAME", help="a hardware profile (see docs/hardware.md) instead")
    else:
        made.add_argument("--config", type=Path, required=True, metavar="FILE", help="node.toml")
    return made


def settings_of(words: argparse.Namespace) -> Settings:
    """The settings of `--config` and the environment; warns on stderr of a file that others can read.

    SettingsError when one is wrong.
    """
    settings = load_settings(words.config, os.environ)
    if open_to_others(words.config):
        print(
            f"poste-node: warning: others can read {words.config}, which holds a password: chmod 600 {words.config}",
            file=sys.stderr,
        )
    return settings


def address(text: str) -> tuple[str, int]:
    """HOST:PORT of an option, as argparse wants its types."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT, such as 127.0.0.1:8401")
    return host, int(port)


def version() -> str:
    """The version of the package."""
    try:
        return metadata.version("poste-public")
    except metadata.PackageNotFoundError:  # a source tree that is not installed
        return "0+source"


def log_to_stderr(level: str) -> None:
    """Human lines on stderr; what libraries chat about is left out."""
    logging.basicConfig(
        stream=sys.stderr, level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for noisy in ("asyncio", "mqtt", "aiohttp", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
