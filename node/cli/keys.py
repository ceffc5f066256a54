"""poste-node keys: learn a keypad's keys, and write them down as a key-map."""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from firmware_config.keymaps import KeymapError, parse_keymap
from node.cli.common import CommandError, log_to_stderr, parser_for, settings_of
from node.cli.learn import Answered, Heard, Plugged, Pressed, keymap_toml, learn
from node.core.events import KeypadBack, KeypadLost

_EXAMPLES = """\
Stop the post first (systemctl stop poste-node): it keeps its keypad for itself. The pad is the one that [keypad] match
means; answer at another keyboard, such as that of an SSH session.

examples:
  poste-node keys --config /etc/poste/node.toml
      ask for each key, and print the key-map
  poste-node keys --config /etc/poste/node.toml --out /etc/poste/my-pad.toml
      write it to a file; then say keymap = "my-pad.toml" in [keypad] of node.toml
"""

Events = AsyncIterator[tuple[str, ...] | KeypadLost | KeypadBack]


def add(commands: Any) -> None:
    """Add the command to the command line."""
    parser = parser_for(
        commands,
        "keys",
        "learn a keypad's keys, and write a key-map",
        "Ask for each key of the keypad in turn, and write down what they are as a key-map.",
        _EXAMPLES,
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="a new file for the key-map; default: print it")
    parser.set_defaults(handle=handle)


def handle(words: argparse.Namespace) -> int:
    """Ask, then print or write."""
    log_to_stderr("warning")
    settings = settings_of(words)
    if words.out is not None and words.out.exists():
        raise CommandError(f"--out: {words.out} is there already: name another file")
    from node.adapters.keypad_evdev import evdev_key_presses

    events = evdev_key_presses(settings.keypad.match).events()
    text = asyncio.run(taught(events, sys.stdin, _say))
    if words.out is None:
        print(text, end="")
        return 0
    save(words.out, text)
    _say(f'Written. Say keymap = "{words.out.resolve()}" in [keypad] of {words.config}.')
    return 0


def save(out: Path, text: str) -> None:
    """Write a new key-map's file, readable by all; CommandError where that cannot be, or one is there already."""
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
        out.chmod(0o644)  # nothing secret, and the node's user has to read it
    except OSError as error:
        raise CommandError(f"--out: {out}: {error.strerror or error}") from error


async def taught(events: Events, terminal: TextIO, say: Callable[[str], None]) -> str:
    """The text of the key-map that someone at a pad and a terminal has shown. CommandError for one that is no use."""
    heard: asyncio.Queue[Heard | None] = asyncio.Queue()
    _read_lines(terminal, heard)
    listening = asyncio.create_task(_listen(events, heard))
    listening.add_done_callback(lambda _: heard.put_nowait(None))

    async def hear() -> Heard:
        one = await heard.get()
        if one is None:
            if listening.done():
                listening.result()  # no end but an exception
            raise CommandError("the terminal has closed before all was asked: nothing is written")
        return one

    try:
        keys = await learn(hear, say)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    text = keymap_toml("Learned with poste-node keys", keys)
    try:
        parse_keymap("learned", text)
    except KeymapError as error:
        raise CommandError(str(error)) from error
    return text


async def _listen(events: Events, heard: asyncio.Queue[Heard | None]) -> None:
    async for event in events:
        match event:
            case KeypadLost(name):
                await heard.put(Plugged(f"no {name}: plug it in, or see [keypad] match (and stop the post)"))
            case KeypadBack(name):
                await heard.put(Plugged(f"found {name}"))
            case names:
                await heard.put(Pressed(names))


def _read_lines(terminal: TextIO, heard: asyncio.Queue[Heard | None]) -> None:
    """Have a thread put each line on the queue, and None at the end: a terminal cannot always be polled."""
    loop = asyncio.get_running_loop()

    def put(one: Heard | None) -> None:
        with suppress(RuntimeError):  # the loop has ended: nobody asks any more
            loop.call_soon_threadsafe(heard.put_nowait, one)

    def read() -> None:
        for line in terminal:
            put(Answered(line))
        put(None)

    threading.Thread(target=read, name="terminal", daemon=True).start()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
