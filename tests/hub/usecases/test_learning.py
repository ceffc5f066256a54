"""R26: after a restore the hub listens before it answers codes."""

from __future__ import annotations

from dataclasses import replace

from hub.domain.records import Learning
from hub.wire.messages import Deny, Lease
from hub.wire.terms import DenyReason
from tests.support.room import Node, TestRoom


async def restored(room: TestRoom) -> None:
    room.clock.advance(3600)
    await room.save(Learning(room.clock.now()))
    room.clock.advance(1)


async def still_learning(room: TestRoom) -> bool:
    async with room.room.store.transaction() as tx:
        return (await tx.learning()).since is not None


async def test_codes_wait_until_every_post_has_greeted(room: TestRoom, node: Node, other: Node) -> None:
    code = (await room.issued()).code
    await restored(room)
    await node.hello()
    answer = await node.asks(code)
    assert isinstance(answer, Deny)
    assert answer.reason is DenyReason.HUB_BUSY
    await other.hello()
    assert isinstance(await node.asks(code), Lease)
    assert not await still_learning(room)


async def test_codes_wait_for_two_minutes_at_most(room: TestRoom, node: Node, other: Node) -> None:
    code = (await room.issued()).code
    await restored(room)
    room.clock.advance(118)
    assert isinstance(await node.asks(code), Deny)
    room.clock.advance(1)
    assert isinstance(await node.asks(code), Lease)


async def test_a_clock_that_is_set_back_makes_it_no_longer(room: TestRoom, node: Node, other: Node) -> None:
    await restored(room)
    room.clock.advance(-3000)
    code = (await room.issued()).code
    assert isinstance(await node.asks(code), Deny)
    room.clock.advance(119)
    assert isinstance(await node.asks(code), Deny)
    room.clock.advance(1)
    assert isinstance(await node.asks(code), Lease)


async def test_a_post_that_never_greeted_is_waited_for_and_a_retired_one_is_not(room: TestRoom, node: Node) -> None:
    await room.node("p02", online=False)
    code = (await room.issued()).code
    await restored(room)
    await node.hello()
    assert isinstance(await node.asks(code), Deny)
    await room.save(replace(await room.post("p02"), retired=True))
    assert isinstance(await node.asks(code), Lease)


async def test_waiting_is_no_guess_and_no_line_in_the_journal(room: TestRoom, node: Node, other: Node) -> None:
    await restored(room)
    before = len(room.feed.entries)
    for _ in range(10):
        answer = await node.asks("999999")
        assert isinstance(answer, Deny)
        assert answer.reason is DenyReason.HUB_BUSY
    assert len(room.feed.entries) == before
    assert (await room.post()).throttle.as_of is None
