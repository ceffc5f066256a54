"""Guessing passwords, counted per account and per address, and kept: a restart of the hub forgets nothing.

A name has five tries, an address twenty. The try after the last locks for 30 s, then 60 s, doubling up to 15 min;
a quarter of an hour without a failure forgets all. Tries are counted before the password is looked at, so that many
at once count as many; a wrong second factor is a failure like another.

Somebody who has signed in from an address before is counted there on their own, for ninety days: a stranger who
guesses at a name, from wherever, then locks nobody out at their own desk. An address of IPv6 is its /64, for whoever
has one address of it has all of them. Names and addresses are kept as keyed hashes only: people type their password
into the wrong field.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from hub.domain.throttle import rest_of_lockout_s
from hub.usecases.ports import Mint

TRIES_OF_A_NAME = 5
TRIES_OF_AN_ADDRESS = 20
FIRST_LOCKOUT_S = 30
LONGEST_LOCKOUT_S = 900
FORGET_S = 900
KNOWN_S = 90 * 86_400
_TOP_LEVEL = 6
_NAME_SIGNS = 64
"""Nobody is called more than that, and what is sent as a name may be as long as a body."""


@dataclass(frozen=True, slots=True)
class SignInCount:
    """What one name, one address or one name at a known address has tried."""

    tries: int = 0
    level: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None


Counts = Mapping[str, SignInCount]


class SignInCounts(Protocol):
    """The counts by key, kept. Those without a word for longer than they matter may be forgotten."""

    async def change(self, keys: Sequence[str], change: Callable[[Counts], Counts]) -> None:
        """Keep what `change` makes of what there is under these keys, with nobody else in between."""


class SignInThrottle:
    """Who has tried how often."""

    def __init__(self, counts: SignInCounts, mint: Mint) -> None:
        self._counts, self._mint = counts, mint

    async def attempt(self, name: str, address: str, now: datetime) -> int:
        """Count a try; 0 when it may go on, else the whole seconds to wait (and it is not counted)."""
        keys = self._keys(name, address)
        waits_s: list[int] = []

        def count(kept: Counts) -> Counts:
            counted = {key: _current(kept.get(key), now) for key in keys.counted(kept, now)}
            waits_s.extend(_wait_s(one, now) for one in counted.values())
            return {} if any(waits_s) else {key: _tried(one, keys.most[key], now) for key, one in counted.items()}

        await self._counts.change(keys.all, count)
        return max(waits_s)

    async def succeeded(self, name: str, address: str, now: datetime) -> None:
        """The try was right: it does not count, and the name is known at this address."""
        keys = self._keys(name, address)

        def forgive(kept: Counts) -> Counts:
            told = {keys.known: SignInCount(last_at=now)}
            for key in keys.counted(kept, now):
                one = kept.get(key)
                if one is not None and key == keys.address:
                    told[key] = replace(one, tries=max(0, one.tries - 1))
                elif one is not None and key == keys.name:
                    told[key] = SignInCount()
            return told

        await self._counts.change(keys.all, forgive)

    def _keys(self, name: str, address: str) -> _Keys:
        name, network = name[:_NAME_SIGNS], network_of(address)
        return _Keys(
            *(
                f"{kind}:{self._mint.hash_code(text)}"
                for kind, text in (("known", f"{name}\n{network}"), ("name", name), ("address", network))
            )
        )


@dataclass(frozen=True, slots=True)
class _Keys:
    """Under which one try is counted."""

    known: str
    name: str
    address: str

    @property
    def all(self) -> tuple[str, ...]:
        return self.known, self.name, self.address

    @property
    def most(self) -> Mapping[str, int]:
        return {self.known: TRIES_OF_A_NAME, self.name: TRIES_OF_A_NAME, self.address: TRIES_OF_AN_ADDRESS}

    def counted(self, kept: Counts, now: datetime) -> tuple[str, ...]:
        """At a desk where the name is known its own count alone, else those of name and address."""
        known = kept.get(self.known)
        if known is not None and known.last_at is not None and now - known.last_at < timedelta(seconds=KNOWN_S):
            return (self.known,)
        return self.name, self.address


def network_of(address: str) -> str:
    """What is counted as one address: of IPv6 the /64, and what is no address by itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def _current(count: SignInCount | None, now: datetime) -> SignInCount:
    if count is None:
        return SignInCount()
    quiet_since = max(filter(None, (count.last_at, count.locked_until)), default=now)
    return SignInCount() if now - quiet_since >= timedelta(seconds=FORGET_S) else count


def _wait_s(count: SignInCount, now: datetime) -> int:
    return rest_of_lockout_s(count.locked_until, now, LONGEST_LOCKOUT_S)


def _tried(count: SignInCount, most: int, now: datetime) -> SignInCount:
    tries = count.tries + 1
    if tries < most:
        return replace(count, tries=tries, last_at=now)
    lockout_s = min(LONGEST_LOCKOUT_S, FIRST_LOCKOUT_S * 2**count.level)
    return SignInCount(tries, min(count.level + 1, _TOP_LEVEL), now, now + timedelta(seconds=lockout_s))
