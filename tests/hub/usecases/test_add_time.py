"""Add time: more seconds for a stay, wherever it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.domain.errors import Conflict, Invalid
from hub.usecases.add_time import add_time
from hub.usecases.recall import end, suspend
from hub.wire.messages import Lease
from hub.wire.terms import Action, Phase, SessionStatus, SettleReason
from tests.support.room import DESK, Node, TestRoom, only


async def test_time_added_to_a_running_stay_reaches_its_post_at_once(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    stay = await add_time(room.room, issued.session.id, 300, DESK)
    assert (stay.added_s, stay.allocated_s, stay.unallocated_s) == (300, 3900, 0)
    assert only(room.heard(), Lease) == replace(lease, rev=2, total_s=3900, req_id=None)
    (entry,) = room.entries(Action.TIME_ADDED)
    assert (entry.operator, entry.post_id, entry.details) == ("marie", "p01", {"seconds": 300})


async def test_time_added_in_grace_returns_the_stay_to_running(room: TestRoom, node: Node) -> None:
    issued = await room.issued(60)
    lease = await node.gets(issued.code)
    await node.reports(lease, 60, phase=Phase.GRACE)
    await add_time(room.room, issued.session.id, 300, DESK)
    assert only(room.heard(), Lease).total_s == 360


async def test_time_added_to_a_waiting_or_suspended_stay_waits_with_it(room: TestRoom, node: Node) -> None:
    issued = await room.issued(600)
    assert (await add_time(room.room, issued.session.id, 60, DESK)).unallocated_s == 660
    await node.settles(await node.gets(issued.code), 100, SettleReason.PAUSED_HERE)
    stay = await add_time(room.room, issued.session.id, 60, DESK)
    assert (stay.status, stay.unallocated_s) == (SessionStatus.SUSPENDED, 620)
    assert (await node.gets(issued.code)).total_s == 620


async def test_time_added_while_the_lease_is_wanted_back_is_kept_for_later(room: TestRoom, node: Node) -> None:
    issued = await room.issued(600)
    lease = await node.gets(issued.code)
    await suspend(room.room, issued.session.id, DESK)
    room.heard()
    await add_time(room.room, issued.session.id, 60, DESK)
    assert room.heard() == []
    await node.settles(lease, 600, SettleReason.REVOKED)
    stay = await room.session(issued)
    assert (stay.status, stay.unallocated_s) == (SessionStatus.SUSPENDED, 60)


async def test_a_stay_that_is_over_gets_no_more_time(room: TestRoom) -> None:
    issued = await room.issued()
    await end(room.room, issued.session.id, DESK)
    with pytest.raises(Conflict) as caught:
        await add_time(room.room, issued.session.id, 60, DESK)
    assert caught.value.reason == "already_over"


@pytest.mark.parametrize("seconds", [0, -60, 86_401])
async def test_an_addition_out_of_range_is_invalid(room: TestRoom, seconds: int) -> None:
    issued = await room.issued()
    with pytest.raises(Invalid) as caught:
        await add_time(room.room, issued.session.id, seconds, DESK)
    assert caught.value.field == "seconds"
    assert await room.session(issued) == issued.session
