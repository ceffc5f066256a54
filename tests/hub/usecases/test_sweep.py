"""Sweep: what time alone brings about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.usecases.ports import Transaction, Unavailable
from hub.usecases.recall import end, suspend, undo
from hub.usecases.sweep import sweep
from hub.wire.messages import Lease, PostReport
from hub.wire.terms import Action, LeaseState, SessionStatus, SettleReason
from tests.support.room import DESK, Node, TestRoom, only, sealed_codes


async def test_codes_past_their_validity_expire(room: TestRoom, node: Node, other: Node) -> None:
    soon = room.clock.now() + timedelta(hours=1)
    waiting, suspended, running, later = [
        await room.issued(valid_until=soon + timedelta(seconds=number // 3)) for number in range(4)
    ]
    bound = await room.issued(post_id="p01", valid_until=soon)
    await other.settles(await other.gets(suspended.code), 60, SettleReason.PAUSED_HERE)
    await other.gets(running.code)
    room.clock.advance(3600)
    room.feed.posts.clear()
    await sweep(room.room)
    statuses = [(await room.session(one)).status for one in (waiting, suspended, bound, running, later)]
    expired = SessionStatus.EXPIRED
    assert statuses == [expired, expired, expired, SessionStatus.ACTIVE, SessionStatus.PENDING]
    assert (await room.session(waiting)).end_reason == "validity_past"
    assert [entry.details for entry in room.entries(Action.SESSION_EXPIRED)] == [{"reason": "validity_past"}] * 3
    assert "p01" in room.feed.posts


async def test_the_readable_code_is_kept_while_an_end_can_be_undone_and_then_wiped(room: TestRoom) -> None:
    undone, ended, alive = [await room.issued() for _ in range(3)]
    for issued in (undone, ended):
        await end(room.room, issued.session.id, DESK)
    room.clock.advance(59)
    await sweep(room.room)
    assert all(sealed_codes(room).values())
    await undo(room.room, undone.session.id, DESK)
    room.clock.advance(2)
    await sweep(room.room)
    sealed = sealed_codes(room)
    assert [sealed[one.session.id] is None for one in (undone, ended, alive)] == [False, True, False]
    assert (await room.session(ended)).code_hash is not None


async def test_a_recall_that_is_not_settled_is_repeated(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    room.link.up = False
    await suspend(room.room, issued.session.id, DESK)
    room.link.up = True
    for _ in range(2):
        await sweep(room.room)
        assert only(room.heard(), Lease).state is LeaseState.REVOKED
    await node.settles(lease, 60, SettleReason.REVOKED)
    await sweep(room.room)
    assert room.heard() == []


async def test_a_post_that_fell_silent_is_noted_once(room: TestRoom, node: Node) -> None:
    room.clock.advance(10)
    await node.reports()
    last_seen_at = room.clock.now()
    room.room.presence.saw("deleted", PostReport(online=True), last_seen_at)
    room.clock.advance(46)
    room.feed.posts.clear()
    for _ in range(2):
        await sweep(room.room)
    (entry,) = room.entries(Action.POST_DISCONNECTED)
    assert entry.post_id == "p01"
    assert room.feed.posts == ["p01"]
    assert (await room.post("p01")).last_seen_at == last_seen_at
    await node.reports()
    assert len(room.entries(Action.POST_CONNECTED)) == 2


async def test_a_silence_that_could_not_be_noted_is_noted_later(room: TestRoom, node: Node) -> None:
    class FullDisk:
        @asynccontextmanager
        async def transaction(self) -> AsyncIterator[Transaction]:
            async with room.room.store.transaction() as tx:
                yield tx
                raise Unavailable

    room.clock.advance(46)
    with pytest.raises(Unavailable):
        await sweep(replace(room.room, store=FullDisk()))
    assert room.entries(Action.POST_DISCONNECTED) == []
    await sweep(room.room)
    assert len(room.entries(Action.POST_DISCONNECTED)) == 1


async def test_a_sweep_of_a_quiet_house_changes_nothing(room: TestRoom, node: Node) -> None:
    await room.issued()
    before = len(room.feed.entries)
    for _ in range(3):
        await sweep(room.room)
    assert len(room.feed.entries) == before
    assert room.heard() == []
