"""The node's link to the hub over MQTT 5: finds the broker again and again, and never makes the post wait for it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

from aiomqtt import Client, Message, MqttError, Will
from paho.mqtt.subscribeoptions import SubscribeOptions

from hub.wire.backoff import STABLE_S, backoff
from hub.wire.codec import Nonsense, decode, encode
from hub.wire.messages import Down, HubReport, PostReport, Up
from hub.wire.topics import CHANNELS, ROOT, parse, topic
from node.adapters.link_mqtt.connection import BrokerAccess, connected, drop, new_client, reason
from node.core.events import BrokerFound, BrokerLost, Received

logger = logging.getLogger(__name__)

LinkEvent = Received | BrokerFound | BrokerLost
KINDS: tuple[type[Down | HubReport], ...] = (*get_args(Down), HubReport)
FLUSH_S = 2.0
MAX_SENDING = 200


class LinkMqtt:
    """The port HubLink. Connects while `events` is read; `close` and `abort` end that.

    The link remembers the last report and publishes it again at each connect, before BrokerFound, so the retained
    status is never that of the will while the post is there. `dropped` counts by reason: nonsense, retained,
    foreign_topic (from the hub's side), no_broker, unsent (from ours).
    """

    def __init__(
        self,
        *,
        post_id: str,
        host: str,
        port: int,
        username: str,
        password: str,
        ca: Path | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`ca`: PEM of the broker's authority, for TLS (OSError when unreadable); `chance` spreads reconnections."""
        self.dropped: Counter[str] = Counter()
        self._post_id = post_id
        self._access = BrokerAccess(host, port, username, password)
        self._tls = ssl.create_default_context(cafile=ca) if ca is not None else None
        self._chance = chance
        self._client: Client | None = None
        self._online = False
        self._last = PostReport(online=False)
        self._sending: set[asyncio.Task[None]] = set()
        self._heard: asyncio.Queue[LinkEvent | None] = asyncio.Queue()
        self._stop = asyncio.Event()
        self._aborted = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def events(self) -> AsyncIterator[LinkEvent]:
        """What comes from the hub, until `close` or `abort`; to be read once, by one reader."""
        connecting = asyncio.create_task(self._run())
        try:
            while (event := await self._heard.get()) is not None:
                yield event
            await connecting
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)

    async def send(self, message: Up) -> None:
        """Publish with QoS 1, without waiting; dropped and counted when there is no broker (the core repeats)."""
        self._publish(topic(type(message), self._post_id), encode(message), qos=1, retain=False)

    async def report(self, report: PostReport, *, periodic: bool) -> None:
        """Publish the retained status, without waiting: QoS 0 when periodic, else QoS 1; kept for the next connect."""
        self._last = report
        if self._online:
            self._publish(self._status_topic, encode(report), qos=0 if periodic else 1, retain=True)

    async def close(self) -> None:
        """Send what is under way (2 s at most), publish the last report as offline, and end `events`."""
        self._stop.set()
        await self._idle.wait()

    async def abort(self) -> None:
        """End `events` as a power cut would: no goodbye, the will speaks."""
        self._aborted = True
        if self._client is not None:
            drop(self._client)
        await self.close()

    @property
    def _status_topic(self) -> str:
        return topic(PostReport, self._post_id)

    def _publish(self, where: str, payload: bytes, *, qos: int, retain: bool) -> None:
        if not self._online or self._client is None or len(self._sending) >= MAX_SENDING:
            self.dropped["no_broker"] += 1
            logger.info("no broker: nothing sent to %s", where)
            return
        # Tasks begin in the order they were made; each only waits for its own PUBACK.
        task = asyncio.create_task(self._client.publish(where, payload, qos, retain))
        self._sending.add(task)
        task.add_done_callback(self._sent)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if task.cancelled():
            self.dropped["unsent"] += 1
        elif (error := task.exception()) is not None:
            self.dropped["unsent"] += 1
            logger.warning("a message was not confirmed by the broker: %s", error)

    async def _run(self) -> None:
        delays = backoff(self._chance)
        self._idle.clear()
        try:
            while not self._stop.is_set():
                began = asyncio.get_running_loop().time()
                try:
                    await self._serve()
                except MqttError as error:
                    logger.warning("no broker at %s:%d: %s", self._access.host, self._access.port, reason(error))
                if asyncio.get_running_loop().time() - began > STABLE_S:
                    delays = backoff(self._chance)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), next(delays))
        finally:
            self._idle.set()
            self._heard.put_nowait(None)

    async def _serve(self) -> None:
        """One connection from its making to its end: MqttError when it was lost, a return when `close` was asked."""
        will = Will(self._status_topic, encode(PostReport(online=False)), 1, retain=True)
        client = new_client(self._access, self._tls, post_id=self._post_id, will=will)
        client.pending_calls_threshold = MAX_SENDING  # above it aiomqtt writes a log line a message
        async with connected(client):
            self._client = client
            await self._subscribe(client)
            if self._last.online:
                await client.publish(self._status_topic, encode(self._last), 1, retain=True)
            self._online = True
            self._heard.put_nowait(BrokerFound())
            reading = asyncio.create_task(self._read(client))
            stopping = asyncio.create_task(self._stop.wait())
            try:
                await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if reading.done():
                    reading.result()
                await self._say_goodbye(client)
            finally:
                self._online = False
                self._client = None
                tasks = (reading, stopping, *self._sending)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                self._heard.put_nowait(BrokerLost())

    async def _subscribe(self, client: Client) -> None:
        options = SubscribeOptions(qos=1, retainAsPublished=True)
        filters = (f"{ROOT}/posts/{self._post_id}/down/#", topic(HubReport))
        answers = await client.subscribe([(filter_, options) for filter_ in filters])
        if any(getattr(answer, "is_failure", False) for answer in answers):
            raise MqttError("the broker refuses this post's subscriptions: is this its account?")

    async def _say_goodbye(self, client: Client) -> None:
        if self._aborted:
            raise MqttError("aborted")
        if self._sending:
            await asyncio.wait(self._sending, timeout=FLUSH_S)
        offline = encode(replace(self._last, online=False))
        await client.publish(self._status_topic, offline, 1, retain=True, timeout=FLUSH_S)

    async def _read(self, client: Client) -> None:
        async for message in client.messages:
            self._take(message)

    def _take(self, message: Message) -> None:
        address = parse(message.topic.value)
        if address is None or not issubclass(address.kind, KINDS) or address.post_id not in {None, self._post_id}:
            self.dropped["foreign_topic"] += 1
            return
        if message.retain and not CHANNELS[address.kind].retained:
            self.dropped["retained"] += 1
            return
        try:
            self._heard.put_nowait(Received(decode(address.kind, message.payload)))
        except Nonsense as nonsense:
            self.dropped["nonsense"] += 1
            logger.info("%s dropped: %s", address.kind.__name__, nonsense.why)
