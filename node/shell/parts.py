"""What the shell is made of: the ports, and how a part that must go on for ever is run."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field

from node.ports import Button, Buzzer, Clock, HubLink, Journal, Keypad, Lamp, Machine, Power, Screen, Supervisor
from node.shell.health import Unwatched


class ShellDied(Exception):
    """A part that must go on for ever has ended; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Ports:
    """All that a shell needs of the world."""

    journal: Journal
    clock: Clock
    keypad: Keypad
    screen: Screen
    power: Power
    buzzer: Buzzer
    link: HubLink
    supervisor: Supervisor = field(default_factory=Unwatched)
    lamp: Lamp | None = None
    button: Button | None = None
    machine: Machine | None = None


async def for_ever(name: str, part: Awaitable[None]) -> None:
    """Run a part that must not end; ShellDied when it does, in whatever way."""
    try:
        await part
    except Exception as error:
        raise ShellDied(f"the {name} failed: {type(error).__name__}: {error}") from error
    raise ShellDied(f"the {name} came to an end")


def first(group: ExceptionGroup[Exception]) -> Exception:
    """What went wrong first; the rest are told in the chain."""
    error = group.exceptions[0]
    return first(error) if isinstance(error, ExceptionGroup) else error
