"""R14 and R17: maintenance is told at once, and its power always has an end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.domain.errors import Conflict, Invalid
from hub.usecases.maintenance import maintenance_off, maintenance_on
from hub.wire.messages import Grant, Sync
from hub.wire.terms import Action
from tests.support.room import DESK, Node, TestRoom, only


async def test_a_post_is_closed_and_powered_for_staff_until_a_time(room: TestRoom, node: Node) -> None:
    until = room.clock.now() + timedelta(hours=1)
    post = await maintenance_on(room.room, "p01", DESK, reason="new keyboard", until=until)
    assert post == await room.post()
    assert post.maintenance is not None
    assert (post.maintenance.total_s, post.maintenance.reason, post.maintenance.until) == (3600, "new keyboard", until)
    assert only(room.heard(), Sync).maintenance == Grant(post.maintenance.grant_id, 3600)
    (entry,) = room.entries(Action.MAINTENANCE_ON)
    assert (entry.operator, entry.details) == ("marie", {"reason": "new keyboard", "seconds": 3600})


async def test_without_a_time_a_post_is_only_closed_to_codes(room: TestRoom, node: Node) -> None:
    await maintenance_on(room.room, "p01", DESK)
    grant = only(room.heard(), Sync).maintenance
    assert grant is not None
    assert grant.total_s == 0


async def test_each_time_is_a_grant_of_its_own(room: TestRoom, node: Node) -> None:
    grants = set()
    for hours in (1, 2):
        await maintenance_on(room.room, "p01", DESK, until=room.clock.now() + timedelta(hours=hours))
        grants.add(only(room.heard(), Sync).maintenance)
    assert len({grant.grant_id for grant in grants if grant}) == 2


@pytest.mark.parametrize("seconds", [-1, 0, 0.5, 86_401])
async def test_the_end_lies_in_the_next_day(room: TestRoom, node: Node, seconds: float) -> None:
    with pytest.raises(Invalid) as caught:
        await maintenance_on(room.room, "p01", DESK, until=room.clock.now() + timedelta(seconds=seconds))
    assert caught.value.field == "until"
    assert (await room.post()).maintenance is None


async def test_a_post_in_use_is_not_closed_over_the_patrons_head(room: TestRoom, node: Node) -> None:
    await node.gets((await room.issued()).code)
    with pytest.raises(Conflict) as caught:
        await maintenance_on(room.room, "p01", DESK)
    assert caught.value.reason == "post_busy"


async def test_a_post_is_opened_again_and_told_so_once(room: TestRoom, node: Node) -> None:
    await maintenance_on(room.room, "p01", DESK)
    room.heard()
    assert (await maintenance_off(room.room, "p01", DESK)).maintenance is None
    assert only(room.heard(), Sync).maintenance is None
    await maintenance_off(room.room, "p01", DESK)
    assert room.heard() == []
    assert len(room.entries(Action.MAINTENANCE_OFF)) == 1


async def test_a_node_that_greets_in_maintenance_is_told_of_it(room: TestRoom, node: Node) -> None:
    post = await maintenance_on(room.room, "p01", DESK, until=room.clock.now() + timedelta(minutes=10))
    assert post.maintenance is not None
    assert (await node.hello()).maintenance == Grant(post.maintenance.grant_id, 600)
