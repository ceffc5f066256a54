"""R11: commit first, publish after; what is not on the disk is told to nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.usecases.inbox import receive
from hub.usecases.recall import suspend
from hub.usecases.work import By, working
from hub.wire.messages import Down, Lease, Notice, Redeem
from hub.wire.terms import Action, LeaseState
from tests.support.room import DESK, Node, TestRoom, new_id


async def test_work_that_fails_stores_nothing_and_tells_nobody(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    entries, sessions = len(room.feed.entries), len(room.feed.sessions)

    async def fails_halfway() -> None:
        async with working(room.room) as work:
            await work.save(issued.session)
            await work.log(Action.ERROR, DESK, session_id=issued.session.id)
            work.send("p01", Notice(new_id(), "never", 1))
            work.touch("p01")
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        await fails_halfway()
    assert (len(room.feed.entries), len(room.feed.sessions)) == (entries, sessions)
    assert room.heard() == []
    assert room.rows("SELECT * FROM log_entry WHERE action = 'error'") == []


async def test_what_is_told_is_on_the_disk_already(room: TestRoom, node: Node) -> None:
    issued, open_leases = await room.issued(), []

    class Witness:
        async def send(self, post_id: str, message: Down) -> None:
            open_leases.extend(room.rows("SELECT post_id FROM lease WHERE closed_at IS NULL"))

    watched = replace(room.room, link=Witness())
    await receive(watched, "p01", Redeem(new_id(), node.epoch, code=issued.code))
    assert open_leases == [("p01",)]


async def test_an_answer_that_is_lost_without_a_broker_is_told_again_by_sync(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    room.link.up = False
    await suspend(room.room, issued.session.id, DESK)
    room.link.up = True
    (again,) = await node.reports(lease, 10)
    assert isinstance(again, Lease)
    assert again.state is LeaseState.REVOKED


async def test_each_change_is_told_once_to_the_board(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    room.feed.sessions.clear()
    room.feed.posts.clear()
    await node.gets(issued.code)
    assert room.feed.sessions == [issued.session.id]
    assert room.feed.posts == ["p01"]


async def test_the_hub_itself_is_nobody_in_the_journal(room: TestRoom) -> None:
    async with working(room.room) as work:
        await work.log(Action.BACKUP)
    (entry,) = room.entries(Action.BACKUP)
    assert (entry.operator, entry.ip_address) == (By().operator, By().ip_address) == (None, None)
    assert entry.id > 0
