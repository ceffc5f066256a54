"""Waiting before the next attempt: jittered, doubling, and never more than ten seconds."""

from __future__ import annotations

from itertools import islice

from hub.wire.backoff import MOST_S, backoff


def test_the_ceiling_doubles_up_to_ten_seconds() -> None:
    waits = list(islice(backoff(lambda: 1.0), 9))
    assert waits == [0.5, 1, 2, 4, 8, 10, 10, 10, 10]


def test_chance_spreads_the_waits_below_the_ceiling() -> None:
    chances = iter([0.0, 0.5, 0.25, 0.999])
    waits = list(islice(backoff(lambda: next(chances)), 4))
    assert waits == [0, 0.5, 0.5, 0.999 * 4]
    assert max(waits) < MOST_S
