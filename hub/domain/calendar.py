"""Days, weeks and hours as the house's time zone has them: a day of the clock's change has 23 hours or 25.

All instants are aware and in UTC; a `zone` is an IANA name, as `House.time_zone` holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


def local_day(at: datetime, zone: str) -> date:
    """The day on which an instant falls in the house."""
    return at.astimezone(ZoneInfo(zone)).date()


def day_began(day: date, zone: str) -> datetime:
    """When a day begins: at midnight, or at its first instant where the clocks leave midnight out."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def monday_of(day: date) -> date:
    """The first day of a day's week (ISO 8601)."""
    return day - timedelta(days=day.weekday())


def days(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + number * _DAY


def hours(start: datetime, end: datetime, zone: str) -> Iterator[tuple[date, int, int]]:
    """An interval, cut where the clock's hour changes: day, hour of it (0 to 23), seconds; all of them whole.

    An hour that the clocks repeat comes twice, one that they leave out does not come.
    """
    local = ZoneInfo(zone)
    while start < end:
        clock = start.astimezone(local)
        rest = timedelta(seconds=3600 - clock.minute * 60 - clock.second)
        cut = min(end, start + rest)
        yield clock.date(), clock.hour, int((cut - start) / timedelta(seconds=1))
        start = cut
