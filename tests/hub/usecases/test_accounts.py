"""Operators' accounts: made, shut, given another password, signed out."""

from __future__ import annotations

import asyncio

import pytest

from hub.domain.accounts import Operator, Role, TokenKind
from hub.domain.errors import Conflict, Invalid, NotFound
from hub.usecases.accounts.operators import (
    OperatorChange,
    add_operator,
    change_operator,
    delete_operator,
    operator_named,
    operator_of,
    set_password,
)
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.sign_in import Door, SignedIn, sign_in, token_hash
from hub.usecases.accounts.sign_out import sign_out
from hub.wire.terms import Action
from tests.support.room import DESK, TestRoom

PASSWORD = "correct horse"
BAD_PASSWORDS = ["", "7 signs", "x" * 257]


@pytest.fixture
async def ada(desk: Desk) -> Operator:
    """An admin, who is not told of in the journal: not made by a use case."""
    return await desk.accounts.add_operator("ada", Role.ADMIN, "no hash")


@pytest.fixture
async def zoe(desk: Desk, ada: Operator) -> Operator:
    return await add_operator(desk, "zoé", Role.OPERATOR, PASSWORD, DESK)


async def disable(desk: Desk, operator: Operator) -> None:
    await change_operator(desk, operator.id, OperatorChange(disabled=True), DESK)


async def stored(desk: Desk, name: str = "zoé") -> Operator:
    operator = await desk.accounts.operator_named(name)
    assert operator is not None
    return operator


async def signed_in(desk: Desk) -> SignedIn:
    return await sign_in(desk, "zoé", PASSWORD, Door(TokenKind.API, "10.0.0.7"))


async def good(desk: Desk, signed: SignedIn) -> bool:
    return await desk.accounts.bearer(token_hash(signed.secret)) is not None


async def test_a_new_account_is_open_and_keeps_no_password(room: TestRoom, desk: Desk, zoe: Operator) -> None:
    assert await stored(desk) == zoe
    assert (zoe.name, zoe.role, zoe.disabled, zoe.last_login_at) == ("zoé", Role.OPERATOR, False, None)
    assert await desk.passwords.matches(zoe.password_hash, PASSWORD)
    assert PASSWORD not in str(room.rows("SELECT * FROM operator"))
    assert zoe.password_hash not in repr(zoe)


async def test_the_journal_says_who_changed_which_account_and_how(room: TestRoom, desk: Desk, zoe: Operator) -> None:
    await set_password(desk, zoe, "another horse", DESK)
    await disable(desk, zoe)
    entries = room.entries(Action.OPERATOR_CHANGED)
    assert [entry.details["change"] for entry in entries] == ["added", "password", "disabled"]
    assert {(entry.operator, entry.ip_address) for entry in entries} == {("marie", "10.0.0.5")}
    assert {(entry.details["name"], entry.details["role"]) for entry in entries} == {("zoé", "operator")}
    assert "horse" not in str(room.rows("SELECT * FROM log_entry"))


async def test_a_name_is_taken_once(room: TestRoom, desk: Desk, zoe: Operator) -> None:
    with pytest.raises(Conflict, match="already an operator 'zoé'") as caught:
        await add_operator(desk, "zoé", Role.ADMIN, "another horse", DESK)
    assert caught.value.reason == "operator_exists"
    assert [one.name for one in await desk.accounts.operators()] == ["ada", "zoé"]
    assert len(room.entries(Action.OPERATOR_CHANGED)) == 1


