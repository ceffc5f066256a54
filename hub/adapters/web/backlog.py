"""What a listener has yet to be told: changes once each, journal entries in order, and no more than it can catch up."""

from __future__ import annotations

import asyncio

from hub.adapters.feed import EntryLogged, Event, FellBehind, PostChanged, SessionChanged
from hub.domain.records import LogEntry

MOST_ENTRIES = 1000


class Backlog:
    """Filled by the feed, emptied at the listener's pace."""

    def __init__(self, most_entries: int = MOST_ENTRIES) -> None:
        self._most_entries = most_entries
        self._entries: list[LogEntry] = []
        self._sessions: dict[str, None] = {}
        self._posts: dict[str, None] = {}
        self._something = asyncio.Event()

    def add(self, event: Event) -> None:
        """One more; FellBehind when that is too much."""
        match event:
            case EntryLogged(entry):
                if len(self._entries) >= self._most_entries:
                    raise FellBehind
                self._entries.append(entry)
            case SessionChanged(session_id):
                self._sessions[session_id] = None
            case PostChanged(post_id):
                self._posts[post_id] = None
        self._something.set()

    async def wait(self) -> None:
        """Until there is something to tell."""
        await self._something.wait()

    def take(self) -> tuple[list[LogEntry], list[str], list[str]]:
        """All of it: entries, ids of changed sessions, ids of changed posts; the backlog is empty then."""
        taken = self._entries, list(self._sessions), list(self._posts)
        self._entries, self._sessions, self._posts = [], {}, {}
        self._something.clear()
        return taken
