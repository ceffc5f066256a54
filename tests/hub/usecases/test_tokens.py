"""Programs' tokens, and where somebody is signed in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.domain.accounts import PANEL_IDLE_S, Operator, Role, Token, TokenKind
from hub.domain.errors import Invalid, NotFound
from hub.usecases.accounts.operators import add_operator
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.sign_in import LONGEST_AGENT, Door, SignedIn, sign_in, token_hash
from hub.usecases.accounts.tokens import (
    add_named_token,
    end_all_sign_ins,
    end_sign_in,
    named_tokens,
    revoke_named_token,
    sign_ins,
)
from hub.wire.terms import Action
from tests.support.room import DESK, TestRoom

PASSWORD = "correct horse"


@pytest.fixture
async def zoe(desk: Desk) -> Operator:
    return await add_operator(desk, "zoé", Role.OPERATOR, PASSWORD, DESK)


async def comes(desk: Desk, kind: TokenKind = TokenKind.PANEL, agent: str = "Firefox") -> SignedIn:
    return await sign_in(desk, "zoé", PASSWORD, Door(kind, "10.0.0.7", agent))


async def listed(desk: Desk, zoe: Operator) -> list[int]:
    return [token.id for token in await sign_ins(desk, zoe)]


async def named(desk: Desk) -> list[Token]:
    return [token for token, _ in await named_tokens(desk)]


async def test_a_token_has_a_name_a_role_and_an_end(room: TestRoom, desk: Desk, zoe: Operator) -> None:
    until = room.clock.now() + timedelta(days=1)
    made = await add_named_token(desk, zoe, "script", Role.VIEWER, until, DESK)
    assert (made.token.name, made.token.role, made.token.expires_at) == ("script", Role.VIEWER, until)
    assert await desk.accounts.bearer(token_hash(made.secret)) == (zoe, made.token)
    assert made.secret not in repr(made)
    endless = await add_named_token(desk, zoe, "endless", Role.OPERATOR, None, DESK)
    assert await named_tokens(desk) == [(made.token, zoe), (endless.token, zoe)]


async def test_a_token_may_no_more_than_its_owner(desk: Desk, zoe: Operator) -> None:
    with pytest.raises(Invalid) as caught:
        await add_named_token(desk, zoe, "script", Role.ADMIN, None, DESK)
    assert caught.value.field == "role"


async def test_a_token_cannot_end_before_it_begins(room: TestRoom, desk: Desk, zoe: Operator) -> None:
    with pytest.raises(Invalid) as caught:
        await add_named_token(desk, zoe, "script", Role.VIEWER, room.clock.now(), DESK)
    assert caught.value.field == "expires_at"


async def test_a_revoked_token_is_gone(room: TestRoom, desk: Desk, zoe: Operator) -> None:
    made = await add_named_token(desk, zoe, "script", Role.VIEWER, None, DESK)
    await revoke_named_token(desk, made.token.id, DESK)
    assert await named(desk) == []
    assert await desk.accounts.bearer(token_hash(made.secret)) is None
    changes = [entry.details for entry in room.entries(Action.OPERATOR_CHANGED)]
    assert [(change["change"], change.get("token")) for change in changes] == [
        ("added", None),
        ("token_added", "script"),
        ("token_revoked", "script"),
    ]
    with pytest.raises(NotFound):
        await revoke_named_token(desk, made.token.id, DESK)


async def test_a_sign_in_is_not_revoked_as_a_token_nor_a_token_as_a_sign_in(desk: Desk, zoe: Operator) -> None:
    signed = await comes(desk)
    made = await add_named_token(desk, zoe, "script", Role.VIEWER, None, DESK)
    with pytest.raises(NotFound):
        await revoke_named_token(desk, signed.token.id, DESK)
    with pytest.raises(NotFound):
        await end_sign_in(desk, zoe, made.token.id, DESK)


async def test_sign_ins_that_are_good_are_listed_with_where_they_came_from(
    room: TestRoom, desk: Desk, zoe: Operator
) -> None:
    panel, program = await comes(desk), await comes(desk, TokenKind.API, "curl/8\x1b[2J" + "x" * 500)
    first, second = await sign_ins(desk, zoe)
    assert (first.id, first.address, first.agent) == (panel.token.id, "10.0.0.7", "Firefox")
    assert second.agent == ("curl/8[2J" + "x" * 500)[:LONGEST_AGENT]
    room.clock.advance(PANEL_IDLE_S)
    assert await listed(desk, zoe) == [program.token.id]


async def test_one_sign_in_is_ended_by_its_owner_alone(desk: Desk, zoe: Operator) -> None:
    here, there = await comes(desk), await comes(desk)
    other = await add_operator(desk, "marie", Role.ADMIN, PASSWORD, DESK)
    with pytest.raises(NotFound):
        await end_sign_in(desk, other, there.token.id, DESK)
    await end_sign_in(desk, zoe, there.token.id, DESK)
    assert await listed(desk, zoe) == [here.token.id]


async def test_signing_out_everywhere_leaves_programs_tokens(desk: Desk, zoe: Operator) -> None:
    await comes(desk)
    await comes(desk, TokenKind.API)
    made = await add_named_token(desk, zoe, "script", Role.VIEWER, None, DESK)
    await end_all_sign_ins(desk, zoe, DESK)
    assert await listed(desk, zoe) == []
    assert await named(desk) == [made.token]
