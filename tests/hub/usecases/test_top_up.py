"""R15 and R21: another session's code typed at a running post joins the stay."""

from __future__ import annotations

from dataclasses import replace

from hub.usecases.recall import end, suspend
from hub.wire.messages import Deny, Lease
from hub.wire.terms import Action, DenyReason, SessionStatus, SettleReason
from tests.support.room import DESK, Node, TestRoom, new_id


def reason(answer: Lease | Deny) -> DenyReason:
    assert isinstance(answer, Deny)
    return answer.reason


async def test_the_other_sessions_seconds_join_the_running_lease(room: TestRoom, node: Node) -> None:
    running, joining = await room.issued(3600), await room.issued(900)
    lease = await node.gets(running.code)
    after = await node.gets(joining.code, topping_up=lease)
    assert after == replace(lease, rev=2, total_s=4500, req_id=after.req_id, seconds_added=900)
    stay, joined = await room.session(running), await room.session(joining)
    assert (stay.budget_s, stay.allocated_s, stay.status) == (4500, 4500, SessionStatus.ACTIVE)
    assert (joined.budget_s, joined.status, joined.end_reason) == (0, SessionStatus.ENDED, "merged")
    assert joined.merged_into == stay.id


async def test_a_merge_is_linked_in_the_journal_from_both_sides(room: TestRoom, node: Node) -> None:
    running, joining = await room.issued(), await room.issued(900)
    await node.gets(joining.code, topping_up=await node.gets(running.code))
    (added,), (ended,) = room.entries(Action.TIME_ADDED), room.entries(Action.SESSION_ENDED)
    assert (added.session_id, added.details) == (running.session.id, {"seconds": 900, "merged": joining.session.id})
    gone = {"reason": "merged", "into": running.session.id, "seconds": 900}
    assert (ended.session_id, ended.details) == (joining.session.id, gone)


async def test_a_session_that_was_partly_used_brings_only_its_rest(room: TestRoom, node: Node) -> None:
    joining, running = await room.issued(900), await room.issued(600)
    await node.settles(await node.gets(joining.code), 300, SettleReason.PAUSED_HERE)
    after = await node.gets(joining.code, topping_up=await node.gets(running.code))
    assert (after.total_s, after.seconds_added) == (1200, 600)
    joined = await room.session(joining)
    assert (joined.budget_s, joined.consumed_s) == (300, 300)


async def test_a_repeated_top_up_adds_once(room: TestRoom, node: Node) -> None:
    lease = await node.gets((await room.issued(3600)).code)
    code, req_id = (await room.issued(900)).code, new_id()
    first = await node.asks(code, req_id=req_id, topping_up=lease)
    assert await node.asks(code, req_id=req_id, topping_up=lease) == first
    assert (await room.lease(lease)).total_s == 4500


async def test_a_repeated_top_up_is_denied_once_the_lease_is_closed_and_the_time_is_not_lost(
    room: TestRoom, node: Node
) -> None:
    running, joining, req_id = await room.issued(3600), await room.issued(900), new_id()
    lease = await node.gets(running.code)
    await node.asks(joining.code, req_id=req_id, topping_up=lease)
    await node.settles(lease, 3600)  # the answer never came: the node spent what it knew of
    assert reason(await node.asks(joining.code, req_id=req_id, topping_up=lease)) is DenyReason.LEASE_CHANGED
    stay = await room.session(running)
    assert (stay.status, stay.unallocated_s) == (SessionStatus.SUSPENDED, 900)


async def test_the_running_sessions_own_code_is_answered_with_its_lease_unchanged(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    again = await node.gets(issued.code, topping_up=lease)
    assert again == replace(lease, req_id=again.req_id)
    assert (await room.session(issued)).status is SessionStatus.ACTIVE


async def test_a_top_up_of_a_lease_that_is_no_longer_open_merges_nothing(room: TestRoom, node: Node) -> None:
    lease = await node.gets((await room.issued()).code)
    await node.settles(lease, 60)
    joining = await room.issued(900)
    assert reason(await node.asks(joining.code, topping_up=lease)) is DenyReason.LEASE_CHANGED
    assert await room.session(joining) == joining.session
    await node.gets((await room.issued()).code)
    assert reason(await node.asks(joining.code, topping_up=lease)) is DenyReason.LEASE_CHANGED


async def test_a_top_up_of_a_lease_that_the_desk_wants_back_merges_nothing(room: TestRoom, node: Node) -> None:
    running, joining = await room.issued(), await room.issued(900)
    lease = await node.gets(running.code)
    await suspend(room.room, running.session.id, DESK)
    assert reason(await node.asks(joining.code, topping_up=lease)) is DenyReason.LEASE_CHANGED
    assert (await room.session(joining)).unallocated_s == 900


async def test_a_code_that_runs_elsewhere_joins_nothing(room: TestRoom, node: Node, other: Node) -> None:
    elsewhere = (await room.issued()).code
    await other.gets(elsewhere)
    lease = await node.gets((await room.issued()).code)
    answer = await node.asks(elsewhere, topping_up=lease)
    assert isinstance(answer, Deny)
    assert (answer.reason, answer.detail) == (DenyReason.ALREADY_IN_USE, "Post 2")


async def test_a_code_that_could_not_start_a_stay_cannot_join_one(room: TestRoom, node: Node) -> None:
    lease = await node.gets((await room.issued()).code)
    ended = await room.issued()
    await end(room.room, ended.session.id, DESK)
    assert reason(await node.asks(ended.code, topping_up=lease)) is DenyReason.CLOSED


async def test_over_two_merges_every_code_opens_the_one_stay(room: TestRoom, node: Node, other: Node) -> None:
    first, second, third = [await room.issued(600) for _ in range(3)]
    await node.gets(first.code, topping_up=await node.gets(second.code))
    lease = await node.gets(second.code)
    await node.settles(lease, 100, SettleReason.PAUSED_HERE)
    merged = await other.gets(second.code, topping_up=await other.gets(third.code))
    assert merged.total_s == 1700
    for issued in (first, second, third):
        assert (await other.gets(issued.code)).lease_id == merged.lease_id
        assert (await other.gets(issued.code, topping_up=merged)).total_s == 1700
    await other.settles(merged, 700, SettleReason.PAUSED_HERE)
    resumed = await node.gets(first.code)
    assert (resumed.total_s, (await room.lease(resumed)).session_id) == (1000, third.session.id)


async def test_an_alias_of_a_stay_that_is_over_says_what_the_stay_says(room: TestRoom, node: Node) -> None:
    running, joining = await room.issued(600), await room.issued(600)
    lease = await node.gets(joining.code, topping_up=await node.gets(running.code))
    await node.settles(lease, 1200)
    assert reason(await node.asks(joining.code)) is DenyReason.USED_UP
