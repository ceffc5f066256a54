"""Roll-up: the figures of each day are kept, so that statistics outlive the records that they are counted from."""

from __future__ import annotations

from datetime import timedelta

from hub.domain.calendar import day_began, days, local_day
from hub.domain.statistics import tally
from hub.usecases.work import Room

LATE_DAYS = 7
"""A post without its hub settles days later: so many days are counted anew each time, and looked at by themselves."""


async def roll_up(room: Room) -> None:
    """Count every day until yesterday that is not kept yet, and the last week anew. Twice does no harm."""
    now = room.clock.now()
    async with room.store.transaction() as tx:
        zone = (await tx.house()).time_zone
        counted, began = await tx.counted_until(), await tx.began_at()
    if began is None:
        return
    first = local_day(began, zone)
    if counted is not None:
        first = max(first, counted - timedelta(days=LATE_DAYS - 1))
    for day in days(first, local_day(now, zone) - timedelta(days=1)):
        start, end = day_began(day, zone), day_began(day + timedelta(days=1), zone)
        async with room.store.transaction() as tx:
            await tx.roll(day, tally(await tx.facts(start, end), day, day, zone, now))
