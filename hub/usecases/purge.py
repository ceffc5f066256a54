"""Purge: what the house may not or need not keep any longer is deleted, by the table of hub.domain.retention."""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.domain.calendar import day_began, local_day
from hub.domain.retention import TABLE, Kept, Kind
from hub.usecases.people.users import forget
from hub.usecases.roll_up import counted_for_good, roll_up
from hub.usecases.work import Room, Work, working
from hub.wire.terms import Action

_COUNTED = frozenset({Kind.JOURNAL, Kind.SESSIONS})
"""What statistics are counted from: kept until it is rolled up for good."""


async def purge(room: Room) -> None:
    """Roll up, then delete and anonymise what is past its time, some hundreds a transaction, each on the record."""
    await roll_up(room)
    while await _purge_some(room):
        pass


async def _purge_some(room: Room) -> bool:
    async with working(room) as work:
        counts = {kept.kind.value: await _forget(work, kept) for kept in TABLE}
        counts = {kind: count for kind, count in counts.items() if count}
        if counts:
            await work.log(Action.RETENTION_PURGE, counts=counts)
        return bool(counts)


async def _forget(work: Work, kept: Kept) -> int:
    """How many of a class were past their time."""
    house = await work.tx.house()
    before = work.now - timedelta(days=kept.days(house.retention))
    if kept.kind in _COUNTED:
        before = min(before, await _counted_for_good(work, house.time_zone))
    if kept.kind is not Kind.USERS:
        return await work.tx.purge(kept.kind, before)
    users = await work.tx.unseen_users(before)
    for user in users:
        await forget(work, user)
    return len(users)


async def _counted_for_good(work: Work, zone: str) -> datetime:
    """The end of the last day that will not be counted anew; on the house's first day, its beginning."""
    today = local_day(work.now, zone)
    for_good = counted_for_good(await work.tx.counted_until(), today)
    return day_began(today if for_good is None else for_good + timedelta(days=1), zone)
