"""`poste-hub demo`: the whole room on this machine."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from hub.cli.common import CommandError, log_to_stderr, parser_for, saying_why, until_signal

MOST_POSTS = 60

_EXAMPLES = """  poste-hub demo
  poste-hub demo --posts 5 --listen 127.0.0.1:9000
  poste-hub demo --listen 127.0.0.1:0 --json       any free ports, told in one line of JSON

The room is kept in the data folder: the next start finds the same accounts, posts and stays.
"""


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = parser_for(
        commands, "demo", "run a whole room on this machine: hub, broker and simulated posts", _EXAMPLES
    )
    parser.add_argument("--data", type=Path, default=Path(".demo"), metavar="DIR", help="default: ./.demo")
    parser.add_argument(
        "--listen",
        default="127.0.0.1:8400",
        metavar="HOST:PORT",
        help="the panel; posts take the ports after it, the broker the one 90 above; default: 127.0.0.1:8400",
    )
    parser.add_argument("--posts", type=int, default=3, metavar="N", help=f"1 to {MOST_POSTS}; default: 3")
    parser.add_argument("--json", action="store_true", help="one line of JSON when the room is ready")
    parser.set_defaults(handle=handle)


def handle(words: argparse.Namespace) -> int:
    """Run the room until Ctrl-C."""
    from hub.main.demo import DemoError, DemoOptions, demo
    from hub.settings import load_settings

    if not 1 <= words.posts <= MOST_POSTS:
        raise CommandError(f"--posts must be 1 to {MOST_POSTS}")

    def announce(told: dict[str, Any]) -> None:
        print(json.dumps(told) if words.json else _welcome(told, words.data), flush=True)

    async def work() -> None:
        listen = load_settings(None, {}, {"listen": words.listen}).listen
        await demo(DemoOptions(words.data, listen, words.posts), until_signal(), announce)

    log_to_stderr("info")
    if not words.json:
        print("starting the room…", file=sys.stderr, flush=True)
    try:
        saying_why(work)
    except DemoError as error:
        raise CommandError(str(error)) from error
    if not words.json:
        print("\nthe room is closed; the next start finds it as it is", file=sys.stderr)
    return 0


def _welcome(told: dict[str, Any], data: Path) -> str:
    posts = "\n".join(f"  {post['id']}      {post['url']}" for post in told["posts"])
    mqtt = told["mqtt"]
    return f"""
The room is open.

  panel    {told["panel"]}
           sign in as {told["username"]} with the password {told["password"]}

{posts}

  monitor  mqtt://{mqtt["username"]}@{mqtt["host"]}:{mqtt["port"]}, password in {data / "monitor.json"}

Issue a code in the panel, type it on a post's page, and watch its relays. Ctrl-C ends the room."""
