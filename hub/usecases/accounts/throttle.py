"""Guessing passwords, counted per account and per address, in memory: a restart of the hub costs a guesser more time.

A name has five tries, an address twenty. The try after the last locks for 30 s, then 60 s, doubling up to 15 min;
a quarter of an hour without a failure forgets all. Tries are counted before the password is looked at, so that many
at once count as many.

Somebody who has signed in from an address before is counted there on their own: a stranger who guesses at a name can
then lock out the name everywhere but at its owner's desk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

TRIES_OF_A_NAME = 5
TRIES_OF_AN_ADDRESS = 20
FIRST_LOCKOUT_S = 30
LONGEST_LOCKOUT_S = 900
FORGET_S = 900
MOST_KEPT = 10_000
"""So many counters at most: a flood of names must not fill the memory; the oldest go first."""

_NAME_SIGNS = 64
"""Nobody is called more than that, and what is sent as a name may be as long as a body."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Count:
    tries: int = 0
    level: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None


class SignInThrottle:
    """Who has tried how often. Instants come as arguments."""

    def __init__(self) -> None:
        self._counts: dict[Key, _Count] = {}
        self._known: dict[tuple[str, str], None] = {}

    def attempt(self, name: str, address: str, now: datetime) -> int:
        """Count a try; 0 when it may go on, else the whole seconds to wait (and it is not counted)."""
        keys = self._keys(name, address)
        waits_s = [_wait_s(self._current(key, now), now) for key in keys]
        if any(waits_s):
            return max(waits_s)
        for key in keys:
            self._keep(key, _counted(self._current(key, now), TRIES[key[0]], now))
        return 0

    def succeeded(self, name: str, address: str) -> None:
        """The try was right: it does not count, and the name is known at this address."""
        keys = self._keys(name, address)
        self._counts.pop(keys[0], None)
        count = self._counts.get(keys[1])
        if count is not None:
            self._keep(keys[1], replace(count, tries=max(0, count.tries - 1)))
        self._known.pop((name, address), None)
        self._known[name, address] = None
        if len(self._known) > MOST_KEPT:
            self._known.pop(next(iter(self._known)))

    def _keys(self, name: str, address: str) -> tuple[Key, Key]:
        name = name[:_NAME_SIGNS]
        own: Key = ("known", name, address) if (name, address) in self._known else ("name", name)
        return own, ("address", address)

    def _current(self, key: Key, now: datetime) -> _Count:
        count = self._counts.get(key, _Count())
        quiet_since = max(filter(None, (count.last_at, count.locked_until)), default=now)
        return _Count() if now - quiet_since >= timedelta(seconds=FORGET_S) else count

    def _keep(self, key: Key, count: _Count) -> None:
        self._counts.pop(key, None)
        self._counts[key] = count
        if len(self._counts) > MOST_KEPT:
            self._counts.pop(next(iter(self._counts)))


TRIES = {"name": TRIES_OF_A_NAME, "known": TRIES_OF_A_NAME, "address": TRIES_OF_AN_ADDRESS}


def _wait_s(count: _Count, now: datetime) -> int:
    if count.locked_until is None or count.locked_until <= now:
        return 0
    return -int((now - count.locked_until) // timedelta(seconds=1))


def _counted(count: _Count, most: int, now: datetime) -> _Count:
    tries = count.tries + 1
    if tries < most:
        return replace(count, tries=tries, last_at=now)
    lockout_s = min(LONGEST_LOCKOUT_S, FIRST_LOCKOUT_S * 2**count.level)
    return _Count(tries, min(count.level + 1, 6), now, now + timedelta(seconds=lockout_s))
