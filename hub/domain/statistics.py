"""Statistics: what happened, counted by day. The same counting makes the roll-up and looks at the last days.

A stay's seconds are those that were charged for it (so far, while a post has it), laid out from the grant on. A stay
counts where and when its time first began to run. An hour's or a post's figures therefore sum up to what patrons used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from hub.domain.calendar import day_began, days, hours, local_day
from hub.wire.terms import IncidentKind

LONGEST_SPELL = timedelta(days=7)
"""No lease lasts longer; who looks for the time used in a day looks so far back for its grant."""


class Measure(StrEnum):
    """What is counted."""

    POSTS = "posts"
    """Posts in service; every day that was counted has it."""
    OCCUPIED_S = "occupied_s"
    SESSIONS = "sessions"
    REFUSED = "refused"
    OFFLINE_S = "offline_s"
    FAULT_S = "fault_s"


class Sign(StrEnum):
    """What the journal tells of a post that statistics count."""

    REFUSED = "code_refused"
    CONNECTED = "post_connected"
    DISCONNECTED = "post_disconnected"
    KEYPAD_LOST = IncidentKind.KEYPAD_LOST.value
    KEYPAD_BACK = IncidentKind.KEYPAD_BACK.value


_BEGINS = {Sign.DISCONNECTED: Measure.OFFLINE_S, Sign.KEYPAD_LOST: Measure.FAULT_S}
_ENDS = {Sign.CONNECTED: Measure.OFFLINE_S, Sign.KEYPAD_BACK: Measure.FAULT_S}


@dataclass(frozen=True, slots=True)
class Tally:
    """One figure of one day. `hour` only for occupied seconds; `category` None: the stay had none."""

    day: date
    measure: Measure
    amount: int
    hour: int | None = None
    post_id: str | None = None
    zone: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """A lease, as statistics see it: `seconds` used from the grant on; `first` of its stay or not."""

    granted_at: datetime
    seconds: int
    post_id: str
    category: str | None
    first: bool


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the journal that speaks of a post."""

    at: datetime
    post_id: str
    sign: Sign


@dataclass(frozen=True, slots=True)
class Place:
    """A post: where it stands and since when the house has it."""

    post_id: str
    zone: str
    created_at: datetime
    retired: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that happened in an interval, and what was the case when it began.

    `spells` were granted from LONGEST_SPELL before it until its end; `before` has, a post and sign, the last event.
    """

    start: datetime
    end: datetime
    spells: list[Spell]
    events: list[Event]
    before: list[Event]
    places: list[Place]


Key = tuple[date, Measure, int | None, str | None, str | None, str | None]


def tally(facts: Facts, first: date, last: date, time_zone: str, now: datetime) -> list[Tally]:
    """The figures of every day from first to last, which is the interval of the facts; of today, those so far."""
    zones = {place.post_id: place.zone for place in facts.places}
    standing = {place.post_id for place in facts.places if not place.retired}
    counted: Counter[Key] = Counter()
    used = list(_used(facts, zones, time_zone))
    busy = {(day, post_id) for (day, _, _, post_id, _, _), _ in used}
    for day in days(first, last):
        ended = day_began(day + timedelta(days=1), time_zone)
        # One that was retired later was there as long as it was used: no hour is fuller than the posts it had.
        posts = sum((day, one.post_id) in busy if one.retired else one.created_at < ended for one in facts.places)
        counted[day, Measure.POSTS, None, None, None, None] = posts
    for key, amount in [
        *used,
        *_refused(facts, zones, time_zone),
        *_ailed(facts, standing, zones, time_zone, now),
    ]:
        counted[key] += amount
    return [
        Tally(day, measure, amount, hour, post_id, zone, category)
        for (day, measure, hour, post_id, zone, category), amount in counted.items()
    ]


def _used(facts: Facts, zones: dict[str, str], time_zone: str) -> Iterator[tuple[Key, int]]:
    for spell in facts.spells:
        zone = zones.get(spell.post_id)
        start = spell.granted_at.replace(microsecond=0)
        if spell.first and facts.start <= spell.granted_at < facts.end:
            day = local_day(start, time_zone)
            yield (day, Measure.SESSIONS, None, spell.post_id, zone, spell.category), 1
        end = min(facts.end, start + timedelta(seconds=spell.seconds))
        for day, hour, seconds in hours(max(facts.start, start), end, time_zone):
            yield (day, Measure.OCCUPIED_S, hour, spell.post_id, zone, spell.category), seconds


def _refused(facts: Facts, zones: dict[str, str], time_zone: str) -> Iterator[tuple[Key, int]]:
    for event in facts.events:
        if event.sign is Sign.REFUSED:
            day = local_day(event.at, time_zone)
            yield (day, Measure.REFUSED, None, event.post_id, zones.get(event.post_id), None), 1


def _ailed(
    facts: Facts, standing: set[str], zones: dict[str, str], time_zone: str, now: datetime
) -> Iterator[tuple[Key, int]]:
    """How long each post was offline or at fault: from the event that began it to the one that ended it, or to now."""
    since: dict[tuple[str, Measure], datetime] = {}
    lasted: list[tuple[tuple[str, Measure], datetime, datetime]] = []
    for event in [*sorted(facts.before, key=lambda event: event.at), *facts.events]:
        at = max(facts.start, event.at.replace(microsecond=0))
        if event.post_id not in standing:
            continue
        if event.sign in _BEGINS:
            since.setdefault((event.post_id, _BEGINS[event.sign]), at)
        elif event.sign in _ENDS:
            ended = (event.post_id, _ENDS[event.sign])
            lasted.append((ended, since.pop(ended, at), at))
    end = min(facts.end, now.replace(microsecond=0))
    lasted += [(what, began, end) for what, began in since.items()]
    for (post_id, measure), began, ended_at in lasted:
        for day, _, seconds in hours(began, ended_at, time_zone):
            yield (day, measure, None, post_id, zones[post_id], None), seconds
