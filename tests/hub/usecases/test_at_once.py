"""Many at the same moment: one wins, the others are told so, and every second is accounted for."""

from __future__ import annotations

import asyncio

from hub.usecases import recall
from hub.usecases.add_time import add_time
from hub.usecases.inbox import receive
from hub.wire.messages import Deny, Lease, Redeem
from hub.wire.terms import DenyReason
from tests.support.room import DESK, Node, TestRoom, new_id

POSTS = 20


async def nodes(room: TestRoom) -> list[Node]:
    return [await room.node(f"p{number:02}") for number in range(1, POSTS + 1)]


async def test_one_code_at_twenty_posts(room: TestRoom) -> None:
    posts, issued = await nodes(room), await room.issued()
    answers = await asyncio.gather(*(node.asks(issued.code) for node in posts))
    (lease,) = [answer for answer in answers if isinstance(answer, Lease)]
    refused = [answer.reason for answer in answers if isinstance(answer, Deny)]
    assert refused == [DenyReason.ALREADY_IN_USE] * (POSTS - 1)
    assert (await room.lease(lease)).total_s == 3600
    assert len(room.rows("SELECT id FROM lease")) == 1


async def test_one_request_repeated_twenty_times(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    request = Redeem(new_id(), node.epoch, None, code=issued.code)
    await asyncio.gather(*(receive(room.room, node.post_id, request) for _ in range(20)))
    answers = [answer for answer in room.heard() if isinstance(answer, Lease)]
    assert len(answers) == 20
    assert len({answer.lease_id for answer in answers}) == 1
    assert len(room.rows("SELECT id FROM lease")) == 1


async def test_one_code_tops_up_one_of_many_stays(room: TestRoom) -> None:
    posts = await nodes(room)
    leases = [await node.gets((await room.issued(60)).code) for node in posts]
    gift = await room.issued(600)
    answers = await asyncio.gather(
        *(node.asks(gift.code, topping_up=lease) for node, lease in zip(posts, leases, strict=True))
    )
    assert sum(answer.seconds_added or 0 for answer in answers if isinstance(answer, Lease)) == 600
    assert [row for (row,) in room.rows("SELECT total_s FROM lease WHERE total_s > 60")] == [660]


async def test_the_desk_and_the_post_at_once(room: TestRoom, node: Node) -> None:
    issued = await room.issued(600)
    lease = await node.gets(issued.code)
    await asyncio.gather(
        *(add_time(room.room, issued.session.id, 10, DESK) for _ in range(20)),
        node.reports(lease, 30),
        recall.suspend(room.room, issued.session.id, DESK),
    )
    session = await room.session(issued)
    assert session.added_s == 200
    assert (await room.lease(lease)).total_s == 800
