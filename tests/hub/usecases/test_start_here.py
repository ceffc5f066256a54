"""Start here, and R20: an order is good for one grant of one session at one post."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.domain.errors import Conflict, Invalid, NotFound
from hub.usecases.maintenance import maintenance_on
from hub.usecases.recall import end, transfer
from hub.usecases.start_here import start_here
from hub.wire.messages import Deny, Lease, PostReport, Start
from hub.wire.terms import DenyReason, Phase, SessionStatus, SettleReason
from tests.support.room import DESK, Node, TestRoom, new_id, only


async def ordered(room: TestRoom, node: Node) -> Start:
    await start_here(room.room, node.post_id, 1800, DESK)
    return only(room.heard(node.post_id), Start)


def reason(answer: Lease | Deny) -> DenyReason:
    assert isinstance(answer, Deny)
    return answer.reason


async def test_a_post_is_told_to_ask_and_gets_the_new_session(room: TestRoom, node: Node) -> None:
    user = await room.user()
    issued = await start_here(room.room, "p01", 1800, DESK, user_id=user.id, notes="left-handed mouse")
    assert (issued.session.user_id, issued.session.notes) == (user.id, "left-handed mouse")
    start = only(room.heard(), Start)
    assert start.ttl_s == 30
    lease = await node.obeys(start)
    assert isinstance(lease, Lease)
    assert lease.total_s == 1800
    assert (await room.session(issued)).status is SessionStatus.ACTIVE
    assert (await room.order(start)).spent


async def test_a_repeated_start_opens_nothing_more(room: TestRoom, node: Node) -> None:
    start = await ordered(room, node)
    lease = await node.obeys(start)
    assert isinstance(lease, Lease)
    again = await node.obeys(start)
    assert isinstance(again, Lease)
    assert again == replace(lease, req_id=again.req_id)
    await node.settles(lease, 60, SettleReason.ENDED_HERE)
    assert reason(await node.obeys(start)) is DenyReason.CLOSED


async def test_a_start_that_has_moved_on_opens_nothing_at_the_first_post(
    room: TestRoom, node: Node, other: Node
) -> None:
    issued = await start_here(room.room, "p01", 1800, DESK)
    start = only(room.heard(), Start)
    lease = await node.obeys(start)
    assert isinstance(lease, Lease)
    await node.settles(lease, 60, SettleReason.PAUSED_HERE)
    await other.gets(issued.code)
    assert reason(await node.obeys(start)) is DenyReason.CLOSED


async def test_a_post_that_is_to_start_is_given_to_nobody_else(room: TestRoom, node: Node, other: Node) -> None:
    started = await start_here(room.room, "p01", 1800, DESK)
    moved = await room.issued()
    for late in (start_here(room.room, "p01", 600, DESK), transfer(room.room, moved.session.id, "p01", DESK)):
        with pytest.raises(Conflict) as conflict:
            await late
        assert conflict.value.reason == "post_starting"
    await transfer(room.room, started.session.id, "p01", DESK)  # sent there once more
    await start_here(room.room, "p02", 600, DESK)


async def test_a_post_is_free_again_when_what_was_to_start_there_is_over_or_late(room: TestRoom, node: Node) -> None:
    await end(room.room, (await start_here(room.room, "p01", 1800, DESK)).session.id, DESK)
    await start_here(room.room, "p01", 600, DESK)
    room.clock.advance(30)
    await node.reports()
    await start_here(room.room, "p01", 600, DESK)


async def test_a_late_start_opens_nothing_and_the_code_still_works(room: TestRoom, node: Node) -> None:
    issued = await start_here(room.room, "p01", 1800, DESK)
    start = only(room.heard(), Start)
    room.clock.advance(30)
    assert reason(await node.obeys(start)) is DenyReason.CLOSED
    assert (await node.gets(issued.code)).total_s == 1800


async def test_a_start_that_was_refused_is_not_spent(room: TestRoom, node: Node) -> None:
    start = await ordered(room, node)
    between = await node.gets((await room.issued()).code)
    assert reason(await node.obeys(start)) is DenyReason.POST_BUSY
    assert not (await room.order(start)).spent
    await node.settles(between, 10, SettleReason.PAUSED_HERE)
    assert isinstance(await node.obeys(start), Lease)


async def test_a_start_is_for_one_post_and_an_unknown_one_for_none(room: TestRoom, node: Node, other: Node) -> None:
    start = await ordered(room, node)
    assert reason(await other.obeys(start)) is DenyReason.CLOSED
    assert reason(await node.obeys(Start(new_id(), 30))) is DenyReason.CLOSED


async def test_a_start_is_no_guess(room: TestRoom, node: Node) -> None:
    for _ in range(10):
        assert reason(await node.obeys(Start(new_id(), 30))) is DenyReason.CLOSED
    assert (await room.post()).throttle.as_of is None


async def test_the_desk_is_told_why_a_post_cannot_start_a_stay(room: TestRoom, node: Node, other: Node) -> None:
    async def refusal(post_id: str) -> str:
        with pytest.raises(Conflict) as caught:
            await start_here(room.room, post_id, 600, DESK)
        return caught.value.reason

    await node.gets((await room.issued()).code)
    assert await refusal("p01") == "post_busy"
    await room.issued(post_id="p02")
    assert await refusal("p02") == "post_reserved"
    await maintenance_on(room.room, "p02", DESK)
    assert await refusal("p02") == "post_maintenance"
    third = await room.node("p03")
    await third.says(PostReport(online=False))
    assert await refusal("p03") == "post_offline"
    assert len(room.sessions()) == 2


async def test_an_order_that_makes_no_sense_changes_nothing(room: TestRoom, node: Node) -> None:
    with pytest.raises(Invalid):
        await start_here(room.room, "p01", 0, DESK)
    with pytest.raises(NotFound):
        await start_here(room.room, "p77", 600, DESK)
    with pytest.raises(NotFound):
        await start_here(room.room, "p01", 600, DESK, user_id="nobody")
    assert room.sessions() == []
    assert room.heard() == []


async def test_no_post_is_started_for_a_blocked_user(room: TestRoom, node: Node) -> None:
    user = await room.user(blocked=True)
    with pytest.raises(Conflict) as caught:
        await start_here(room.room, "p01", 600, DESK, user_id=user.id)
    assert caught.value.reason == "user_blocked"
    assert room.sessions() == []
    assert room.heard() == []


async def test_a_stay_that_ended_before_the_post_asked_stays_ended(room: TestRoom, node: Node) -> None:
    start = await ordered(room, node)
    ((session_id, _, _),) = room.sessions()
    await end(room.room, session_id, DESK)
    assert reason(await node.obeys(start)) is DenyReason.CLOSED


async def test_a_post_that_is_out_of_order_is_not_started(room: TestRoom, node: Node) -> None:
    await node.reports(phase=Phase.FAULT, faults=("journal",))
    with pytest.raises(Conflict) as refused:
        await start_here(room.room, "p01", 1800, DESK)
    assert refused.value.reason == "post_fault"
