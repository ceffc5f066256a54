"""The feed: what has happened, told to everyone in this process who listens, never waiting for any of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Union

from hub.domain.records import LogEntry

QUEUE_LENGTH = 1000
"""A listener that is this many events behind is dropped; it may come back and ask for a snapshot."""


@dataclass(frozen=True, slots=True)
class EntryLogged:
    """A new line of the journal; its id is the feed's sequence number."""

    entry: LogEntry


@dataclass(frozen=True, slots=True)
class SessionChanged:
    session_id: str


@dataclass(frozen=True, slots=True)
class PostChanged:
    post_id: str


Event = Union[EntryLogged, SessionChanged, PostChanged]  # noqa: UP007 - an alias that works at run time


class FellBehind(Exception):
    """This listener was too slow and has been dropped: what it holds is no longer the whole story."""


class Subscription:
    """One listener's events, in order: `async for event in subscription`."""

    def __init__(self, length: int) -> None:
        self._events: asyncio.Queue[Event] = asyncio.Queue(length)
        self._dropped = False

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Event:
        """The next event; FellBehind, after those that it still holds, when the listener was dropped."""
        if self._dropped and self._events.empty():
            raise FellBehind
        return await self._events.get()

    def offer(self, event: Event) -> bool:
        """Whether there was room for it."""
        try:
            self._events.put_nowait(event)
        except asyncio.QueueFull:
            self._dropped = True
        return not self._dropped


class LocalFeed:
    """A `Feed` for the listeners of this process; only used from the event loop's thread."""

    def __init__(self, queue_length: int = QUEUE_LENGTH) -> None:
        self._queue_length = queue_length
        self._subscriptions: set[Subscription] = set()

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """Everything that happens from now until the end of the block."""
        subscription = Subscription(self._queue_length)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def entry(self, entry: LogEntry) -> None:
        self._tell(EntryLogged(entry))

    def session_changed(self, session_id: str) -> None:
        self._tell(SessionChanged(session_id))

    def post_changed(self, post_id: str) -> None:
        self._tell(PostChanged(post_id))

    def _tell(self, event: Event) -> None:
        self._subscriptions = {one for one in self._subscriptions if one.offer(event)}
