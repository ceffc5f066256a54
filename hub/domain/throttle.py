"""Guessing, counted per post at the hub (R16).

A post has five tries. Each unknown code takes one, each five minutes give one back. The try that empties the store
locks the post for 30 s, then 60 s, doubling up to an hour; each hour without a lock-out halves the next one again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

TRIES = 5
REGAIN_S = 300
FIRST_LOCKOUT_S = 30
LONGEST_LOCKOUT_S = 3600
LEVEL_FALLS_S = 3600
_TOP_LEVEL = 7
"""30 s doubled seven times is over the longest lock-out: no level above this means anything."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """How much guessing one post has seen: tries left at `as_of`, the level of its next lock-out, its present one."""

    tries: float = TRIES
    level: int = 0
    as_of: datetime | None = None
    level_as_of: datetime | None = None
    locked_until: datetime | None = None


def locked_for_s(throttle: Throttle, now: datetime) -> int:
    """Whole seconds, rounded up, until codes are taken again; 0 when they are."""
    return rest_of_lockout_s(throttle.locked_until, now, LONGEST_LOCKOUT_S)


def rest_of_lockout_s(until: datetime | None, now: datetime, longest_s: int) -> int:
    """Whole seconds, rounded up, of a lock-out that is left; 0 without one.

    What seems to last longer than the longest does was begun by a clock that has been set back since: it is over, or
    nobody would be let in for as long as that clock was ahead.
    """
    if until is None or not now < until <= now + timedelta(seconds=longest_s):
        return 0
    return -int((now - until) // timedelta(seconds=1))


def regained(throttle: Throttle, now: datetime) -> Throttle:
    """The throttle with what time has given back up to now."""
    tries, level, level_as_of = throttle.tries, throttle.level, throttle.level_as_of or now
    if throttle.as_of is not None:
        tries = min(TRIES, tries + (now - throttle.as_of).total_seconds() / REGAIN_S)
    fallen = min(level, max(0, int((now - level_as_of).total_seconds() // LEVEL_FALLS_S)))
    if fallen:
        level, level_as_of = level - fallen, level_as_of + timedelta(seconds=fallen * LEVEL_FALLS_S)
    return Throttle(tries, level, now, level_as_of, throttle.locked_until)


def missed(throttle: Throttle, now: datetime) -> Throttle:
    """The throttle after one more unknown code; it is locked when that was the last try."""
    after = regained(throttle, now)
    tries = max(0.0, after.tries - 1)
    if tries >= 1:
        return Throttle(tries, after.level, now, after.level_as_of, after.locked_until)
    lockout_s = min(LONGEST_LOCKOUT_S, FIRST_LOCKOUT_S * 2**after.level)
    return Throttle(tries, min(_TOP_LEVEL, after.level + 1), now, now, now + timedelta(seconds=lockout_s))


def most_misses(within_s: float) -> float:
    """So many unknown codes at most can be given at one post within this time, however cleverly they are spaced.

    A miss takes a whole try, or what is left of one and then locks. Of whole tries there are TRIES and those regained.
    A lock-out below the top level raises the level, which falls once in LEVEL_FALLS_S: there are as many as levels and
    falls. Between two at the top level it has to fall and to be raised again.
    """
    falls = within_s / LEVEL_FALLS_S
    return TRIES + within_s / REGAIN_S + (_TOP_LEVEL + falls) + (1 + falls)
