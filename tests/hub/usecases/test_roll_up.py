"""Roll-up: what is kept of each day, when it is counted anew, and that a range reads the same before and after."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from hub.adapters.db.engine import Database
from hub.adapters.db.queries import TortoiseQueries
from hub.domain.errors import Invalid
from hub.domain.house import House
from hub.domain.statistics import Measure, Tally
from hub.usecases.force_release import force_release
from hub.usecases.roll_up import roll_up
from hub.usecases.statistics import count
from hub.usecases.views import Queries
from tests.support.room import DESK, Node, TestRoom

DAY_S = 86_400
ALL = ("hour", "post_id", "zone", "category")
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def queries(database: Database) -> Queries:
    return TortoiseQueries(database)


async def read(room: TestRoom, queries: Queries, first: date | None = None, last: date | None = None) -> Counter[Tally]:
    """The figures of a range, but for the number of posts."""
    counted = await count(queries, "Europe/Paris", room.clock.now(), first, last, ALL)
    return Counter(one for one in counted.tallies if one.measure is not Measure.POSTS)


def kept(room: TestRoom) -> list[tuple[str, str, int]]:
    return room.rows("SELECT day, measure, amount FROM tally ORDER BY day, measure, amount")


async def stay(room: TestRoom, node: Node, seconds: int, **order: Any) -> None:
    """A code that is used up."""
    lease = await node.gets((await room.issued(seconds, **order)).code)
    room.clock.advance(seconds)
    await node.settles(lease, seconds)


async def test_an_empty_house_has_nothing_to_count(room: TestRoom) -> None:
    await roll_up(room.room)
    assert kept(room) == []


async def test_a_day_is_kept_when_it_is_over(room: TestRoom, node: Node) -> None:
    await stay(room, node, 1800, category="child")
    await node.asks("NOSUCH")
    await roll_up(room.room)
    assert kept(room) == []
    room.clock.advance(DAY_S)
    await roll_up(room.room)
    assert kept(room) == [
        ("2026-11-23", "occupied_s", 1800),
        ("2026-11-23", "posts", 1),
        ("2026-11-23", "refused", 1),
        ("2026-11-23", "sessions", 1),
    ]


async def test_twice_does_no_harm(room: TestRoom, node: Node) -> None:
    await stay(room, node, 1800)
    room.clock.advance(3 * DAY_S)
    await roll_up(room.room)
    before = kept(room)
    await roll_up(room.room)
    assert kept(room) == before
    assert [day for day, measure, _ in before if measure == "posts"] == ["2026-11-23", "2026-11-24", "2026-11-25"]


async def test_what_a_post_tells_days_later_is_counted_on_its_day(room: TestRoom, node: Node) -> None:
    """Released by force after ten minutes; six days later its node is back and says that it was one."""
    lease = await node.gets((await room.issued(3600)).code)
    room.clock.advance(600)
    await force_release(room.room, "p01", "dead", DESK)
    room.clock.advance(2 * DAY_S)
    await roll_up(room.room)
    assert ("2026-11-23", "occupied_s", 600) in kept(room)
    room.clock.advance(4 * DAY_S)
    await node.settles(lease, 60)
    await roll_up(room.room)
    assert ("2026-11-23", "occupied_s", 60) in kept(room)


async def test_a_range_reads_the_same_before_and_after(
    room: TestRoom, node: Node, other: Node, queries: Queries
) -> None:
    user = await room.user(category="student")
    for day in range(12):
        await stay(room, node, 600 + day, category="child")
        await stay(room, other, 300, user_id=user.id)
        await other.asks("NOSUCH")
        room.clock.advance(DAY_S - 900 - day)
    last = MONDAY + timedelta(days=11)
    ranges = [(MONDAY, last), (TUESDAY, TUESDAY), (MONDAY + timedelta(days=4), last), (last, last), (None, None)]
    live = [await read(room, queries, *one) for one in ranges]
    assert sum(one.amount for one in live[0].elements() if one.measure is Measure.SESSIONS) == 24
    assert {one.category for one in live[0] if one.measure is Measure.SESSIONS} == {"child", "student"}
    await roll_up(room.room)
    assert [await read(room, queries, *one) for one in ranges] == live
    assert {one.amount for one in await queries.tallies(MONDAY, MONDAY, ()) if one.measure is Measure.OCCUPIED_S} == {
        900
    }


async def test_the_last_week_is_read_from_the_records_themselves(room: TestRoom, node: Node, queries: Queries) -> None:
    await stay(room, node, 600)
    room.clock.advance(DAY_S)
    await roll_up(room.room)
    await stay(room, node, 60)
    used = [one.amount for one in await read(room, queries) if one.measure is Measure.OCCUPIED_S]
    assert sorted(used) == [60, 600]


async def test_days_that_a_clock_ahead_has_counted_are_counted_when_they_have_been(
    room: TestRoom, node: Node, queries: Queries
) -> None:
    room.clock.advance(10 * DAY_S)
    await roll_up(room.room)
    room.clock.advance(-10 * DAY_S)
    for seconds in (600, 60):
        await stay(room, node, seconds)
        room.clock.advance(DAY_S)
    used = [one.amount for one in await read(room, queries) if one.measure is Measure.OCCUPIED_S]
    assert sorted(used) == [60, 600]
    await roll_up(room.room)
    assert ("2026-11-23", "occupied_s", 600) in kept(room)


async def test_the_day_is_the_houses(room: TestRoom, node: Node) -> None:
    """Nine in the morning in Greenwich is ten at night in Auckland; two hours later the day is over there."""
    await room.save(House(time_zone="Pacific/Auckland"))
    await stay(room, node, 1800)
    room.clock.advance(5400)
    await roll_up(room.room)
    assert ("2026-11-23", "sessions", 1) in kept(room)


@pytest.mark.parametrize(("first", "last"), [(TUESDAY, MONDAY), (date(2016, 1, 1), MONDAY), (date(2026, 11, 24), None)])
async def test_a_range_of_no_days_or_too_many_is_refused(
    queries: Queries, room: TestRoom, first: date, last: date | None
) -> None:
    with pytest.raises(Invalid) as caught:
        await count(queries, "Europe/Paris", room.clock.now(), first, last, ALL)
    assert caught.value.field == "from"
