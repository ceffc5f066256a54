"""The safe mode of a program that keeps dying: a journal that takes nothing, and so a post that powers nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable

from node.core.events import FaultGone, FaultSeen
from node.core.ledger import Record
from node.ports import Clock, Journal, JournalError, Loaded

CRASH_FAULT = "crash_loop"
"""The fault that a post in safe mode tells of."""

_log = logging.getLogger(__name__)


class HeldJournal:
    """node.ports.Journal: refuses every save until `until_ms`, then it is the one behind it.

    What cannot be written down cannot be spent: the core then keeps the relays off and an open lease as it is,
    shows "out of order", takes no code, and goes on by itself once a save works.
    """

    def __init__(self, journal: Journal, clock: Clock, until_ms: int) -> None:
        self._journal, self._clock, self._until_ms = journal, clock, until_ms

    def load(self) -> Loaded:
        """As the journal behind it."""
        return self._journal.load()

    def save(self, record: Record) -> None:
        """JournalError until the time has come."""
        if self._clock.now_ms() < self._until_ms:
            raise JournalError("safe mode: the program has died too often, nothing is written for now")
        self._journal.save(record)


async def tell_of_safe_mode(until_ms: int, clock: Clock, tell: Callable[[FaultSeen | FaultGone], None]) -> None:
    """The fault, and its end; after that the core's own probes find the journal working."""
    _log.error("safe mode: out of order for a while, for the program has died too often")
    tell(FaultSeen(CRASH_FAULT))
    await clock.wait_until(until_ms)
    tell(FaultGone(CRASH_FAULT))
