"""The way to the hub, ending in the test's hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from hub.wire.messages import Down, HubReport, PostReport, Up
from node.core.events import BrokerFound, BrokerLost, Received
from tests.fakes.watch import silent

LinkEvent = Received | BrokerFound | BrokerLost


class FakeLink:
    """A `HubLink` of the node: keeps what was sent, and hands over what `found`, `lost` and `say` tell.

    While `stuck` is set, nothing that is sent goes through.
    """

    def __init__(self, ring: Callable[[], None] = silent) -> None:
        self._ring = ring
        self._heard: asyncio.Queue[LinkEvent | None] = asyncio.Queue()
        self._free = asyncio.Event()
        self._free.set()
        self.sent: list[Up] = []
        self.reports: list[tuple[PostReport, bool]] = []
        self.closed = False

    def found(self) -> None:
        self._heard.put_nowait(BrokerFound())

    def lost(self) -> None:
        self._heard.put_nowait(BrokerLost())

    def say(self, message: Down | HubReport) -> None:
        self._heard.put_nowait(Received(message))

    def stick(self) -> None:
        self._free.clear()

    def unstick(self) -> None:
        self._free.set()

    async def events(self) -> AsyncIterator[LinkEvent]:
        while (event := await self._heard.get()) is not None:
            yield event

    async def send(self, message: Up) -> None:
        await self._free.wait()
        self.sent.append(message)
        self._ring()

    async def report(self, report: PostReport, *, periodic: bool) -> None:
        await self._free.wait()
        self.reports.append((report, periodic))
        self._ring()

    async def close(self) -> None:
        self.closed = True
        self._heard.put_nowait(None)

    @property
    def last(self) -> PostReport:
        """The report that stands."""
        return self.reports[-1][0]
