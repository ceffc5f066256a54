"""Roll-up: the figures of each day are kept, so that statistics outlive the records that they are counted from."""

from __future__ import annotations

from datetime import date, timedelta

from hub.domain.calendar import day_began, days, local_day
from hub.domain.statistics import tally
from hub.usecases.work import Room

LATE_DAYS = 7
"""A post without its hub settles days later: so many days are counted anew each time, and looked at by themselves."""
_DAY = timedelta(days=1)


async def roll_up(room: Room) -> None:
    """Count every day until yesterday that is not kept yet, and the last week anew. Twice does no harm."""
    now = room.clock.now()
    async with room.store.transaction() as tx:
        zone = (await tx.house()).time_zone
        counted, began = await tx.counted_until(), await tx.began_at()
    if began is None:
        return
    first, today = local_day(began, zone), local_day(now, zone)
    for_good = counted_for_good(counted, today)
    if for_good is not None:
        first = max(first, for_good + _DAY)
    for day in days(first, today - _DAY):
        start, end = day_began(day, zone), day_began(day + _DAY, zone)
        async with room.store.transaction() as tx:
            await tx.roll(day, tally(await tx.facts(start, end), day, day, zone, now))


def counted_for_good(counted_until: date | None, today: date) -> date | None:
    """The last day whose figures stay as they are kept; None before there is one.

    A clock that was ahead has counted days that had not been yet: they do not count.
    """
    if counted_until is None:
        return None
    return min(counted_until, today - _DAY) - timedelta(days=LATE_DAYS)
