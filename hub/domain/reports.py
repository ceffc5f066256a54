"""Reports: daily figures added up to what a page of statistics shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from hub.domain.calendar import day_began, days, hours, monday_of
from hub.domain.statistics import Measure, Tally


class Period(StrEnum):
    """How long one row of a report is."""

    DAY = "day"
    WEEK = "week"


class Split(StrEnum):
    """By what a report's rows are told apart, beside their period."""

    NOTHING = "nothing"
    ZONE = "zone"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Occupancy:
    """An hour (0 to 23) of a weekday (1 is Monday, 7 Sunday), over all such days of the range.

    `share` is the part of `open_s`, the seconds that the hour had at all posts in service, that was occupied; None
    where it had none.
    """

    weekday: int
    hour: int
    occupied_s: int
    open_s: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Stays:
    """A day's or a week's stays: those that began in it, and the seconds used in it; `average_s` is one by the other.

    `zone` or `category` where the report tells them apart; None there for posts or stays without one. `refused` codes
    have no category: None then.
    """

    start: date
    zone: str | None
    category: str | None
    sessions: int
    occupied_s: int
    average_s: int | None
    refused: int | None


@dataclass(frozen=True, slots=True)
class PostUse:
    """What one post did in the range."""

    post_id: str
    sessions: int
    occupied_s: int
    fault_s: int
    offline_s: int


def occupancy(tallies: Iterable[Tally], first: date, last: date, zone: str, now: datetime) -> list[Occupancy]:
    """All 168 hours of a week, in order; `zone` is the house's time zone. What is still to come is open for nobody."""
    occupied: Counter[tuple[int, int]] = Counter()
    posts: dict[date, int] = {}
    for one in tallies:
        if one.measure is Measure.OCCUPIED_S and one.hour is not None:
            occupied[one.day.isoweekday(), one.hour] += one.amount
        elif one.measure is Measure.POSTS:
            posts[one.day] = one.amount
    there: Counter[tuple[int, int]] = Counter()
    for day in days(first, last):
        for _, hour, seconds in hours(day_began(day, zone), min(now, day_began(day + timedelta(days=1), zone)), zone):
            there[day.isoweekday(), hour] += seconds * posts.get(day, 0)
    return [
        Occupancy(
            weekday, hour, occupied[weekday, hour], there[weekday, hour], _share(occupied, there, (weekday, hour))
        )
        for weekday in range(1, 8)
        for hour in range(24)
    ]


def stays(tallies: Iterable[Tally], period: Period, split: Split) -> list[Stays]:
    """A row for each period, and zone or category, of which there are figures; in that order."""
    start: Callable[[date], date] = monday_of if period is Period.WEEK else lambda day: day
    rows: dict[tuple[date, str | None], Counter[Measure]] = {}
    for one in tallies:
        if one.measure in _OF_STAYS and not (split is Split.CATEGORY and one.measure is Measure.REFUSED):
            part = {Split.ZONE: one.zone or None, Split.CATEGORY: one.category}.get(split)
            rows.setdefault((start(one.day), part), Counter())[one.measure] += one.amount
    return [
        Stays(
            start=began,
            zone=part if split is Split.ZONE else None,
            category=part if split is Split.CATEGORY else None,
            sessions=figures[Measure.SESSIONS],
            occupied_s=figures[Measure.OCCUPIED_S],
            average_s=_average(figures[Measure.OCCUPIED_S], figures[Measure.SESSIONS]),
            refused=None if split is Split.CATEGORY else figures[Measure.REFUSED],
        )
        for (began, part), figures in sorted(rows.items(), key=lambda row: (row[0][0], row[0][1] or ""))
    ]


def added_up(rows: Iterable[Stays]) -> list[Stays]:
    """The rows of all periods as one for each zone or category, which starts as the first does; most used first."""
    sums: dict[tuple[str | None, str | None], Stays] = {}
    for row in rows:
        part = row.zone, row.category
        before = sums.get(part)
        sums[part] = _plus(before, row) if before is not None else row
    return sorted(sums.values(), key=lambda row: (-row.occupied_s, row.zone or row.category or ""))


def post_use(tallies: Iterable[Tally]) -> list[PostUse]:
    """A row for each post of which there are figures, by id."""
    rows: dict[str, Counter[Measure]] = {}
    for one in tallies:
        if one.post_id is not None:
            rows.setdefault(one.post_id, Counter())[one.measure] += one.amount
    return [
        PostUse(
            post_id=post_id,
            sessions=figures[Measure.SESSIONS],
            occupied_s=figures[Measure.OCCUPIED_S],
            fault_s=figures[Measure.FAULT_S],
            offline_s=figures[Measure.OFFLINE_S],
        )
        for post_id, figures in sorted(rows.items())
    ]


_OF_STAYS = frozenset({Measure.SESSIONS, Measure.OCCUPIED_S, Measure.REFUSED})


def _share(occupied: Counter[tuple[int, int]], there: Counter[tuple[int, int]], cell: tuple[int, int]) -> float | None:
    # A post says a few seconds ahead what it will have used: of an hour that has just begun, more than there is yet.
    return min(1.0, round(occupied[cell] / there[cell], 4)) if there[cell] else None


def _average(occupied_s: int, sessions: int) -> int | None:
    return round(occupied_s / sessions) if sessions else None


def _plus(one: Stays, other: Stays) -> Stays:
    sessions, occupied_s = one.sessions + other.sessions, one.occupied_s + other.occupied_s
    refused = None if one.refused is None or other.refused is None else one.refused + other.refused
    average_s = _average(occupied_s, sessions)
    return replace(one, sessions=sessions, occupied_s=occupied_s, average_s=average_s, refused=refused)
