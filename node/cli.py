"""The node's command line."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from importlib import metadata
from pathlib import Path

_EXAMPLES = """\
examples:
  poste-node run --config /etc/poste/node.toml
  poste-node run --config node.toml --sim 127.0.0.1:8401
"""
_RUN_EXAMPLES = """\
Environment variables override the file: POSTE_NODE_HUB_HOST is [hub] host, and so on.

examples:
  poste-node run --config /etc/poste/node.toml
      the post on its keypad, OLED and relays
  poste-node run --config node.toml --sim 127.0.0.1:8401
      all of them virtual, on a page at that address (port 0: any free one)
  POSTE_NODE_HUB_HOST=10.0.0.2 poste-node run --config node.toml --log-level debug
"""


def run(argv: list[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, 1 for what went wrong, 2 for a wrong command line."""
    try:
        words = _parser().parse_args(argv)
    except SystemExit as end:  # argparse has said its line
        return int(end.code or 0)
    return _run_node(words)


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="poste-node",
        description="The node beside a public computer: keypad, screen and relays.",
        epilog=_EXAMPLES,
        formatter_class=raw,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"poste-node {_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser(
        "run",
        help="be a post, on real or on simulated hardware",
        description="Be a post until SIGTERM or Ctrl-C; then the power goes off and the rest is given back.",
        epilog=_RUN_EXAMPLES,
        formatter_class=raw,
        allow_abbrev=False,
    )
    command.add_argument("--config", type=Path, required=True, metavar="FILE", help="node.toml")
    command.add_argument(
        "--sim", type=_address, metavar="HOST:PORT", help="virtual hardware, and a page at this address"
    )
    command.add_argument(
        "--log-level", choices=["debug", "info", "warning", "error"], default="info", help="default: info"
    )
    return parser


def _version() -> str:
    try:
        return metadata.version("poste-public")
    except metadata.PackageNotFoundError:  # a source tree that is not installed
        return "0+source"


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT, such as 127.0.0.1:8401")
    return host, int(port)


def _run_node(words: argparse.Namespace) -> int:
    from node.settings import SettingsError, load_settings, open_to_others

    _log_to_stderr(words.log_level)
    try:
        settings = load_settings(words.config, os.environ)
    except SettingsError as error:
        return _fail(str(error))
    if open_to_others(words.config):
        print(
            f"poste-node: warning: others can read {words.config}, which holds a password: chmod 600 {words.config}",
            file=sys.stderr,
        )
    from node.main import NodeError, run_real, run_simulated

    try:
        if words.sim is None:
            asyncio.run(run_real(settings, _version(), _announce))
        else:
            host, port = words.sim
            asyncio.run(run_simulated(settings, _version(), host, port, _announce))
    except NodeError as error:
        return _fail(str(error))
    except KeyboardInterrupt:  # before the shell listens to signals
        return 130
    return 0


def _log_to_stderr(level: str) -> None:
    logging.basicConfig(
        stream=sys.stderr, level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for noisy in ("asyncio", "mqtt", "aiohttp", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _announce(line: str) -> None:
    print(line, flush=True)


def _fail(line: str) -> int:
    print(f"poste-node: {line}", file=sys.stderr)
    return 1
