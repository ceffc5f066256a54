"""Users: registered, changed, deleted, forgotten; and what the journal keeps of it, which is never who they are."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from hub.adapters.db.mapping import KEPT, LOG
from hub.domain.errors import Conflict, Invalid, NotFound, Stale
from hub.domain.records import User
from hub.domain.version import Expected, version
from hub.usecases.people.users import UserChange, add_user, anonymise_user, delete_user, edit_user
from hub.wire.terms import Action
from tests.support.room import DESK, Node, TestRoom, new_id

ADA = UserChange(
    display_name="Ada Lovelace",
    card_number="C-1742",
    contact="ada@example.org",
    category="student",
    notes="has a dog",
    quota_day_s=3600,
    quota_week_s=10_800,
)


async def stored(room: TestRoom, user_id: str) -> User | None:
    async with room.room.store.transaction() as tx:
        return await tx.user(user_id)


async def added(room: TestRoom, **facts: Any) -> User:
    return await add_user(room.room, replace(ADA, **facts), DESK)


async def edited(room: TestRoom, user: User, **change: Any) -> User:
    return await edit_user(room.room, user.id, UserChange(**change), DESK)


def told(room: TestRoom, action: Action) -> list[tuple[str | None, dict[str, object]]]:
    return [(entry.operator, dict(entry.details)) for entry in room.entries(action)]


async def test_a_new_user_is_what_the_desk_says(room: TestRoom) -> None:
    user = await added(room)
    assert await stored(room, user.id) == user
    assert {one.name: getattr(user, one.name) for one in fields(ADA) if one.name != "blocked"} == {
        one.name: getattr(ADA, one.name) for one in fields(ADA) if one.name != "blocked"
    }
    assert (user.blocked, user.anonymised_at, user.created_at) == (False, None, room.clock.now())
    assert told(room, Action.USER_CREATED) == [("marie", {})]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", " "),
        ("display_name", ""),
        ("quota_day_s", 0),
        ("quota_day_s", 86_401),
        ("quota_week_s", -1),
        ("quota_week_s", 604_801),
    ],
)
async def test_a_value_that_makes_no_sense_is_refused(room: TestRoom, field: str, value: object) -> None:
    user = await added(room)
    for act in (added(room, card_number=None, **{field: value}), edited(room, user, **{field: value})):
        with pytest.raises(Invalid) as caught:
            await act
        assert caught.value.field == field
    assert room.rows('SELECT count(*) FROM "user"') == [(1,)]


async def test_a_card_is_one_users(room: TestRoom) -> None:
    first, second = await added(room), await added(room, card_number=None)
    third = await added(room, card_number="C-9")
    for act in (added(room), edited(room, second, card_number="C-1742")):
        with pytest.raises(Conflict) as caught:
            await act
        assert caught.value.reason == "card_taken"
    assert [await stored(room, user.id) for user in (first, second, third)] == [first, second, third]


async def test_what_is_not_named_stays_and_the_journal_has_names_of_fields_only(room: TestRoom) -> None:
    user = await added(room)
    changed = await edited(room, user, display_name="Ada King", contact=None, blocked=True)
    assert changed == replace(user, display_name="Ada King", contact=None, blocked=True)
    assert told(room, Action.USER_CHANGED) == [("marie", {"changed": ["display_name", "contact", "blocked"]})]
    await edited(room, user, display_name="Ada King")
    assert len(told(room, Action.USER_CHANGED)) == 1


async def test_who_looked_before_another_changed_has_to_look_again(room: TestRoom) -> None:
    user = await added(room)
    seen = Expected(frozenset({version(user)}))
    await edit_user(room.room, user.id, UserChange(notes="a"), DESK, seen)
    with pytest.raises(Stale):
        await edit_user(room.room, user.id, UserChange(notes="b"), DESK, seen)


async def test_nobody_is_found_who_is_not_there(room: TestRoom) -> None:
    for act in (delete_user, anonymise_user):
        with pytest.raises(NotFound):
            await act(room.room, new_id(), DESK)
    with pytest.raises(NotFound):
        await edit_user(room.room, new_id(), ADA, DESK)


async def test_a_user_without_stays_can_be_deleted(room: TestRoom) -> None:
    user = await added(room)
    await delete_user(room.room, user.id, DESK)
    assert await stored(room, user.id) is None
    assert [entry.user_id for entry in room.entries(Action.USER_DELETED)] == [user.id]


async def test_a_user_with_stays_is_anonymised_instead(room: TestRoom) -> None:
    user = await added(room)
    await room.issued(user_id=user.id)
    with pytest.raises(Conflict) as caught:
        await delete_user(room.room, user.id, DESK)
    assert caught.value.reason == "user_has_history"
    assert await stored(room, user.id) == user


async def test_a_forgotten_user_leaves_no_trace_of_who_it_was(room: TestRoom, node: Node) -> None:
    user = await added(room)
    issued = await room.issued(600, user_id=user.id, notes="Ada L. is waiting for her sister")
    lease = await node.gets(issued.code)
    await edited(room, user, notes="Ada has two dogs")
    room.clock.advance(60)
    forgotten = await anonymise_user(room.room, user.id, DESK)
    assert forgotten == User(user.id, "", user.created_at, category="student", anonymised_at=room.clock.now())
    assert (await room.session(issued)).notes == ""
    assert (await room.lease(lease)).open
    everything = str([room.rows(f'SELECT * FROM "{kept.table}"') for kept in (*KEPT.values(), LOG)])
    for trace in ("Ada", "Lovelace", "C-1742", "example.org", "dog", "sister"):
        assert trace not in everything
    assert told(room, Action.USER_CHANGED)[-1] == ("marie", {"changed": ["anonymised_at"]})


async def test_a_user_is_forgotten_once_and_can_neither_come_back_nor_have_a_code(room: TestRoom) -> None:
    user = await added(room)
    forgotten = await anonymise_user(room.room, user.id, DESK)
    room.clock.advance(60)
    assert await anonymise_user(room.room, user.id, DESK) == forgotten
    assert len(room.entries(Action.USER_CHANGED)) == 1
    for act in (edited(room, user, display_name="Ada"), room.issued(user_id=user.id)):
        with pytest.raises(Conflict) as caught:
            await act
        assert caught.value.reason == "user_anonymised"
