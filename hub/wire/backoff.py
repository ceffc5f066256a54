"""How long a side waits before it tries the broker again; a contract, lest a room return in one blow."""

from __future__ import annotations

from collections.abc import Callable, Iterator

FIRST_S = 0.5
MOST_S = 10.0
"""Spread over this, a thousand nodes are a hundred connections a second; a patron waits no longer than that."""
STABLE_S = 5.0
"""A connection that held this long was a good one: after it, waiting starts from the bottom again."""


def backoff(chance: Callable[[], float]) -> Iterator[float]:
    """Seconds before each next attempt, without end: full jitter below a ceiling that doubles to MOST_S.

    `chance` gives numbers from 0 (included) to 1 (excluded). Full jitter, since a thousand nodes lose the same
    broker at the same moment.
    """
    ceiling = FIRST_S
    while True:
        yield chance() * ceiling
        ceiling = min(MOST_S, ceiling * 2)
