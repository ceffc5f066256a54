"""Operators' accounts: made, shut, given another password, signed out."""

from __future__ import annotations

import pytest

from hub.domain.accounts import Operator, Role, TokenKind
from hub.domain.errors import Conflict, Invalid, NotFound
from hub.usecases.accounts.operators import add_operator, disable_operator, set_password
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.sign_in import SignedIn, sign_in, token_hash
from hub.usecases.accounts.sign_out import sign_out
from hub.wire.terms import Action
from tests.support.room import DESK, TestRoom

PASSWORD = "correct horse"
BAD_PASSWORDS = ["", "7 signs", "x" * 257]


@pytest.fixture
async def zoe(desk: Desk) -> Operator:
    return await add_operator(desk, "zoé", Role.OPERATOR, PASSWORD, DESK)


async def stored(desk: Desk, name: str = "zoé") -> Operator:
    operator = await desk.accounts.operator_named(name)
    assert operator is not None
    return operator


async def signed_in(desk: Desk) -> SignedIn:
    return await sign_in(desk, "zoé", PASSWORD, TokenKind.API, "10.0.0.7")


async def good(desk: Desk, signed: SignedIn) -> bool:
    return await desk.accounts.bearer(token_hash(signed.secret)) is not None


async def test_a_new_account_is_open_and_keeps_no_password(room: TestRoom, desk: Desk, zoe: Operator) -> None:
    assert await stored(desk) == zoe
    assert (zoe.name, zoe.role, zoe.disabled, zoe.last_login_at) == ("zoé", Role.OPERATOR, False, None)
    assert await desk.passwords.matches(zoe.password_hash, PASSWORD)
    assert PASSWORD not in str(room.rows("SELECT * FROM operator"))
    assert zoe.password_hash not in repr(zoe)


async def test_the_journal_says_who_changed_which_account_and_how(room: TestRoom, desk: Desk, zoe: Operator) -> None:
    await set_password(desk, "zoé", "another horse", DESK)
    await disable_operator(desk, "zoé", DESK)
    entries = room.entries(Action.OPERATOR_CHANGED)
    assert [entry.details["change"] for entry in entries] == ["added", "password", "disabled"]
    assert {(entry.operator, entry.ip_address) for entry in entries} == {("marie", "10.0.0.5")}
    assert {(entry.details["name"], entry.details["role"]) for entry in entries} == {("zoé", "operator")}
    assert "horse" not in str(room.rows("SELECT * FROM log_entry"))


async def test_a_name_is_taken_once(room: TestRoom, desk: Desk, zoe: Operator) -> None:
    with pytest.raises(Conflict, match="already an operator 'zoé'") as caught:
        await add_operator(desk, "zoé", Role.ADMIN, "another horse", DESK)
    assert caught.value.reason == "operator_exists"
    assert await desk.accounts.operators() == [zoe]
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


@pytest.mark.parametrize("password", ["8 signs.", "x" * 256])
async def test_the_shortest_and_the_longest_password_work(desk: Desk, password: str) -> None:
    operator = await add_operator(desk, "zoé", Role.VIEWER, password, DESK)
    assert await desk.passwords.matches(operator.password_hash, password)


async def test_a_disabled_account_is_signed_out_everywhere(desk: Desk, zoe: Operator) -> None:
    here, there = await signed_in(desk), await signed_in(desk)
    await disable_operator(desk, "zoé", DESK)
    assert (await stored(desk)).disabled
    await desk.accounts.set_disabled(zoe.id, False)
    assert not await good(desk, here)
    assert not await good(desk, there)


async def test_a_new_password_replaces_the_old_and_signs_out(desk: Desk, zoe: Operator) -> None:
    signed = await signed_in(desk)
    await set_password(desk, "zoé", "another horse", DESK)
    kept = (await stored(desk)).password_hash
    assert await desk.passwords.matches(kept, "another horse")
    assert not await desk.passwords.matches(kept, PASSWORD)
    assert not await good(desk, signed)


async def test_who_changes_their_own_password_stays_signed_in_where_they_are(desk: Desk, zoe: Operator) -> None:
    here, there = await signed_in(desk), await signed_in(desk)
    await set_password(desk, "zoé", "another horse", DESK, keep_token=here.token.id)
    assert await good(desk, here)
    assert not await good(desk, there)


async def test_one_accounts_change_signs_out_nobody_else(desk: Desk, zoe: Operator) -> None:
    signed = await signed_in(desk)
    await add_operator(desk, "marie", Role.OPERATOR, PASSWORD, DESK)
    await set_password(desk, "marie", "another horse", DESK)
    await disable_operator(desk, "marie", DESK)
    assert await good(desk, signed)


@pytest.mark.parametrize("password", BAD_PASSWORDS)
async def test_a_refused_password_leaves_the_old_one(desk: Desk, zoe: Operator, password: str) -> None:
    signed = await signed_in(desk)
    with pytest.raises(Invalid):
        await set_password(desk, "zoé", password, DESK)
    assert (await stored(desk)).password_hash == zoe.password_hash
    assert await good(desk, signed)


async def test_nobody_is_no_operator(room: TestRoom, desk: Desk) -> None:
    with pytest.raises(NotFound, match="no operator 'nobody'"):
        await disable_operator(desk, "nobody", DESK)
    with pytest.raises(NotFound, match="no operator 'nobody'"):
        await set_password(desk, "nobody", PASSWORD, DESK)
    assert room.feed.entries == []


async def test_signing_out_ends_that_token_alone_and_twice_does_no_harm(desk: Desk, zoe: Operator) -> None:
    here, there = await signed_in(desk), await signed_in(desk)
    for _ in range(2):
        await sign_out(desk, here.token.id)
        assert not await good(desk, here)
    assert await good(desk, there)
