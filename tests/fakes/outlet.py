"""The way to monitors, which keeps what went out."""

from __future__ import annotations

import asyncio

from hub.wire.messages import Event, Summary


class FakeOutlet:
    """What hub.main.monitors publishes through; not connected until `connect`."""

    def __init__(self) -> None:
        self.connected = asyncio.Event()
        self.connections = 0
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.summaries: list[Summary] = []

    def connect(self) -> None:
        self.connections += 1
        self.connected.set()

    async def publish_event(self, event: Event) -> None:
        self.events.put_nowait(event)

    async def publish_summary(self, summary: Summary) -> None:
        self.summaries.append(summary)
