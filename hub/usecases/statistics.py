"""Statistics: the figures of a range of days, from the roll-up and, for the last days, from the records themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.domain.calendar import day_began, local_day
from hub.domain.errors import Invalid
from hub.domain.statistics import Tally, tally
from hub.usecases.roll_up import counted_for_good
from hub.usecases.views import Queries

USUAL_DAYS = 30
MOST_DAYS = 3700


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of the days from `first` to `last`, both included, in the house's time zone."""

    first: date
    last: date
    zone: str
    tallies: list[Tally]


async def count(
    queries: Queries, zone: str, now: datetime, first: date | None, last: date | None, by: Sequence[str]
) -> Counted:
    """The figures of a range: thirty days until today, unless said. Invalid for one of no past days or too many.

    `by`: the fields of a tally that the asker tells apart; others may be added up already.
    """
    today = local_day(now, zone)
    last = min(last or today, today)
    first = first or last - timedelta(days=USUAL_DAYS - 1)
    if not 1 <= (last - first).days + 1 <= MOST_DAYS:
        raise Invalid("from", f"must be a day until `to`, and at most {MOST_DAYS} days before it")
    kept_until = counted_for_good(await queries.counted_until(), today) or first - timedelta(days=1)
    found = await queries.tallies(first, min(last, kept_until), by) if first <= kept_until else []
    fresh = max(first, kept_until + timedelta(days=1))
    if fresh <= last:
        facts = await queries.facts(day_began(fresh, zone), day_began(last + timedelta(days=1), zone))
        found = [*found, *tally(facts, fresh, last, zone, now)]
    return Counted(first, last, zone, found)
