"""Void: a code that was never used becomes worthless; one that was, does not."""

from __future__ import annotations

import pytest

from hub.domain.errors import Conflict, Gone
from hub.usecases.recall import end, suspend, undo
from hub.usecases.ticket import ticket
from hub.usecases.void import void
from hub.wire.messages import Deny
from hub.wire.terms import Action, DenyReason, SessionStatus, SettleReason
from tests.support.room import DESK, Node, TestRoom, sealed_codes


async def test_a_void_code_opens_nothing_and_is_wiped_at_once(room: TestRoom, node: Node) -> None:
    issued = await room.issued(post_id="p01")
    room.feed.posts.clear()
    session = await void(room.room, issued.session.id, DESK)
    assert (session.status, session.end_reason, session.ended_at) == (SessionStatus.ENDED, "voided", room.clock.now())
    assert await room.session(issued) == session
    assert sealed_codes(room) == {session.id: None}
    answer = await node.asks(issued.code)
    assert isinstance(answer, Deny)
    assert answer.reason is DenyReason.CLOSED
    (entry,) = room.entries(Action.SESSION_ENDED)
    assert (entry.operator, entry.session_id, dict(entry.details)) == ("marie", session.id, {"reason": "voided"})
    assert "p01" in room.feed.posts, "it is reserved no longer"


async def test_a_void_code_has_neither_undo_nor_ticket(room: TestRoom) -> None:
    issued = await room.issued()
    await void(room.room, issued.session.id, DESK)
    with pytest.raises(Conflict):
        await undo(room.room, issued.session.id, DESK)
    with pytest.raises(Gone):
        await ticket(room.room, issued.session.id)


async def test_what_was_used_or_is_over_cannot_be_voided(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)

    async def refused(status: SessionStatus) -> None:
        with pytest.raises(Conflict, match=status) as caught:
            await void(room.room, issued.session.id, DESK)
        assert caught.value.reason == "not_pending"
        assert (await room.session(issued)).status is status

    await refused(SessionStatus.ACTIVE)
    await suspend(room.room, issued.session.id, DESK)
    await node.settles(lease, 60, SettleReason.REVOKED)
    await refused(SessionStatus.SUSPENDED)
    await end(room.room, issued.session.id, DESK)
    await refused(SessionStatus.ENDED)
