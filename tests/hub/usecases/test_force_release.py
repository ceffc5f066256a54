"""R3 and R25: the desk takes a lease from a post that is dead for good, and what if it was not."""

from __future__ import annotations

import pytest

from hub.domain.errors import Conflict, NotFound
from hub.usecases.force_release import force_release
from hub.usecases.recall import end
from hub.wire.messages import Settled, Sync
from hub.wire.terms import Action, SessionStatus, SettleReason
from tests.support.room import DESK, Node, TestRoom, only, told


async def test_a_released_lease_is_charged_by_the_clock_and_audited(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    room.clock.advance(600)
    stay = await force_release(room.room, "p01", "burnt out", DESK)
    assert (stay.status, stay.consumed_s, stay.unallocated_s) == (SessionStatus.SUSPENDED, 600, 3000)
    assert (await room.lease(lease)).forced
    (entry,) = room.entries(Action.LEASE_RELEASED)
    assert (entry.operator, entry.post_id, entry.details) == ("marie", "p01", {"reason": "burnt out", "charged_s": 600})


async def test_a_release_never_costs_more_than_the_lease_nor_less_than_was_reported(
    room: TestRoom, node: Node, other: Node
) -> None:
    short, quick = await room.issued(600), await room.issued(600)
    await node.gets(short.code)
    await other.reports(await other.gets(quick.code), 300)
    room.clock.advance(10)
    assert (await force_release(room.room, "p02", "", DESK)).consumed_s == 300
    room.clock.advance(86_400)
    stay = await force_release(room.room, "p01", "", DESK)
    assert (stay.consumed_s, stay.status, stay.end_reason) == (600, SessionStatus.EXPIRED, "used_up")
    assert [entry.details["reason"] for entry in room.entries(Action.LEASE_RELEASED)] == ["by_desk", "by_desk"]


async def test_there_must_be_something_to_release(room: TestRoom, node: Node) -> None:
    with pytest.raises(Conflict) as caught:
        await force_release(room.room, "p01", "", DESK)
    assert caught.value.reason == "post_free"
    with pytest.raises(NotFound):
        await force_release(room.room, "p77", "", DESK)


@pytest.mark.parametrize("true_s", [100, 600, 900])
async def test_a_node_that_comes_back_is_revoked_and_its_true_figure_corrects_the_charge(
    room: TestRoom, node: Node, true_s: int
) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    room.clock.advance(600)
    await force_release(room.room, "p01", "", DESK)
    sync = await node.hello(told(lease, true_s))
    assert sync.revoked == (lease.lease_id,)
    for _ in range(2):
        assert await node.settles(lease, true_s, SettleReason.REVOKED) == [Settled(lease.lease_id)]
    stay = await room.session(issued)
    assert (stay.consumed_s, stay.unallocated_s) == (true_s, 3600 - true_s)
    corrected = true_s != 600
    assert stay.flag == ("corrected" if corrected else None)
    assert room.incidents() == (["corrected_charge"] if corrected else [])


async def test_a_node_that_never_left_is_told_by_its_next_status(room: TestRoom, node: Node) -> None:
    lease = await node.gets((await room.issued()).code)
    await force_release(room.room, "p01", "", DESK)
    assert only(await node.reports(lease, 100), Sync).revoked == (lease.lease_id,)


async def test_a_correction_never_goes_below_what_the_node_once_reported(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    await node.reports(lease, 300)
    room.clock.advance(600)
    await force_release(room.room, "p01", "", DESK)
    await node.settles(lease, 10, SettleReason.REVOKED)
    assert (await room.session(issued)).consumed_s == 300


async def test_a_charge_is_corrected_once(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    room.clock.advance(600)
    await force_release(room.room, "p01", "", DESK)
    await node.settles(lease, 100, SettleReason.REVOKED)
    assert await node.settles(lease, 3600) == [Settled(lease.lease_id)]
    assert (await room.session(issued)).consumed_s == 100


async def test_a_stay_that_the_charge_used_up_is_taken_up_again_when_that_was_too_high(
    room: TestRoom, node: Node
) -> None:
    issued = await room.issued(600)
    lease = await node.gets(issued.code)
    room.clock.advance(86_300)
    assert (await force_release(room.room, "p01", "", DESK)).status is SessionStatus.EXPIRED
    await node.hello(told(lease, 200))
    await node.settles(lease, 200, SettleReason.REVOKED)
    stay = await room.session(issued)
    assert (stay.status, stay.end_reason, stay.unallocated_s) == (SessionStatus.SUSPENDED, None, 400)
    assert (await node.gets(issued.code)).total_s == 400


async def test_a_stay_whose_true_figure_used_it_up_expires(room: TestRoom, node: Node) -> None:
    issued = await room.issued(600)
    lease = await node.gets(issued.code)
    room.clock.advance(300)
    await force_release(room.room, "p01", "", DESK)
    await node.settles(lease, 600)
    stay = await room.session(issued)
    assert (stay.status, stay.end_reason, stay.unallocated_s) == (SessionStatus.EXPIRED, "used_up", 0)


async def test_a_stay_that_was_used_at_two_posts_meanwhile_ends_flagged_with_its_surplus(
    room: TestRoom, node: Node, other: Node
) -> None:
    issued = await room.issued(600)
    first = await node.gets(issued.code)
    room.clock.advance(100)
    await force_release(room.room, "p01", "", DESK)
    second = await other.gets(issued.code)
    await node.settles(first, 600)
    stay = await room.session(issued)
    assert (stay.status, stay.flag, stay.unallocated_s) == (SessionStatus.ACTIVE, "corrected", -500)
    await other.settles(second, 500)
    stay = await room.session(issued)
    assert (stay.status, stay.consumed_s, stay.budget_s) == (SessionStatus.EXPIRED, 1100, 600)


async def test_a_stay_that_the_desk_had_ended_stays_ended_after_a_correction(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    await end(room.room, issued.session.id, DESK)
    room.clock.advance(600)
    assert (await force_release(room.room, "p01", "", DESK)).status is SessionStatus.ENDED
    await node.settles(lease, 100, SettleReason.REVOKED)
    stay = await room.session(issued)
    assert (stay.status, stay.consumed_s) == (SessionStatus.ENDED, 100)
