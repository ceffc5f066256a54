"""The hub's link: what nodes say goes to one handler, in order per post; what the hub says goes out without waiting."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import get_args

from aiomqtt import Client, Message, MqttError, Will
from paho.mqtt.subscribeoptions import SubscribeOptions

from hub.adapters.mqtt.connection import BrokerAccess, Inlet, connected, drop, new_client
from hub.adapters.mqtt.lanes import Lanes
from hub.adapters.mqtt.outbox import Outbox
from hub.usecases.ports import Unavailable
from hub.wire import messages as wire
from hub.wire.backoff import STABLE_S, backoff
from hub.wire.codec import Nonsense, decode, encode
from hub.wire.topics import CHANNELS, parse, pattern, topic

__all__ = ["BrokerAccess", "Company", "Handler", "Heard", "HubLinkMqtt"]

logger = logging.getLogger(__name__)

Heard = wire.Up | wire.PostReport
Handler = Callable[[str, Heard], Awaitable[None]]
"""Called with a post's id and what it said."""


@dataclass(frozen=True, slots=True)
class Company:
    """Messages for whose handling nobody waits, and what handles some of them, by post, at once."""

    welcomes: Callable[[str, Heard], bool]
    handle: Callable[[Mapping[str, Heard]], Awaitable[None]]


KINDS: tuple[type[Heard], ...] = (*get_args(wire.Up), wire.PostReport)
AT_ONCE = 64
WAITING = 100
"""Messages of one post that wait for their turn; a post that floods loses the surplus."""
FLUSH_S = 2.0
STUCK_S = 60.0
"""A try and the wait after it take a quarter of this at most."""
CONTRADICT_S = 0.2
COMPANY_S = 0.2
"""How long what has time waits for others to be handled with."""


