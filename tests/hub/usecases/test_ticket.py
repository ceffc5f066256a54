"""Ticket: what can be printed again, and until when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.domain.errors import Conflict, Gone, NotFound
from hub.domain.house import House
from hub.usecases.recall import end, undo
from hub.usecases.sweep import sweep
from hub.usecases.ticket import ticket
from hub.wire.terms import SettleReason
from tests.support.room import DESK, Node, TestRoom, new_id, sealed_codes


async def test_a_ticket_has_the_code_its_post_and_the_houses_words(room: TestRoom, node: Node) -> None:
    await room.save(House(ticket_text="Bonne visite"))
    issued = await room.issued(post_id="p01")
    printed = await ticket(room.room, issued.session.id)
    assert (printed.code, printed.session) == (issued.code, issued.session)
    assert printed.post == await room.post("p01")
    assert printed.house.ticket_text == "Bonne visite"
    assert issued.code not in repr(printed)


async def test_a_code_is_printed_again_while_its_stay_lives(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    assert (await ticket(room.room, issued.session.id)).post is None
    lease = await node.gets(issued.code)
    assert (await ticket(room.room, issued.session.id)).code == issued.code
    await node.settles(lease, 60, SettleReason.PAUSED_HERE)
    assert (await ticket(room.room, issued.session.id)).code == issued.code


async def test_an_ended_stay_has_no_ticket_unless_its_end_is_undone_and_a_minute_later_no_code(room: TestRoom) -> None:
    issued = await room.issued()
    await end(room.room, issued.session.id, DESK)
    with pytest.raises(Gone):
        await ticket(room.room, issued.session.id)
    room.clock.advance(60)
    await sweep(room.room)
    await undo(room.room, issued.session.id, DESK)
    assert (await ticket(room.room, issued.session.id)).code == issued.code
    await end(room.room, issued.session.id, DESK)
    room.clock.advance(61)
    await sweep(room.room)
    assert sealed_codes(room) == {issued.session.id: None}


async def test_a_code_of_another_key_or_of_none_is_told_apart(room: TestRoom) -> None:
    session = (await room.issued()).session
    await room.save(replace(session, code_sealed=b"of another hub"))
    with pytest.raises(Conflict) as caught:
        await ticket(room.room, session.id)
    assert caught.value.reason == "code_unreadable"
    await room.save(replace(session, code_sealed=None))
    with pytest.raises(Gone):
        await ticket(room.room, session.id)
    with pytest.raises(NotFound):
        await ticket(room.room, new_id())
