"""R16: guessing is counted at the hub, per post; the site as a whole raises an alarm."""

from __future__ import annotations

from hub.usecases.post_wishes import unlock
from hub.wire.messages import Deny, Lease
from hub.wire.terms import Action, DenyReason
from tests.support.room import DESK, Node, TestRoom


async def guess(node: Node, times: int = 1) -> list[DenyReason]:
    answers = [await node.asks("999999") for _ in range(times)]
    assert all(isinstance(answer, Deny) for answer in answers)
    return [answer.reason for answer in answers if isinstance(answer, Deny)]


async def test_the_fifth_wrong_code_locks_the_post_and_says_for_how_long(room: TestRoom, node: Node) -> None:
    assert await guess(node, 4) == [DenyReason.UNKNOWN_CODE] * 4
    answer = await node.asks("999999")
    assert isinstance(answer, Deny)
    assert (answer.reason, answer.retry_after_s) == (DenyReason.LOCKED_OUT, 30)
    (entry,) = room.entries(Action.LOCKOUT)
    assert (entry.post_id, entry.details) == ("p01", {"seconds": 30})
    assert len(room.entries(Action.CODE_REFUSED)) == 5


async def test_a_locked_post_takes_no_right_code_either_and_counts_down(room: TestRoom, node: Node) -> None:
    code = (await room.issued()).code
    await guess(node, 5)
    room.clock.advance(20)
    answer = await node.asks(code)
    assert isinstance(answer, Deny)
    assert (answer.reason, answer.retry_after_s) == (DenyReason.LOCKED_OUT, 10)
    room.clock.advance(10)
    await node.gets(code)


async def test_trying_while_locked_out_costs_nothing_more(room: TestRoom, node: Node) -> None:
    await guess(node, 5)
    before = (await room.post()).throttle
    assert await guess(node, 20) == [DenyReason.LOCKED_OUT] * 20
    assert (await room.post()).throttle == before
    assert len(room.entries(Action.CODE_REFUSED)) == 5


async def test_the_next_wrong_code_after_a_lock_out_locks_for_twice_as_long(room: TestRoom, node: Node) -> None:
    await guess(node, 5)
    for seconds in (30, 60, 120, 240):
        assert room.entries(Action.LOCKOUT)[-1].details == {"seconds": seconds}
        room.clock.advance(min(seconds, 240))
        assert await guess(node) == [DenyReason.LOCKED_OUT]


async def test_only_unknown_codes_count(room: TestRoom, node: Node, other: Node) -> None:
    busy = (await room.issued()).code
    await other.gets(busy)
    for _ in range(10):
        answer = await node.asks(busy)
        assert isinstance(answer, Deny)
        assert answer.reason is DenyReason.ALREADY_IN_USE
    assert (await room.post()).throttle.as_of is None


async def test_a_repeated_request_is_one_guess(room: TestRoom, node: Node) -> None:
    first = await node.asks("999999")
    for _ in range(10):
        assert await node.asks("999999", req_id=first.req_id) == first
    assert (await room.post()).throttle.tries == 4


async def test_each_post_is_counted_by_itself(room: TestRoom, node: Node, other: Node) -> None:
    await guess(node, 5)
    assert await guess(other) == [DenyReason.UNKNOWN_CODE]


async def test_the_count_outlives_the_hub(room: TestRoom, node: Node) -> None:
    await guess(node, 5)
    assert room.rows("SELECT throttle FROM post WHERE id = 'p01'") != [(None,)]
    assert (await room.post()).throttle.locked_until is not None


async def test_the_desk_clears_a_lock_out(room: TestRoom, node: Node) -> None:
    code = (await room.issued()).code
    await guess(node, 5)
    await unlock(room.room, "p01", DESK)
    assert isinstance(await node.asks(code), Lease)
    (entry,) = [entry for entry in room.entries(Action.POST_CHANGED) if entry.details["change"] == "unlocked"]
    assert (entry.post_id, entry.operator) == ("p01", "marie")


async def test_guesses_spread_over_the_house_raise_one_alarm_a_window(room: TestRoom) -> None:
    nodes = [await room.node(f"p{number}") for number in range(1, 9)]
    for node in nodes[:7]:
        await guess(node, 4)
    await guess(nodes[7], 1)
    assert room.incidents() == []
    await guess(nodes[7], 2)
    assert room.incidents() == ["guessing"]
    (entry,) = room.entries(Action.INCIDENT)
    assert entry.details == {"kind": "guessing", "refusals": 30, "within_s": 600}
    assert entry.post_id is None
    room.clock.advance(3601)
    for node in nodes:
        await guess(node, 4)
    assert room.incidents() == ["guessing", "guessing"]


async def test_guesses_that_are_long_past_raise_no_alarm(room: TestRoom) -> None:
    nodes = [await room.node(f"p{number}") for number in range(1, 9)]
    for node in nodes:
        await guess(node, 4)
        room.clock.advance(301)
    assert room.incidents() == []