class HubLinkMqtt:
    """The use cases' PostLink over MQTT 5. `run` serves until `close` and reconnects by itself.

    Sending never waits for the broker: without one a message is dropped and counted (nodes greet again and are told
    everything anew, R11). Only a message that cannot be encoded raises: ValueError.

    `connected` is set while the broker is there and the subscriptions stand; `connections` counts how often that
    came about. `received` and `published` count messages by kind (hello, status), `dropped` by reason: nonsense,
    retained, foreign_topic, flood, handler_failed, unavailable (the database), no_broker, unsent.
    """

    def __init__(
        self,
        access: BrokerAccess,
        *,
        hub_epoch: str,
        version: str,
        chance: Callable[[], float] = random.random,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        """`chance` spreads reconnections, `stopwatch` gives seconds. OSError when the access's `ca` cannot be read."""
        self.connected = asyncio.Event()
        self.connections = 0
        self.received: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self._access = access
        self._tls = access.tls()
        self._online = encode(wire.HubReport(online=True, hub_epoch=hub_epoch, version=version))
        self._offline = encode(wire.HubReport(online=False, hub_epoch=hub_epoch, version=version))
        self._chance = chance
        self.published: Counter[str] = Counter()
        self._outbox = Outbox(self.dropped, self.published)
        self._stopwatch, self._tried = stopwatch, stopwatch()
        self._client: Client | None = None
        self._stop = asyncio.Event()
        self._aborted = False
        self._contradicting: asyncio.Task[None] | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    async def run(self, handler: Handler, company: Company | None = None) -> None:
        """Serve until `close`; a handler's exception is logged and counted. Cancelled, it leaves the will to speak.

        What `company` welcomes it handles up to `COMPANY_S` later; what it cannot, the handler does one by one.
        """
        work = partial(self._handle, handler, company)
        lanes = Lanes[Heard](work, at_once=AT_ONCE, waiting=WAITING, company_s=COMPANY_S)
        take = partial(self._take, lanes, company)
        delays = backoff(self._chance)
        self._idle.clear()
        try:
            while not self._stop.is_set():
                began = asyncio.get_running_loop().time()
                self._tried = self._stopwatch()
                try:
                    await self._serve(lanes, take)
                except MqttError as error:
                    logger.warning(
                        "no broker at %s:%d: %s", self._access.host, self._access.port, error.__cause__ or error
                    )
                if asyncio.get_running_loop().time() - began > STABLE_S:
                    delays = backoff(self._chance)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), next(delays))
        finally:
            await lanes.cancel()
            self._idle.set()

    @property
    def stuck(self) -> bool:
        """Whether it neither has a broker nor has looked for one lately: its loop must hang."""
        return not self.connected.is_set() and self._stopwatch() - self._tried > STUCK_S

    async def close(self) -> None:
        """Finish what is under way (2 s at most), tell everyone that the hub is gone, and end `run`."""
        self._stop.set()
        await self._idle.wait()

    async def abort(self) -> None:
        """End `run` as a crash would: no goodbye, the will speaks."""
        self._aborted = True
        if self._client is not None:
            drop(self._client)
        await self.close()

    async def send(self, post_id: str, message: wire.Down, *, expiry_s: int | None = None) -> None:
        """Publish to one post; the broker forgets it after `expiry_s`, by itself after the ttl of what has one."""
        if expiry_s is None and isinstance(message, wire.Start | wire.Notice | wire.Identify):
            expiry_s = message.ttl_s
        self._outbox.publish(topic(type(message), post_id), encode(message), retain=False, expiry_s=expiry_s)

    async def publish_hub(self, report: wire.HubReport) -> None:
        """Publish the hub's own status, retained; `run` does it at each connect by itself."""
        self._outbox.publish(topic(wire.HubReport), encode(report), retain=True)

    async def publish_event(self, event: wire.Event) -> None:
        """Publish one entry of the audit journal for monitors."""
        self._outbox.publish(topic(wire.Event), encode(event), retain=False)

    async def publish_summary(self, summary: wire.Summary) -> None:
        """Publish the counts for monitors, retained."""
        self._outbox.publish(topic(wire.Summary), encode(summary), retain=True)

    async def publish_discovery(self, topic: str, config: bytes) -> None:
        """Publish a retained description for Home Assistant; an empty one removes it."""
        self._outbox.publish(topic, config, retain=True)

    async def _serve(self, lanes: Lanes[Heard], take: Callable[[Message], None]) -> None:
        """One connection from its making to its end: MqttError when it was lost, a return when `close` was asked."""
        will, inlet = Will(topic(wire.HubReport), self._offline, 1, retain=True), Inlet()
        client = new_client(self._access, self._tls, will, inlet)
        async with connected(client):
            self._client = client
            await self._greet(client)
            self._outbox.open(client)
            self.connections += 1
            self.connected.set()
            inlet.open(take)
            losing = asyncio.ensure_future(anext(client.messages))  # which only ends with the connection
            stopping = asyncio.create_task(self._stop.wait())
            try:
                await asyncio.wait({losing, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if losing.done():
                    losing.result()
                await self._say_goodbye(client, lanes)
            finally:
                self.connected.clear()
                self._client = None
                ending = [task for task in (losing, stopping, self._contradicting) if task is not None]
                for task in ending:
                    task.cancel()
                await self._outbox.close()  # with nothing awaited in between: who sees the one sees the other
                await asyncio.gather(*ending, return_exceptions=True)

    async def _greet(self, client: Client) -> None:
        """Subscribe first: the hub's status makes nodes greet, and their greetings must be heard."""
        filters = [(pattern(kind), SubscribeOptions(qos=1, retainAsPublished=True)) for kind in KINDS]
        filters.append((topic(wire.HubReport), SubscribeOptions(qos=1, noLocal=True)))
        answers = await client.subscribe(filters)
        if any(getattr(answer, "is_failure", False) for answer in answers):
            raise MqttError("the broker refuses the hub's subscriptions: is this the hub's account?")
        await client.publish(topic(wire.HubReport), self._online, 1, retain=True)
        logger.info("connected to the broker at %s:%d", self._access.host, self._access.port)

    async def _say_goodbye(self, client: Client, lanes: Lanes[Heard]) -> None:
        if self._aborted:
            raise MqttError("aborted")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(lanes.join(), FLUSH_S)
        await self._outbox.flush(FLUSH_S)
        await client.publish(topic(wire.HubReport), self._offline, 1, retain=True, timeout=FLUSH_S)

    def _take(self, lanes: Lanes[Heard], company: Company | None, message: Message) -> None:
        address = parse(message.topic.value)
        if address is not None and address.kind is wire.HubReport:
            self._contradict()
            return
        if address is None or address.post_id is None or not issubclass(address.kind, KINDS):
            self.dropped["foreign_topic"] += 1
            return
        if message.retain and not CHANNELS[address.kind].retained:
            self.dropped["retained"] += 1
            return
        try:
            heard: Heard = decode(address.kind, message.payload)
        except Nonsense as nonsense:
            self._drop(address.post_id, address.kind, nonsense)
            return
        self.received[CHANNELS[address.kind].path.rpartition("/")[2]] += 1
        has_time = company is not None and company.welcomes(address.post_id, heard)
        if not lanes.put(address.post_id, heard, has_time=has_time):
            self.dropped["flood"] += 1

    def _drop(self, post_id: str, kind: type[Heard], nonsense: Nonsense) -> None:
        self.dropped["nonsense"] += 1
        logger.debug("%s from %s dropped: %s", kind.__name__, post_id, nonsense.why)

    def _contradict(self) -> None:
        """Another hub's status or will, of one that this hub has taken over from and that went later: we are here."""
        if self._contradicting is None or self._contradicting.done():
            self._contradicting = asyncio.create_task(self._say_again())

    async def _say_again(self) -> None:
        # Not at once: two hubs that both believe to lead must not shout each other down.
        await asyncio.sleep(CONTRADICT_S)
        self._outbox.publish(topic(wire.HubReport), self._online, retain=True)

    async def _handle(self, handler: Handler, company: Company | None, heard: Mapping[str, Heard]) -> None:
        if company is None or len(heard) == 1 or not await self._together(company, heard):
            for post_id, message in heard.items():
                await self._guarded(handler, post_id, message)

    async def _together(self, company: Company, heard: Mapping[str, Heard]) -> bool:
        """Whether they are done with; not where one of them has a fault, of which the others know nothing."""
        try:
            await company.handle(heard)
        except Unavailable as error:
            self.dropped["unavailable"] += len(heard)
            logger.warning("messages from %d posts could not be handled: %s", len(heard), error)
        except Exception:  # noqa: BLE001 - told and counted when it is met again, one by one
            return False
        return True

    async def _guarded(self, handler: Handler, post_id: str, heard: Heard) -> None:
        try:
            await handler(post_id, heard)
        except Nonsense as nonsense:
            self._drop(post_id, type(heard), nonsense)
        except Unavailable as error:
            self.dropped["unavailable"] += 1
            logger.warning("%s from %s could not be handled: %s", type(heard).__name__, post_id, error)
        except Exception as error:  # noqa: BLE001 - one message's fault must not end the room; told and counted
            self.dropped["handler_failed"] += 1
            # Never the exception's own text, which may quote a code.
            place = "".join(traceback.format_tb(error.__traceback__))
            logger.error("%s from %s: %s\n%s", type(heard).__name__, post_id, type(error).__name__, place)
