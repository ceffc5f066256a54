"""What the desk wants of a post: notices, blinking, self-tests, and an end of a lock-out that the node hears of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from hub.domain.errors import Conflict, Invalid, NotFound
from hub.domain.post import Post, SelfTest
from hub.usecases.post_wishes import IDENTIFY_S, ask_self_test, identify, notify, unlock
from hub.usecases.work import By, Room
from hub.wire import messages as wire
from hub.wire.codec import Nonsense
from hub.wire.terms import SILENT_AFTER_S, Action, Phase
from tests.support.room import DESK, Node, TestRoom, new_id, only

FOUND = (wire.Finding("relay display", True, "on"), wire.Finding("screen", False, "does not answer", "look at it"))


def changes(room: TestRoom) -> list[object]:
    return [entry.details["change"] for entry in room.entries(Action.POST_CHANGED)][1:]


async def test_a_notice_goes_to_the_screen_and_not_into_the_journal(room: TestRoom, node: Node) -> None:
    await notify(room.room, "p01", "  Ada, your bus leaves  ", 60, DESK)
    (told,) = room.link.to("p01", wire.Notice)
    assert (told.text, told.ttl_s) == ("Ada, your bus leaves", 60)
    assert changes(room) == ["notice"]
    assert "Ada" not in str(room.rows("SELECT * FROM log_entry"))


@pytest.mark.parametrize(
    ("text", "ttl_s", "field"),
    [("", 60, "text"), ("  ", 60, "text"), ("x" * 201, 60, "text"), ("x", 0, "ttl_s"), ("x", 3601, "ttl_s")],
)
async def test_a_notice_must_fit(room: TestRoom, node: Node, text: str, ttl_s: int, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await notify(room.room, "p01", text, ttl_s, DESK)
    assert refused.value.field == field
    assert room.link.to("p01", wire.Notice) == []


async def test_a_post_is_told_to_blink(room: TestRoom, node: Node) -> None:
    await identify(room.room, "p01", DESK)
    (told,) = room.link.to("p01", wire.Identify)
    assert told.ttl_s == IDENTIFY_S
    assert changes(room) == ["identify"]


WISHES: list[Callable[[Room, str, By], Awaitable[Post]]] = [
    lambda room, post_id, by: notify(room, post_id, "x", 1, by),
    identify,
    ask_self_test,
]


@pytest.mark.parametrize("wish", WISHES)
async def test_who_is_away_can_do_nothing(
    room: TestRoom, node: Node, wish: Callable[[Room, str, By], Awaitable[Post]]
) -> None:
    room.clock.advance(SILENT_AFTER_S + 1)
    room.link.take()
    with pytest.raises(Conflict) as refused:
        await wish(room.room, "p01", DESK)
    assert refused.value.reason == "post_offline"
    assert room.link.take() == []
    assert changes(room) == []
    with pytest.raises(NotFound):
        await wish(room.room, "p77", DESK)


async def test_what_a_self_test_finds_is_kept_with_the_post(room: TestRoom, node: Node) -> None:
    asked_at = room.clock.now()
    post = await ask_self_test(room.room, "p01", DESK)
    (told,) = room.link.to("p01", wire.SelfTest)
    assert post.self_test == SelfTest(told.test_id, asked_at)
    done_at = room.clock.advance(2)
    await node.says(wire.Findings(told.test_id, FOUND))
    assert (await room.post()).self_test == SelfTest(told.test_id, asked_at, done_at, FOUND)
    assert changes(room) == ["self_test"]


async def test_only_the_first_answer_to_the_last_test_counts(room: TestRoom, node: Node) -> None:
    await node.says(wire.Findings(new_id(), FOUND))
    assert (await room.post()).self_test is None
    for _ in range(2):
        await ask_self_test(room.room, "p01", DESK)
    early, late = room.link.to("p01", wire.SelfTest)
    await node.says(wire.Findings(early.test_id, FOUND))
    assert (await room.post()).self_test == SelfTest(late.test_id, room.clock.now())
    await node.says(wire.Findings(late.test_id, FOUND))
    await node.says(wire.Findings(late.test_id, ()))
    kept = (await room.post()).self_test
    assert kept is not None
    assert kept.findings == FOUND


async def test_findings_of_a_post_that_there_is_not_are_nonsense(room: TestRoom) -> None:
    with pytest.raises(Nonsense):
        await Node(room, "p77").says(wire.Findings(new_id(), FOUND))


async def locked(room: TestRoom, node: Node) -> None:
    for _ in range(5):
        await node.asks("WRONGX")


async def test_the_node_hears_at_once_that_its_lock_out_is_over(room: TestRoom, node: Node) -> None:
    await locked(room, node)
    room.link.take()
    await unlock(room.room, "p01", DESK)
    (told,) = room.link.to("p01", wire.Sync)
    assert told.locked_for_s == 0


async def test_a_node_that_starts_anew_learns_what_is_left_of_its_lock_out(room: TestRoom, node: Node) -> None:
    assert (await node.hello()).locked_for_s == 0
    await locked(room, node)
    room.clock.advance(10)
    assert (await node.hello()).locked_for_s == 20
    room.clock.advance(20)
    assert (await node.hello()).locked_for_s == 0


async def test_a_node_that_missed_the_end_of_its_lock_out_is_told_again(room: TestRoom, node: Node) -> None:
    await locked(room, node)
    assert await node.reports(phase=Phase.LOCKED_OUT, retry_after_s=30) == []
    room.link.up = False
    await unlock(room.room, "p01", DESK)
    room.link.up = True
    told = only(await node.reports(phase=Phase.LOCKED_OUT, retry_after_s=25), wire.Sync)
    assert told.locked_for_s == 0


async def test_what_a_post_tells_does_not_undo_what_was_found(room: TestRoom, node: Node) -> None:
    await ask_self_test(room.room, "p01", DESK)
    before = await room.post()
    await node.hello()
    assert replace(await room.post(), throttle=before.throttle).self_test == before.self_test
