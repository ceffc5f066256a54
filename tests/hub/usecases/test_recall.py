"""Recall: suspend, end, transfer and undo. A post gives its lease back in its own time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.domain.errors import Conflict, NotFound
from hub.domain.session import OnEnd, Session
from hub.usecases.force_release import force_release
from hub.usecases.maintenance import maintenance_on
from hub.usecases.recall import end, suspend, transfer, undo
from hub.usecases.work import By, Room
from hub.wire.messages import Deny, Lease, PostReport, Settled, Start
from hub.wire.terms import Action, DenyReason, Intent, LeaseState, SessionStatus, SettleReason
from tests.support.room import DESK, Node, TestRoom, only


async def refused(act: Awaitable[object]) -> str:
    with pytest.raises(Conflict) as caught:
        await act
    return caught.value.reason


@pytest.mark.parametrize(
    ("act", "intent", "status"),
    [(suspend, Intent.SUSPEND, SessionStatus.SUSPENDED), (end, Intent.END, SessionStatus.ENDED)],
)
async def test_a_running_stay_is_asked_back_and_changes_when_the_post_has_settled(
    room: TestRoom,
    node: Node,
    act: Callable[[Room, str, By], Awaitable[Session]],
    intent: Intent,
    status: SessionStatus,
) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    assert (await act(room.room, issued.session.id, DESK)).status is SessionStatus.ACTIVE
    revoked = only(room.heard(), Lease)
    assert revoked == replace(lease, rev=2, state=LeaseState.REVOKED, intent=intent, req_id=None)
    assert (await room.lease(lease)).open
    await node.settles(revoked, 600, SettleReason.REVOKED)
    stay = await room.session(issued)
    assert (stay.status, stay.consumed_s) == (status, 600)


async def test_a_stay_that_no_post_runs_cannot_be_suspended(room: TestRoom) -> None:
    issued = await room.issued()
    assert await refused(suspend(room.room, issued.session.id, DESK)) == "not_active"


async def test_a_waiting_stay_ends_at_once(room: TestRoom, node: Node) -> None:
    issued = await room.issued(post_id="p01")
    room.feed.posts.clear()
    stay = await end(room.room, issued.session.id, DESK)
    assert (stay.status, stay.end_reason, stay.ended_at) == (SessionStatus.ENDED, "ended_by_desk", room.clock.now())
    (entry,) = room.entries(Action.SESSION_ENDED)
    assert (entry.operator, entry.details) == ("marie", {"reason": "ended_by_desk"})
    assert room.feed.posts == ["p01"]
    unbound = await room.issued()
    assert (await end(room.room, unbound.session.id, DESK)).status is SessionStatus.ENDED


async def test_a_stay_that_is_over_can_be_neither_suspended_ended_nor_moved(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    await end(room.room, issued.session.id, DESK)
    assert await refused(suspend(room.room, issued.session.id, DESK)) == "already_over"
    assert await refused(end(room.room, issued.session.id, DESK)) == "already_over"
    assert await refused(transfer(room.room, issued.session.id, "p01", DESK)) == "already_over"


async def test_nobody_recalls_what_does_not_exist(room: TestRoom, node: Node) -> None:
    with pytest.raises(NotFound):
        await end(room.room, "nothing", DESK)
    with pytest.raises(NotFound):
        await transfer(room.room, (await room.issued()).session.id, "p77", DESK)


async def test_a_running_stay_moves_when_its_post_has_settled(room: TestRoom, node: Node, other: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    await transfer(room.room, issued.session.id, "p02", DESK)
    assert only(room.heard("p01"), Lease).intent is Intent.TRANSFER
    assert room.heard("p02") == []
    await node.settles(lease, 600, SettleReason.REVOKED)
    moved = await other.obeys(only(room.heard("p02"), Start))
    assert isinstance(moved, Lease)
    assert moved.total_s == 3000
    (entry,) = room.entries(Action.SESSION_TRANSFERRED)
    assert (entry.post_id, entry.operator) == ("p02", "marie")


async def test_a_stay_that_used_its_last_second_is_not_started_anywhere(
    room: TestRoom, node: Node, other: Node
) -> None:
    issued = await room.issued(600)
    lease = await node.gets(issued.code)
    await transfer(room.room, issued.session.id, "p02", DESK)
    await node.settles(lease, 600)
    assert room.heard("p02") == []
    assert (await room.session(issued)).status is SessionStatus.EXPIRED


async def test_a_transfer_whose_target_was_taken_meanwhile_leaves_a_suspended_stay(
    room: TestRoom, node: Node, other: Node
) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    await transfer(room.room, issued.session.id, "p02", DESK)
    await other.gets((await room.issued()).code)
    await node.settles(lease, 600, SettleReason.REVOKED)
    answer = await other.obeys(only(room.heard("p02"), Start))
    assert isinstance(answer, Deny)
    assert answer.reason is DenyReason.POST_BUSY
    assert (await room.session(issued)).status is SessionStatus.SUSPENDED


async def test_a_transfer_from_a_dead_post_goes_through_by_force_release(
    room: TestRoom, node: Node, other: Node
) -> None:
    issued = await room.issued()
    await node.gets(issued.code)
    await transfer(room.room, issued.session.id, "p02", DESK)
    room.clock.advance(60)
    await force_release(room.room, "p01", "", DESK)
    assert only(room.heard("p02"), Start).ttl_s == 30


async def test_a_suspended_or_waiting_stay_starts_at_once(room: TestRoom, node: Node, other: Node) -> None:
    suspended, waiting = await room.issued(), await room.issued()
    await node.settles(await node.gets(suspended.code), 600, SettleReason.PAUSED_HERE)
    for issued, mover, left_s in ((suspended, other, 3000), (waiting, node, 3600)):
        await transfer(room.room, issued.session.id, mover.post_id, DESK)
        lease = await mover.obeys(only(room.heard(mover.post_id), Start))
        assert isinstance(lease, Lease)
        assert lease.total_s == left_s


async def test_no_stay_moves_to_a_post_that_cannot_take_it(room: TestRoom, node: Node, other: Node) -> None:
    issued, bound = await room.issued(), await room.issued(post_id="p01")
    key = issued.session.id
    lease = await other.gets(issued.code)
    assert await refused(transfer(room.room, key, "p02", DESK)) == "already_there"
    assert await refused(transfer(room.room, key, "p01", DESK)) == "post_reserved"
    assert await refused(transfer(room.room, bound.session.id, "p02", DESK)) == "post_busy"
    third = await room.node("p03")
    assert await refused(transfer(room.room, bound.session.id, "p03", DESK)) == "wrong_post"
    await maintenance_on(room.room, "p03", DESK)
    assert await refused(transfer(room.room, key, "p03", DESK)) == "post_maintenance"
    await room.save(replace(await room.post("p03"), maintenance=None, retired=True))
    assert await refused(transfer(room.room, key, "p03", DESK)) == "post_maintenance"
    await room.save(replace(await room.post("p03"), retired=False))
    await third.says(PostReport(online=False))
    assert await refused(transfer(room.room, key, "p03", DESK)) == "post_offline"
    assert (await room.lease(lease)).intent is None
    assert room.entries(Action.SESSION_TRANSFERRED) == []


async def test_a_stay_moves_to_the_post_that_is_reserved_for_it(room: TestRoom, node: Node) -> None:
    bound = await room.issued(post_id="p01")
    await transfer(room.room, bound.session.id, "p01", DESK)
    assert isinstance(await node.obeys(only(room.heard(), Start)), Lease)


async def test_a_stay_past_its_validity_is_left_running_where_it_is(room: TestRoom, node: Node, other: Node) -> None:
    issued = await room.issued(7200, valid_until=room.clock.now() + timedelta(hours=1))
    lease = await node.gets(issued.code)
    room.clock.advance(3600)
    await node.reports(lease, 3600)
    await other.reports()
    assert await refused(transfer(room.room, issued.session.id, "p02", DESK)) == "not_valid"
    assert (await room.lease(lease)).intent is None


async def test_the_last_word_of_the_desk_counts(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    await suspend(room.room, issued.session.id, DESK)
    await end(room.room, issued.session.id, DESK)
    await node.settles(lease, 60, SettleReason.REVOKED)
    assert (await room.session(issued)).status is SessionStatus.ENDED


async def test_an_end_is_undone_within_a_minute(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    await end(room.room, issued.session.id, DESK)
    assert await node.settles(lease, 600, SettleReason.REVOKED) == [Settled(lease.lease_id)]
    room.clock.advance(60)
    stay = await undo(room.room, issued.session.id, DESK)
    assert (stay.status, stay.ended_at, stay.end_reason) == (SessionStatus.SUSPENDED, None, None)
    assert room.entries(Action.SESSION_SUSPENDED)[-1].details == {"reason": "undo"}
    assert (await node.gets(issued.code)).total_s == 3000


async def test_an_end_at_the_keypad_that_burnt_the_rest_is_undone_too(room: TestRoom, node: Node) -> None:
    issued = await room.issued(on_end=OnEnd.BURN)
    await node.settles(await node.gets(issued.code), 600, SettleReason.ENDED_HERE)
    assert (await undo(room.room, issued.session.id, DESK)).unallocated_s == 3000


async def test_what_cannot_be_undone(room: TestRoom, node: Node) -> None:
    running, ended, spent, merged = [await room.issued(600) for _ in range(4)]
    lease = await node.gets(running.code)
    assert await refused(undo(room.room, running.session.id, DESK)) == "not_ended"
    await node.gets(merged.code, topping_up=lease)
    assert await refused(undo(room.room, merged.session.id, DESK)) == "not_ended"
    await node.settles(lease, 1200)
    assert await refused(undo(room.room, running.session.id, DESK)) == "not_ended"
    await end(room.room, ended.session.id, DESK)
    room.clock.advance(61)
    assert await refused(undo(room.room, ended.session.id, DESK)) == "too_late"
    lease = await node.gets(spent.code)
    await end(room.room, spent.session.id, DESK)
    await node.settles(lease, 600)
    assert await refused(undo(room.room, spent.session.id, DESK)) == "nothing_left"
    brief = await room.issued(valid_until=room.clock.now() + timedelta(seconds=30))
    await end(room.room, brief.session.id, DESK)
    room.clock.advance(30)
    assert await refused(undo(room.room, brief.session.id, DESK)) == "nothing_left"
