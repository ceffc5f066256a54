"""What goes to the hub, in order and beside the loop: a slow broker must not delay a cut."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass

from hub.wire.messages import PostReport, Up
from node.ports import HubLink

_LIMIT = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Status:
    report: PostReport
    periodic: bool


class Outbox:
    """Messages and reports for a HubLink.

    A report that still waits is replaced by the next one. More than _LIMIT waiting messages: the oldest is
    dropped (the core repeats what matters).
    """

    def __init__(self, link: HubLink) -> None:
        self._link = link
        self._waiting: deque[Up | _Status] = deque()
        self._filled, self._empty = asyncio.Event(), asyncio.Event()
        self._empty.set()

    def send(self, message: Up) -> None:
        """Publish soon; returns at once."""
        if len(self._waiting) >= _LIMIT:
            _log.warning("the hub takes no messages: one %s is dropped", type(self._waiting.popleft()).__name__)
        self._put(message)

    def report(self, report: PostReport, *, periodic: bool) -> None:
        """Publish the status soon; returns at once."""
        last = self._waiting[-1] if self._waiting else None
        if isinstance(last, _Status):
            self._waiting.pop()
            periodic = periodic and last.periodic
        self._put(_Status(report, periodic))

    async def run(self) -> None:
        """Hand over what waits, without end."""
        while True:
            await self._filled.wait()
            item = self._waiting.popleft()
            if not self._waiting:
                self._filled.clear()
            if isinstance(item, _Status):
                await self._link.report(item.report, periodic=item.periodic)
            else:
                await self._link.send(item)
            if not self._waiting:
                self._empty.set()

    async def drained(self, timeout_s: float) -> None:
        """Return when all of it is handed over, or after `timeout_s`."""
        try:
            await asyncio.wait_for(self._empty.wait(), timeout_s)
        except TimeoutError:
            _log.info("the last messages did not reach the hub")

    def _put(self, item: Up | _Status) -> None:
        self._waiting.append(item)
        self._filled.set()
        self._empty.clear()
