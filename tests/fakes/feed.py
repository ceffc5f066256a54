"""A feed that remembers what it was told."""

from __future__ import annotations

from hub.domain.records import LogEntry
from hub.wire.terms import Action


class FakeFeed:
    """A `Feed`."""

    def __init__(self) -> None:
        self.entries: list[LogEntry] = []
        self.sessions: list[str] = []
        self.posts: list[str] = []

    def entry(self, entry: LogEntry) -> None:
        self.entries.append(entry)

    def session_changed(self, session_id: str) -> None:
        self.sessions.append(session_id)

    def post_changed(self, post_id: str) -> None:
        self.posts.append(post_id)

    def actions(self) -> list[Action]:
        """What was journalled, in order."""
        return [entry.action for entry in self.entries]