@pytest.mark.parametrize("name", ["", " ", "a ", " a", "\x00", "a\nb", "x" * 65])
async def test_a_name_must_be_one(room: TestRoom, desk: Desk, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        await add_operator(desk, name, Role.VIEWER, PASSWORD, DESK)
    assert caught.value.field == "name"
    assert await desk.accounts.operators() == []
    assert room.feed.entries == []


@pytest.mark.parametrize("name", ["x", "Jean Dupont", "x" * 64])
async def test_a_name_may_have_spaces_within_and_64_signs(desk: Desk, name: str) -> None:
    assert (await add_operator(desk, name, Role.VIEWER, PASSWORD, DESK)).name == name


@pytest.mark.parametrize("password", BAD_PASSWORDS)
async def test_a_password_has_8_to_256_characters_and_is_never_repeated(desk: Desk, password: str) -> None:
    with pytest.raises(Invalid) as caught:
        await add_operator(desk, "zoé", Role.VIEWER, password, DESK)
    assert caught.value.field == "password"
    assert not password or password not in str(caught.value)
    assert await desk.accounts.operators() == []


@pytest.mark.parametrize("password", ["password", "MotDePasse", "12345678", "Azerty123"])
async def test_a_password_that_everybody_has_is_refused(desk: Desk, zoe: Operator, password: str) -> None:
    with pytest.raises(Invalid, match="one of the most common ones"):
        await set_password(desk, zoe, password, DESK)
    with pytest.raises(Invalid, match="one of the most common ones"):
        await add_operator(desk, "bob", Role.VIEWER, password, DESK)


@pytest.mark.parametrize("password", ["8 signs.", "x" * 256])
async def test_the_shortest_and_the_longest_password_work(desk: Desk, password: str) -> None:
    operator = await add_operator(desk, "zoé", Role.VIEWER, password, DESK)
    assert await desk.passwords.matches(operator.password_hash, password)


async def test_a_disabled_account_is_signed_out_everywhere(desk: Desk, zoe: Operator) -> None:
    here, there = await signed_in(desk), await signed_in(desk)
    await disable(desk, zoe)
    assert (await stored(desk)).disabled
    await change_operator(desk, zoe.id, OperatorChange(disabled=False), DESK)
    assert not await good(desk, here)
    assert not await good(desk, there)


async def test_a_new_password_replaces_the_old_and_signs_out(desk: Desk, zoe: Operator) -> None:
    signed = await signed_in(desk)
    await set_password(desk, zoe, "another horse", DESK)
    kept = (await stored(desk)).password_hash
    assert await desk.passwords.matches(kept, "another horse")
    assert not await desk.passwords.matches(kept, PASSWORD)
    assert not await good(desk, signed)


async def test_who_changes_their_own_password_stays_signed_in_where_they_are(desk: Desk, zoe: Operator) -> None:
    here, there = await signed_in(desk), await signed_in(desk)
    await set_password(desk, zoe, "another horse", DESK, keep_token=here.token.id)
    assert await good(desk, here)
    assert not await good(desk, there)


@pytest.mark.usefixtures("path")
async def test_an_account_is_changed_and_signed_out_in_one_or_not_at_all(
    room: TestRoom, desk: Desk, zoe: Operator
) -> None:
    """A hub that died between the two would leave a thief signed in, and nobody would know."""
    signed, entries = await signed_in(desk), room.rows("SELECT * FROM log_entry")
    room.place.run("CREATE TRIGGER fault BEFORE UPDATE ON token BEGIN SELECT RAISE(ABORT, 'fault'); END")
    with pytest.raises(Exception, match="fault"):
        await set_password(desk, zoe, "another horse", DESK)
    with pytest.raises(Exception, match="fault"):
        await disable(desk, zoe)
    assert (await stored(desk)).password_hash == zoe.password_hash
    assert not (await stored(desk)).disabled
    assert await good(desk, signed)
    assert room.rows("SELECT * FROM log_entry") == entries


async def test_an_account_that_is_gone_gets_no_password(desk: Desk, zoe: Operator) -> None:
    await delete_operator(desk, zoe.id, DESK)
    with pytest.raises(NotFound):
        await set_password(desk, zoe, "another horse", DESK)


async def test_one_accounts_change_signs_out_nobody_else(desk: Desk, zoe: Operator) -> None:
    signed = await signed_in(desk)
    marie = await add_operator(desk, "marie", Role.OPERATOR, PASSWORD, DESK)
    await set_password(desk, marie, "another horse", DESK)
    await disable(desk, marie)
    assert await good(desk, signed)


@pytest.mark.parametrize("password", BAD_PASSWORDS)
async def test_a_refused_password_leaves_the_old_one(desk: Desk, zoe: Operator, password: str) -> None:
    signed = await signed_in(desk)
    with pytest.raises(Invalid):
        await set_password(desk, zoe, password, DESK)
    assert (await stored(desk)).password_hash == zoe.password_hash
    assert await good(desk, signed)


async def test_an_operator_is_found_by_name_and_by_number(desk: Desk, zoe: Operator) -> None:
    assert await operator_named(desk, "zoé") == await operator_of(desk, zoe.id) == zoe


async def test_nobody_is_no_operator(room: TestRoom, desk: Desk) -> None:
    with pytest.raises(NotFound, match="no operator 'nobody'"):
        await operator_named(desk, "nobody")
    with pytest.raises(NotFound, match="no operator '99'"):
        await operator_of(desk, 99)
    with pytest.raises(NotFound, match="no operator '99'"):
        await change_operator(desk, 99, OperatorChange(disabled=True), DESK)
    with pytest.raises(NotFound, match="no operator '99'"):
        await delete_operator(desk, 99, DESK)
    assert room.feed.entries == []


async def test_signing_out_ends_that_token_alone_and_twice_does_no_harm(desk: Desk, zoe: Operator) -> None:
    here, there = await signed_in(desk), await signed_in(desk)
    for _ in range(2):
        await sign_out(desk, here.token.id)
        assert not await good(desk, here)
    assert await good(desk, there)


async def test_a_named_token_outlives_a_password_and_not_its_account(desk: Desk, zoe: Operator) -> None:
    await desk.accounts.add_token(zoe.id, "hash", TokenKind.NAMED)
    await set_password(desk, zoe, "another horse", DESK)
    assert await desk.accounts.bearer("hash") is not None
    await disable(desk, zoe)
    await change_operator(desk, zoe.id, OperatorChange(disabled=False), DESK)
    assert await desk.accounts.bearer("hash") is None


async def test_a_change_is_told_by_what_it_changes(room: TestRoom, desk: Desk, zoe: Operator) -> None:
    await change_operator(desk, zoe.id, OperatorChange(Role.VIEWER, disabled=True), DESK)
    await change_operator(desk, zoe.id, OperatorChange(Role.VIEWER, disabled=False), DESK)
    await change_operator(desk, zoe.id, OperatorChange(), DESK)
    changes = [entry.details["change"] for entry in room.entries(Action.OPERATOR_CHANGED)]
    assert changes == ["added", "role", "disabled", "enabled"]
    assert (await stored(desk)).role is Role.VIEWER


@pytest.mark.parametrize("change", [OperatorChange(disabled=True), OperatorChange(Role.OPERATOR)])
async def test_the_last_admin_stays_one(room: TestRoom, desk: Desk, ada: Operator, change: OperatorChange) -> None:
    shut = await desk.accounts.add_operator("shut", Role.ADMIN, "no hash")
    await disable(desk, shut)
    with pytest.raises(Conflict) as caught:
        await change_operator(desk, ada.id, change, DESK)
    assert caught.value.reason == "last_admin"
    with pytest.raises(Conflict):
        await delete_operator(desk, ada.id, DESK)
    assert await stored(desk, "ada") == ada
    await change_operator(desk, shut.id, OperatorChange(disabled=False), DESK)
    await change_operator(desk, ada.id, change, DESK)
    assert await stored(desk, "ada") != ada


async def test_two_admins_cannot_shut_each_other_at_once(desk: Desk, ada: Operator) -> None:
    eve = await desk.accounts.add_operator("eve", Role.ADMIN, "no hash")
    shut = OperatorChange(disabled=True)
    acts = (change_operator(desk, one.id, shut, DESK) for one in (ada, eve))
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Operator"]


async def test_an_account_that_has_done_nothing_can_go(room: TestRoom, desk: Desk, ada: Operator) -> None:
    idle = await add_operator(desk, "idle", Role.VIEWER, PASSWORD, DESK)
    await delete_operator(desk, idle.id, DESK)
    assert [one.name for one in await desk.accounts.operators()] == ["ada"]
    assert room.entries(Action.OPERATOR_CHANGED)[-1].details["change"] == "deleted"


async def test_a_name_that_the_journal_tells_of_stays(desk: Desk, zoe: Operator) -> None:
    await signed_in(desk)
    with pytest.raises(Conflict) as caught:
        await delete_operator(desk, zoe.id, DESK)
    assert caught.value.reason == "operator_has_history"
    assert (await stored(desk)).id == zoe.id
