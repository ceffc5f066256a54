"""Publishing without waiting for the broker: no use case hangs because a cable does."""

from __future__ import annotations

import asyncio
import logging
import math
from collections import Counter

from aiomqtt import Client
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

logger = logging.getLogger(__name__)

MAX_SENDING = 10_000


class Outbox:
    """QoS 1 publications on their way. Counts in `published` what was handed to the broker, by the end of its topic.

    In `dropped`: no_broker (not tried) and unsent (not confirmed).
    """

    def __init__(self, dropped: Counter[str], published: Counter[str]) -> None:
        self._dropped, self._published = dropped, published
        self._client: Client | None = None
        self._sending: set[asyncio.Task[None]] = set()

    def open(self, client: Client) -> None:
        """From now on publish through this client."""
        client.pending_calls_threshold = MAX_SENDING  # above it aiomqtt writes a log line a message
        self._client = client

    async def close(self) -> None:
        """There is no broker any more; what is not confirmed is given up."""
        self._client = None
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def flush(self, within_s: float) -> None:
        """Return when all is confirmed, or after that time."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=within_s)

    def publish(self, topic: str, payload: bytes, *, retain: bool, expiry_s: int | None = None) -> None:
        """Send soon, in the order of the calls; or drop and count."""
        if self._client is None or len(self._sending) >= MAX_SENDING:
            self._dropped["no_broker"] += 1
            return
        self._published[topic.rpartition("/")[2]] += 1
        properties = None if expiry_s is None else _expiring(expiry_s)
        # Tasks begin in the order they were made; each only waits for its own PUBACK, or for the connection's end.
        task = asyncio.create_task(self._client.publish(topic, payload, 1, retain, properties, timeout=math.inf))
        self._sending.add(task)
        task.add_done_callback(self._sent)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if task.cancelled():
            self._dropped["unsent"] += 1
        elif (error := task.exception()) is not None:
            self._dropped["unsent"] += 1
            logger.warning("a message was not confirmed by the broker: %s", error)


def _expiring(after_s: int) -> Properties:
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.MessageExpiryInterval = max(1, after_s)
    return properties
