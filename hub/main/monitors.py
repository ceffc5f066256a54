"""What monitors see: every journal entry as an event, and how many posts and sessions there are of each status."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from hub.adapters.feed import EntryLogged, FellBehind, LocalFeed
from hub.domain.records import LogEntry
from hub.usecases.settings import tell_posts
from hub.usecases.views import Queries
from hub.usecases.work import Room
from hub.wire.messages import Event, Summary
from hub.wire.terms import Action, PostStatus, SessionStatus

_COUNTED = (SessionStatus.PENDING, SessionStatus.ACTIVE, SessionStatus.SUSPENDED)
_FOREIGN_AFTER = timedelta(seconds=2)


class Outlet(Protocol):
    """The broker, as what monitors see goes there. `connections` counts how often it was connected to."""

    connected: asyncio.Event
    connections: int

    async def publish_event(self, event: Event) -> None: ...

    async def publish_summary(self, summary: Summary) -> None: ...


class Tally(Protocol):
    """Counts entries of the journal."""

    def entry(self, action: Action) -> None: ...


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, as all messages have it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def _entries(feed: LocalFeed) -> AsyncIterator[LogEntry]:
    """What is told of the journal from now on, for ever; what was missed by falling behind is not made up for."""
    while True:
        with feed.subscribe() as events:
            try:
                async for event in events:
                    if isinstance(event, EntryLogged):
                        yield event.entry
            except FellBehind:
                continue


async def publish_events(feed: LocalFeed, link: Outlet) -> None:
    """Publish the journal as it is written, for ever."""
    async for entry in _entries(feed):
        await link.publish_event(_as_event(entry))


async def count_entries(feed: LocalFeed, tally: Tally) -> None:
    """Count the journal as it is written, for ever."""
    async for entry in _entries(feed):
        tally.entry(entry.action)


def _as_event(entry: LogEntry) -> Event:
    return Event(entry.id, instant(entry.at), entry.action, entry.post_id, entry.session_id, entry.details)


class SummaryPublisher:
    """Publishes the counts when they have changed, and when the link is new."""

    def __init__(self, room: Room, queries: Queries, link: Outlet) -> None:
        self._room, self._queries, self._link = room, queries, link
        self._told: Summary | None = None
        self._connection = 0

    async def publish(self) -> None:
        """One look."""
        if not self._link.connected.is_set():
            return
        if self._connection != self._link.connections:  # the broker may have lost what it had retained
            self._told, self._connection = None, self._link.connections
        now = self._room.clock.now()
        found = await self._queries.session_counts()
        posts = Counter(
            post.status(online=self._room.presence.online(post.post_id, now))
            for post in await self._queries.post_facts(now)
        )
        summary = Summary(
            at=instant(now),
            posts={one: posts[one] for one in PostStatus},
            sessions={one: found.get(one, 0) for one in _COUNTED},
        )
        if self._told is None or replace(self._told, at=summary.at) != summary:
            await self._link.publish_summary(summary)
            self._told = summary


class JournalTail:
    """Tells the feed what other processes have written: a command at the terminal shows on the board, too.

    Posts are told the settings that such a command has changed.
    """

    def __init__(self, room: Room, queries: Queries, feed: LocalFeed) -> None:
        self._room, self._queries, self._feed = room, queries, feed
        self._last: int | None = None
        self._own: set[int] = set()

    async def listen(self) -> None:
        """Note what this process tells by itself, for ever."""
        async for entry in _entries(self._feed):
            self._own.add(entry.id)

    async def look(self) -> None:
        """One look at the journal's end. An entry is only foreign when its own process has had time to tell of it."""
        if self._last is None:
            self._last = await self._queries.newest_entry()
        for entry in await self._queries.logs_after(self._last):
            if abs(self._room.clock.now() - entry.at) < _FOREIGN_AFTER:  # a clock set back must not hold it up
                break
            self._last = entry.id
            if entry.id in self._own:
                continue
            if entry.action is Action.SETTINGS_CHANGED:
                await tell_posts(self._room)
            self._feed.entry(entry)
            if entry.session_id is not None:
                self._feed.session_changed(entry.session_id)
            if entry.post_id is not None:
                self._feed.post_changed(entry.post_id)
        self._own = {own for own in self._own if own > self._last}
