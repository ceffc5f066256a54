"""Who is there: the last status of each post, in memory, because every node tells its own again within seconds.

So are raised hands: the journal has every call and every answer, and a hub that starts reads them there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.wire.messages import PostReport
from hub.wire.terms import SILENT_AFTER_S


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a post last said, and when."""

    report: PostReport
    at: datetime


class Presence:
    """The last sighting of every post since the hub started, and where a patron is calling the desk."""

    def __init__(self) -> None:
        self._seen: dict[str, Sighting] = {}
        self._calls: dict[str, datetime] = {}

    def saw(self, post_id: str, report: PostReport, now: datetime) -> None:
        """A status has come."""
        self._seen[post_id] = Sighting(report, now)

    def last(self, post_id: str) -> Sighting | None:
        """The last sighting, None before the first."""
        return self._seen.get(post_id)

    def online(self, post_id: str, now: datetime) -> bool:
        """Whether the post said that it is there, and not too long ago."""
        seen = self._seen.get(post_id)
        return seen is not None and seen.report.online and now - seen.at <= timedelta(seconds=SILENT_AFTER_S)

    def fallen_silent(self, now: datetime) -> list[str]:
        """Posts that were there and have said nothing for too long; each is named once."""
        silent = [
            post_id for post_id, seen in self._seen.items() if seen.report.online and not self.online(post_id, now)
        ]
        for post_id in silent:
            seen = self._seen[post_id]
            self._seen[post_id] = replace(seen, report=replace(seen.report, online=False))
        return silent

    def called(self, post_id: str, now: datetime) -> None:
        """A patron raises a hand; one who calls again has been waiting since the first time."""
        self._calls.setdefault(post_id, now)

    def calling_since(self, post_id: str) -> datetime | None:
        """Since when a patron waits for somebody from the desk; None where nobody does."""
        return self._calls.get(post_id)

    def answered(self, post_id: str) -> None:
        """Somebody goes there."""
        self._calls.pop(post_id, None)

    def all(self) -> Mapping[str, Sighting]:
        """Every sighting, by post."""
        return dict(self._seen)
