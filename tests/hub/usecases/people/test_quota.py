"""Quotas: what the desk may promise a patron, and what a post may give."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub.domain.errors import Conflict
from hub.domain.house import House
from hub.domain.records import User
from hub.usecases.issue import Issued
from hub.usecases.people.quota import quota_use
from hub.usecases.recall import suspend
from hub.usecases.start_here import start_here
from hub.wire.messages import Deny, Lease, Start
from hub.wire.terms import DenyReason, SessionStatus, SettleReason
from tests.support.room import DESK, Node, TestRoom, only

DAY_S = 86_400


async def refused(room: TestRoom, seconds: int, user_id: str, **order: Any) -> str:
    """What the desk is told."""
    with pytest.raises(Conflict) as caught:
        await room.issued(seconds, user_id=user_id, **order)
    assert caught.value.reason == "quota"
    return str(caught.value)


async def denied(node: Node, issued: Issued, topping_up: Lease | None = None) -> None:
    answer = await node.asks(issued.code, topping_up=topping_up)
    assert isinstance(answer, Deny)
    assert answer.reason is DenyReason.QUOTA


async def test_codes_beyond_a_days_quota_are_not_issued(room: TestRoom) -> None:
    user = await room.user(quota_day_s=3600)
    await room.issued(2400, user_id=user.id)
    assert "only 1200 s" in await refused(room, 1201, user.id)
    assert "only 1200 s" in await refused(room, 601, user.id, count=2)
    await room.issued(1200, user_id=user.id)
    assert "only 0 s" in await refused(room, 1, user.id)


async def test_time_that_was_used_counts_as_it_was_charged(room: TestRoom, node: Node) -> None:
    user = await room.user(quota_day_s=3600)
    issued = await room.issued(3600, user_id=user.id)
    lease = await node.gets(issued.code)
    assert "only 0 s" in await refused(room, 1, user.id)
    await suspend(room.room, issued.session.id, DESK)
    await node.settles(lease, 600, SettleReason.REVOKED)
    assert "only 0 s" in await refused(room, 1, user.id), "its code still holds 3000 s"
    room.clock.advance(DAY_S)
    await refused(room, 3601, user.id)
    assert (await room.issued(3600, user_id=user.id)).session.user_id == user.id


async def test_codes_for_other_days_take_nothing_of_todays_but_of_the_weeks(room: TestRoom) -> None:
    """The fake clock stands on a Monday, at ten in Paris."""
    user, now = await room.user(quota_day_s=3600, quota_week_s=9000), room.clock.now()
    for day in range(2):
        at = now + timedelta(days=day)
        await room.issued(3600, user_id=user.id, valid_from=at, valid_until=at + timedelta(hours=2))
    later = now + timedelta(days=2)
    hours = {"valid_from": later, "valid_until": later + timedelta(hours=2)}
    assert "only 1800 s" in await refused(room, 1801, user.id, **hours)
    await room.issued(1800, user_id=user.id, **hours)
    monday = now + timedelta(days=7)
    await room.issued(3600, user_id=user.id, valid_from=monday, valid_until=monday + timedelta(hours=2))


async def test_a_post_gives_what_the_quota_leaves_and_the_rest_stays_in_the_code(room: TestRoom, node: Node) -> None:
    user = await room.user()
    issued = await room.issued(3600, user_id=user.id, valid_until=room.clock.now() + timedelta(days=3))
    lapsed = await room.issued(1200, user_id=user.id)
    await room.save(_with_quota(user, 1800))
    lease = await node.gets(issued.code)
    assert lease.total_s == 1800
    room.clock.advance(1800)
    await node.settles(lease, 1800)
    session = await room.session(issued)
    assert (session.status, session.unallocated_s) == (SessionStatus.SUSPENDED, 1800)
    await denied(node, issued)
    await denied(node, lapsed)
    room.clock.advance(DAY_S)
    assert (await node.gets(issued.code)).total_s == 1800


async def test_a_day_ends_at_midnight_in_the_houses_time_zone(room: TestRoom, node: Node) -> None:
    """At 22:30 in Paris it is still 21:30 in Greenwich, and noon in Auckland is another day."""
    user = await room.user()
    issued = await room.issued(7200, user_id=user.id)
    await room.save(_with_quota(user, 600))
    room.clock.advance(12.5 * 3600)
    await node.settles(await node.gets(issued.code), 600)
    room.clock.advance(5400 - 1)
    await denied(node, issued)
    await room.save(House(time_zone="UTC"))
    room.clock.advance(1)
    await denied(node, issued)
    await room.save(House())
    assert (await node.gets(issued.code)).total_s == 600


async def test_a_lease_that_is_still_out_counts_whole(room: TestRoom, node: Node, other: Node) -> None:
    user = await room.user()
    first, second = await room.issued(600, user_id=user.id), await room.issued(600, user_id=user.id)
    await room.save(_with_quota(user, 900))
    await node.gets(first.code)
    assert (await other.gets(second.code)).total_s == 300


async def test_a_top_up_joins_whole_or_not_at_all(room: TestRoom, node: Node) -> None:
    user = await room.user()
    running = await node.gets((await room.issued(600)).code)
    joining = await room.issued(900, user_id=user.id)
    await room.save(_with_quota(user, 899))
    await denied(node, joining, topping_up=running)
    await room.save(_with_quota(user, 900))
    assert (await node.gets(joining.code, topping_up=running)).seconds_added == 900


async def test_time_given_to_the_stay_of_somebody_else_counts(room: TestRoom, node: Node) -> None:
    user = await room.user()
    running = await node.gets((await room.issued(600)).code)
    for seconds in (500, 300):
        given = await room.issued(seconds, user_id=user.id)
        await room.save(_with_quota(user, 800))
        await node.gets(given.code, topping_up=running)
    (day,) = await quota_use(room.room, _with_quota(user, 800))
    assert (day.used_s, day.left_s) == (800, 0)
    room.clock.advance(86_400)
    (tomorrow,) = await quota_use(room.room, _with_quota(user, 800))
    assert tomorrow.used_s == 0


async def test_time_given_to_ones_own_stay_counts_once(room: TestRoom, node: Node) -> None:
    user = await room.user(quota_day_s=1200)
    running = await node.gets((await room.issued(600, user_id=user.id)).code)
    await node.gets((await room.issued(500, user_id=user.id)).code, topping_up=running)
    (day,) = await quota_use(room.room, user)
    assert (day.used_s, day.left_s) == (1100, 100)


async def test_a_start_without_a_code_keeps_to_the_quota_too(room: TestRoom, node: Node) -> None:
    user = await room.user(quota_week_s=900)
    with pytest.raises(Conflict, match="only 900 s"):
        await start_here(room.room, "p01", 901, DESK, user_id=user.id)
    await start_here(room.room, "p01", 900, DESK, user_id=user.id)
    answer = await node.obeys(only(room.heard(), Start))
    assert isinstance(answer, Lease)
    assert answer.total_s == 900


def _with_quota(user: User, seconds: int) -> User:
    return replace(user, quota_day_s=seconds)


async def test_what_the_desk_is_shown_of_a_quota(room: TestRoom, node: Node) -> None:
    user = await room.user(quota_day_s=3600, quota_week_s=7200)
    assert await quota_use(room.room, await room.user()) == []
    issued = await room.issued(600, user_id=user.id)
    await room.issued(1800, user_id=user.id)
    lease = await node.gets(issued.code)
    await node.settles(lease, 600, SettleReason.EXPIRED)
    day, week = await quota_use(room.room, user)
    assert (day.allowance.seconds, day.used_s, day.promised_s, day.left_s) == (3600, 600, 1800, 1200)
    assert (week.allowance.seconds, week.left_s) == (7200, 4800)
    smaller = replace(user, quota_day_s=60, quota_week_s=None)
    assert [one.left_s for one in await quota_use(room.room, smaller)] == [0]
