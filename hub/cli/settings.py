"""`poste-hub settings`: what the desk may change at run time, from a terminal."""

from __future__ import annotations

import argparse
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from hub.cli.common import CommandError, add_house_options, by_terminal, in_house, parser_for, settings_of, table

if TYPE_CHECKING:
    from hub.domain.house import House
    from hub.main import Workshop


def add(commands: Any) -> None:
    """Add the commands to the command line."""
    examples = """  poste-hub settings list
  poste-hub settings set language en
  poste-hub settings set code.length 8
  poste-hub settings set presets_s 900,1800,3600
"""
    group = parser_for(commands, "settings", "what the house has decided", examples)
    acts = group.add_subparsers(dest="act", required=True, metavar="ACT")

    listing = parser_for(acts, "list", "all settings of the house", "  poste-hub settings list\n")
    listing.set_defaults(handle=handle_list)

    setting = parser_for(
        acts,
        "set",
        "change one; a running hub obeys at once, and tells its posts within seconds",
        "  poste-hub settings set grace_s 120\n  poste-hub settings set warn_at_s 600,60\n",
    )
    setting.add_argument("name", help="as `settings list` shows it")
    setting.add_argument("value", help="numbers of a list with commas between; true or false; seconds and days as such")
    setting.set_defaults(handle=handle_set)

    for parser in (listing, setting):
        add_house_options(parser)


def handle_list(words: argparse.Namespace) -> int:
    """Show every setting."""
    from hub.usecases.settings import flat

    async def act(house: Workshop) -> House:
        return (await house.queries.house()).house

    found = in_house(settings_of(words), act)
    print(table(["setting", "value"], [[name, _written(value)] for name, value in flat(found)]))
    return 0


def handle_set(words: argparse.Namespace) -> int:
    """Change one setting."""
    from hub.usecases.settings import change_settings

    async def act(house: Workshop) -> None:
        await change_settings(house.room, lambda now: _with(now, words.name, words.value), by_terminal())

    in_house(settings_of(words), act)
    return 0


def _with(house: House, name: str, text: str) -> House:
    """The house with one setting read from text; CommandError when there is no such setting or no such value."""
    from firmware_config.toml_text import nearest
    from hub.usecases.settings import flat

    now = dict(flat(house))
    if name not in now:
        raise CommandError(f"no such setting {name!r}{nearest(name, now)}")
    outer, _, inner = name.rpartition(".")
    if outer:
        return replace(house, **{outer: replace(getattr(house, outer), **{inner: _read(name, text, now[name])})})
    changed: House = replace(house, **{name: _read(name, text, now[name])})  # type: ignore[arg-type]
    return changed


def _read(name: str, text: str, now: object) -> object:
    """A value of the kind that the setting has now."""
    try:
        if isinstance(now, bool):
            return {"true": True, "false": False}[text]
        if isinstance(now, Enum):
            return type(now)(text)
        if isinstance(now, int):
            return int(text)
        if isinstance(now, tuple):
            return tuple(int(part) for part in text.split(",")) if text.strip() else ()
    except (ValueError, KeyError):
        raise CommandError(f"{name} must be {_kind(now)}") from None
    return text


def _kind(now: object) -> str:
    if isinstance(now, bool):
        return "true or false"
    if isinstance(now, Enum):
        return f"one of {', '.join(type(now))}"
    return "whole numbers with commas between" if isinstance(now, tuple) else "a whole number"


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value).replace("\n", "\\n")
