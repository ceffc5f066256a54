"""Who is there: the last status of each post, in memory, because every node tells its own again within seconds.

So are raised hands: the journal has every call and every answer, and a hub that starts reads them there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.wire.messages import PostReport
from hub.wire.terms import SILENT_AFTER_S, STATUS_PERIOD_S

TELL_AGAIN_S = 60 - STATUS_PERIOD_S
"""The first status after so long is told: listeners hear once a minute that a post is there."""
FORETOLD_WITHIN_S = 1.5
"""A time left that runs down as expected: the panel keeps its own count over such a difference, too."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a post last said, and when."""

    report: PostReport
    at: datetime


class Presence:
    """The last sighting of every post since the hub started, and where a patron is calling the desk."""

    def __init__(self) -> None:
        self._seen: dict[str, Sighting] = {}
        self._told: dict[str, Sighting] = {}
        self._calls: dict[str, datetime] = {}

    def saw(self, post_id: str, report: PostReport, now: datetime, *, told: bool = True) -> None:
        """A status has come; `told`: whoever listens hears of it."""
        self._seen[post_id] = Sighting(report, now)
        if told:
            self._told[post_id] = self._seen[post_id]

    def is_news(self, post_id: str, report: PostReport, now: datetime) -> bool:
        """Whether this status is more than listeners can count down by themselves from the last one they heard of."""
        told = self._told.get(post_id)
        if told is None:
            return True
        since_s = (now - told.at).total_seconds()
        off_s = report.remaining_s - max(0, told.report.remaining_s - since_s)
        return (
            not 0 <= since_s < TELL_AGAIN_S or abs(off_s) > FORETOLD_WITHIN_S or _shown(report) != _shown(told.report)
        )

    def last(self, post_id: str) -> Sighting | None:
        """The last sighting, None before the first."""
        return self._seen.get(post_id)

    def online(self, post_id: str, now: datetime) -> bool:
        """Whether the post said that it is there, and not too long ago."""
        seen = self._seen.get(post_id)
        return seen is not None and seen.report.online and now - seen.at <= timedelta(seconds=SILENT_AFTER_S)

    def fallen_silent(self, now: datetime) -> dict[str, datetime]:
        """Posts that were there and have said nothing for too long, and when they last did, until that is noted."""
        return {
            post_id: seen.at
            for post_id, seen in self._seen.items()
            if seen.report.online and not self.online(post_id, now)
        }

    def note_silent(self, now: datetime) -> None:
        """Those are gone, and named no more."""
        for post_id in self.fallen_silent(now):
            seen = self._seen[post_id]
            self._seen[post_id] = self._told[post_id] = replace(seen, report=replace(seen.report, online=False))

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


def _shown(report: PostReport) -> tuple[object, ...]:
    """What listeners are told of a status, beside the time left."""
    return report.online, report.phase, report.lease_id, report.rev, report.total_s, report.faults
