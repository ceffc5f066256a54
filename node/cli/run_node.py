"""poste-node run: be a post."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from node.cli.common import CommandError, address, log_to_stderr, parser_for, settings_of, version

_EXAMPLES = """\
Environment variables override the file: POSTE_NODE_HUB_HOST is [hub] host, and so on.

examples:
  poste-node run --config /etc/poste/node.toml
      the post on its keypad, OLED and relays
  poste-node run --config node.toml --sim 127.0.0.1:8401
      all of them virtual, on a page at that address (port 0: any free one)
  POSTE_NODE_HUB_HOST=10.0.0.2 poste-node run --config node.toml --log-level debug
"""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = parser_for(
        commands,
        "run",
        "be a post, on real or on simulated hardware",
        "Be a post until SIGTERM or Ctrl-C; then the power goes off and the rest is given back.",
        _EXAMPLES,
    )
    parser.add_argument("--sim", type=address, metavar="HOST:PORT", help="virtual hardware, and a page at this address")
    parser.add_argument(
        "--log-level", choices=["debug", "info", "warning", "error"], default="info", help="default: info"
    )
    parser.set_defaults(handle=handle)


def handle(words: argparse.Namespace) -> int:
    """Run the node to its end."""
    log_to_stderr(words.log_level)
    settings = settings_of(words)
    from node.main import NodeError, run_real, run_simulated

    try:
        if words.sim is None:
            asyncio.run(run_real(settings, version(), _announce))
        else:
            host, port = words.sim
            asyncio.run(run_simulated(settings, version(), host, port, _announce))
    except NodeError as error:
        raise CommandError(str(error)) from error
    return 0


def _announce(line: str) -> None:
    print(line, flush=True)
