"""Waiting for what must happen, on a slow machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep
from typing import TypeVar

PATIENCE_S = 60.0
"""How long a test waits for what must happen; nothing waits that long when all is well."""
LOOK_S = 0.01

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Moment:
    """When something changed, by the monotonic clock in seconds: after the one instant and before the other."""

    after: float
    before: float


def moment(look: Callable[[], bool], what: str, *, within_s: float = PATIENCE_S) -> Moment:
    """When it becomes true, as narrowly as looking tells."""
    deadline = monotonic() + within_s
    after = began = monotonic()
    while not look():
        after = began
        assert after < deadline, f"{what}: not within {within_s} s"
        sleep(LOOK_S)
        began = monotonic()
    return Moment(after, monotonic())


def until(look: Callable[[], T | None], what: str, *, within_s: float = PATIENCE_S, every_s: float = LOOK_S) -> T:
    """Look again and again until there is something true to see; AssertionError says what was awaited."""
    deadline = monotonic() + within_s
    while not (seen := look()):
        assert monotonic() < deadline, f"{what}: not within {within_s} s"
        sleep(every_s)
    return seen
