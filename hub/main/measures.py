"""What is measured, and how: around the use cases and the store, which know nothing of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from hub.adapters.metrics import CONTENT_TYPE, Look, Metrics
from hub.adapters.mqtt.link import Heard, HubLinkMqtt
from hub.domain.job import Job
from hub.main.workshop import Workshop
from hub.usecases.ports import PostLink, Store, Transaction
from hub.usecases.work import Room
from hub.wire.messages import Deny, Down, Lease, Redeem
from hub.wire.terms import PostStatus

logger = logging.getLogger(__name__)

_DATABASE_WITHIN_S = 3


@dataclass(frozen=True, slots=True)
class TimedStore:
    """A store whose transactions are timed."""

    store: Store
    metrics: Metrics

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """As the store's own."""
        began, committed = time.perf_counter(), False
        try:
            async with self.store.transaction() as tx:
                yield tx
            committed = True
        finally:
            self.metrics.transaction(time.perf_counter() - began, committed=committed)


Receive = Callable[[Room, str, Heard], Awaitable[None]]
"""What handles a post's message."""


class _Ear:
    """A link that remembers what the answer to one request was."""

    def __init__(self, link: PostLink) -> None:
        self._link = link
        self.result = "none"

    async def send(self, post_id: str, message: Down) -> None:
        if isinstance(message, Deny):
            self.result = message.reason.value
        elif isinstance(message, Lease):
            self.result = "granted"
        await self._link.send(post_id, message)


async def receive_timed(receive: Receive, room: Room, metrics: Metrics, post_id: str, message: Heard) -> None:
    """Handle one message; a redeem is timed by its result."""
    if not isinstance(message, Redeem):
        await receive(room, post_id, message)
        return
    ear, began = _Ear(room.link), time.perf_counter()
    await receive(replace(room, link=ear), post_id, message)
    metrics.redeemed(ear.result, time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures, as Prometheus asks for them."""

    metrics: Metrics
    house: Workshop
    link: HubLinkMqtt
    jobs: Callable[[], Sequence[Job]]

    async def __call__(self) -> tuple[bytes, str]:
        """The text and its type; without the figures of a database that does not answer."""
        link, now = self.link, self.house.room.clock.now()
        look = Look(
            at=now,
            database=False,
            connected=link.connected.is_set(),
            connections=link.connections,
            received=link.received,
            published=link.published,
            dropped=link.dropped,
            jobs=self.jobs(),
        )
        try:
            async with asyncio.timeout(_DATABASE_WITHIN_S):
                look = await self._with_rows(look)
                await self.house.database.look()
                look = replace(look, database=True)
        except Exception:  # whatever is wrong with the database is the figure; its details go to the log
            logger.exception("the database cannot be counted, or has no room")
        return self.metrics.text(look), CONTENT_TYPE

    async def _with_rows(self, look: Look) -> Look:
        queries, presence = self.house.queries, self.house.room.presence
        facts = await queries.post_facts(look.at)
        posts = Counter(post.status(online=presence.online(post.post_id, look.at)) for post in facts)
        sessions = await queries.session_counts()
        return replace(look, sessions=sessions, posts={one: posts[one] for one in PostStatus})
