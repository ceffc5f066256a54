"""The conversation in which someone shows which key of a pad is which, and the key-map that is made of it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from string import ascii_uppercase, digits


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key of the pad was pressed: all of its evdev names, the usual one first."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A line was typed at the terminal."""

    line: str


@dataclass(frozen=True, slots=True)
class Plugged:
    """A pad was found or lost; `told` says it in words."""

    told: str


Heard = Pressed | Answered | Plugged

MEANINGS = {
    "confirm": "confirms a code",
    "erase": "erases the last sign",
    "balance": "shows the time left",
    "pause": "pauses the stay",
    "end": "ends the stay",
    "language": "changes the language",
    "help": "calls the desk",
}
_SKIP_REST = "rest"
_ROUNDS = (
    ("actions", tuple(MEANINGS)),
    ("digits", tuple(digits)),
    ("letters", tuple(ascii_uppercase)),
)


async def learn(hear: Callable[[], Awaitable[Heard]], say: Callable[[str], None]) -> dict[str, str]:
    """Ask for each action and sign in turn; returns evdev key name -> sign or action, as a key-map has them.

    Confirm cannot be skipped, as without it no code could be entered; any other can, and so can the rest of its kind.
    """
    keys: dict[str, str] = {}
    say(f"Press the key that is asked for. Enter here: skip it; '{_SKIP_REST}' and Enter: skip the rest of its kind.")
    for kind, words in _ROUNDS:
        for word in words:
            if not await _ask(word, keys, hear, say):
                say(f"  no more {kind}")
                break
    return keys


async def _ask(
    word: str, keys: dict[str, str], hear: Callable[[], Awaitable[Heard]], say: Callable[[str], None]
) -> bool:
    """One key; False when the rest of its kind is to be skipped."""
    say(f"The key that {MEANINGS[word]} ({word}):" if word in MEANINGS else f"The key for {word}:")
    while True:
        match await hear():
            case Plugged(told):
                say(f"  {told}")
            case Answered(line) if word == "confirm":
                say(
                    "  this one is needed: press the key on the pad"
                    + (f" ({line.strip()!r} is no key)" if line.strip() else "")
                )
            case Answered(line) if line.strip().lower() == _SKIP_REST:
                return False
            case Answered(line) if line.strip():
                say(f"  press the key on the pad; Enter alone skips it, '{_SKIP_REST}' the rest of its kind")
            case Answered():
                say("  skipped")
                return True
            case Pressed(names):
                if (other := next((keys[name] for name in names if name in keys), None)) is None:
                    keys[names[0]] = word
                    say(f"  {names[0]}")
                    return True
                say(f"  {names[0]} is {other} already: press another one")


def keymap_toml(description: str, keys: Mapping[str, str]) -> str:
    """A key-map's file, in the order in which the keys were learned."""
    lines = [f"description = {_quoted(description)}", "", "[keys]"]
    return "\n".join([*lines, *(f"{name} = {_quoted(word)}" for name, word in keys.items())]) + "\n"


def _quoted(text: str) -> str:
    # JSON's escapes are a part of TOML's, but for the one sign that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
