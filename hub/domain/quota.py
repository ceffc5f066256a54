"""Quotas: how much of a day and of a week (from Monday) a patron may use, by the house's calendar.

Time counts on the day on which a post was granted it, whenever it is spent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.calendar import day_began, local_day, monday_of
from hub.domain.records import User


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many seconds may be used from `start` until `end`."""

    start: datetime
    end: datetime
    seconds: int


def allowances(user: User, at: datetime, zone: str) -> list[Allowance]:
    """What a patron's quotas say of an instant; nothing where they have none."""
    day = local_day(at, zone)
    limits = ((day, 1, user.quota_day_s), (monday_of(day), 7, user.quota_week_s))
    return [
        Allowance(day_began(first, zone), day_began(first + timedelta(days=length), zone), seconds)
        for first, length, seconds in limits
        if seconds is not None
    ]
