"""Saves beside the loop, with a limit to what a hanging disk may hold up: not the cut."""

from __future__ import annotations

import asyncio
import logging

from node.core.ledger import Record
from node.core.post import Post
from node.ports import Clock, Journal, Power
from node.shell.health import POWERED

HANG_MS = 4_000
"""A save that is not done by now hangs. Cards pause for a second now and then; a debit comes a second early."""

_log = logging.getLogger(__name__)


class Saver:
    """A Journal's `save` in a thread.

    While one hangs, the relays are off: nothing durable may stand behind them any more, and even a killed process
    keeps its pins as long as the kernel holds one of its threads in a disk's call.
    """

    def __init__(self, journal: Journal, clock: Clock, power: Power) -> None:
        self._journal, self._clock, self._power = journal, clock, power
        self._dark = False

    async def save(self, record: Record) -> None:
        """Durable when it returns; JournalError when it could not be made so."""
        saving = asyncio.ensure_future(asyncio.to_thread(self._journal.save, record))
        patience = asyncio.ensure_future(self._clock.wait_until(self._clock.now_ms() + HANG_MS))
        try:
            await asyncio.wait({saving, patience}, return_when=asyncio.FIRST_COMPLETED)
            if not saving.done():
                _log.error("the journal hangs: the power is off until it answers")
                self._dark = True
                self._power.off()
            await saving
        finally:
            saving.cancel()
            patience.cancel()

    def relight(self, post: Post) -> None:
        """After a step: give back what a hang has taken, if the post as it now is has power."""
        if self._dark:
            self._dark = False
            if post.power in POWERED:
                self._power.on()
