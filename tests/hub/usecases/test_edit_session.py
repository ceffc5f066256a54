"""Edit a session: what may be changed, and what the journal keeps of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from hub.adapters.db.engine import Database
from hub.adapters.db.queries import TortoiseQueries
from hub.domain.errors import Conflict, Invalid, NotFound
from hub.domain.session import Session
from hub.usecases.edit_session import SessionChange, edit_session
from hub.usecases.issue import Issued
from hub.usecases.recall import end
from hub.usecases.views import LogFilter
from hub.wire.messages import Deny
from hub.wire.terms import Action, DenyReason
from tests.support.room import DESK, Node, TestRoom, new_id


async def edited(room: TestRoom, issued: Issued, **change: Any) -> Session:
    return await edit_session(room.room, issued.session.id, SessionChange(**change), DESK)


def told(room: TestRoom) -> list[dict[str, object]]:
    """What the journal has of changes."""
    return [dict(entry.details) for entry in room.entries(Action.SESSION_CHANGED)]


async def test_notes_category_and_validity_are_changed_together(room: TestRoom) -> None:
    issued = await room.issued(notes="a", category="child")
    until = room.clock.now() + timedelta(hours=2)
    session = await edited(room, issued, notes="b", category="adult", valid_until=until)
    assert session == replace(issued.session, notes="b", category="adult", valid_until=until)
    assert await room.session(issued) == session
    assert issued.session.id in room.feed.sessions


async def test_what_is_not_named_stays(room: TestRoom) -> None:
    issued = await room.issued(notes="a", category="child")
    assert await edited(room, issued, notes="b") == replace(issued.session, notes="b")
    assert await edited(room, issued, category="adult") == replace(issued.session, notes="b", category="adult")


async def test_none_empties_the_notes_and_ends_category_and_validity(room: TestRoom) -> None:
    issued = await room.issued(notes="a", category="child")
    session = await edited(room, issued, notes=None, category=None, valid_until=None)
    assert (session.notes, session.category, session.valid_until) == ("", None, None)
    assert told(room) == [{"changed": ["notes", "category", "valid_until"], "category": None, "valid_until": None}]


async def test_the_journal_says_who_changed_what_but_never_the_notes(room: TestRoom) -> None:
    issued = await room.issued(notes="lives at 3 rue Basse", category="child")
    until = datetime(2026, 11, 23, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    await edited(room, issued, notes="owes 2 euros", category="adult", valid_until=until)
    (entry,) = room.entries(Action.SESSION_CHANGED)
    assert (entry.session_id, entry.operator, entry.ip_address) == (issued.session.id, "marie", "10.0.0.5")
    assert entry.details == {
        "changed": ["notes", "category", "valid_until"],
        "category": "adult",
        "valid_until": "2026-11-23T12:30:00Z",
    }
    journal = str(room.rows("SELECT * FROM log_entry"))
    assert "rue Basse" not in journal
    assert "euros" not in journal


async def test_only_what_is_really_different_is_journalled(room: TestRoom) -> None:
    issued = await room.issued(notes="a", category="child")
    await edited(room, issued, notes="b", category="child", valid_until=issued.session.valid_until)
    await edited(room, issued, notes="b", category="adult")
    assert told(room) == [{"changed": ["notes"]}, {"changed": ["category"], "category": "adult"}]


@pytest.mark.parametrize("change", [{}, {"notes": "a"}, {"notes": "a", "category": "child"}])
async def test_a_change_of_nothing_changes_nothing(room: TestRoom, change: dict[str, Any]) -> None:
    issued = await room.issued(notes="a", category="child")
    room.feed.sessions.clear()
    assert await edited(room, issued, **change) == issued.session
    assert (told(room), room.feed.sessions) == ([], [])


async def test_lists_show_the_change(room: TestRoom, database: Database) -> None:
    issued = await room.issued()
    session = await edited(room, issued, category="adult")
    queries = TortoiseQueries(database)
    assert [view.session for view in (await queries.sessions()).items] == [session]
    page = await queries.logs(LogFilter(action=Action.SESSION_CHANGED, session=session.id))
    assert (page.total, page.items) == (1, room.entries(Action.SESSION_CHANGED))


async def test_the_board_is_told_when_a_bound_codes_post_may_look_different(room: TestRoom, node: Node) -> None:
    bound, free = await room.issued(post_id="p01"), await room.issued()
    room.feed.posts.clear()
    until = room.clock.now() + timedelta(minutes=10)
    await edited(room, free, valid_until=until)
    assert room.feed.posts == []
    await edited(room, bound, valid_until=until)
    assert room.feed.posts == ["p01"]


async def test_a_code_works_as_long_as_the_desk_now_says(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    await edited(room, issued, valid_until=room.clock.now() + timedelta(minutes=10))
    room.clock.advance(600)
    answer = await node.asks(issued.code)
    assert isinstance(answer, Deny)
    assert answer.reason is DenyReason.CODE_EXPIRED
    await edited(room, issued, valid_until=room.clock.now() + timedelta(minutes=10))
    await node.gets(issued.code)


@pytest.mark.parametrize("until_s", [-60, 0, 3600])
async def test_a_validity_that_ends_before_it_begins_is_invalid_and_changes_nothing(
    room: TestRoom, until_s: int
) -> None:
    now = room.clock.now()
    issued = await room.issued(valid_from=now + timedelta(hours=1))
    with pytest.raises(Invalid) as caught:
        await edited(room, issued, notes="b", valid_until=now + timedelta(seconds=until_s))
    assert caught.value.field == "valid_until"
    assert (await room.session(issued), told(room)) == (issued.session, [])


async def test_a_stay_that_is_over_keeps_its_validity_but_takes_notes(room: TestRoom) -> None:
    issued = await room.issued()
    await end(room.room, issued.session.id, DESK)
    assert (await edited(room, issued, notes="left an umbrella")).notes == "left an umbrella"
    for until in (None, room.clock.now() + timedelta(hours=1)):
        with pytest.raises(Conflict, match="this stay is ended") as caught:
            await edited(room, issued, valid_until=until)
        assert caught.value.reason == "already_over"
    assert told(room) == [{"changed": ["notes"]}]


async def test_a_stay_that_is_not_there_is_not_found(room: TestRoom) -> None:
    with pytest.raises(NotFound, match="no session"):
        await edit_session(room.room, new_id(), SessionChange(notes="b"), DESK)
