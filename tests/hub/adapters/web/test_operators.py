"""Operators by the use cases that the command line and later the API call."""

from __future__ import annotations

import pytest

from hub.domain.accounts import Role
from hub.domain.errors import Conflict, Invalid, NotFound
from hub.usecases.accounts.operators import add_operator, disable_operator, set_password
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.throttle import SignInThrottle
from tests.hub.adapters.web.desk import PASSWORD, TestDesk
from tests.support.room import DESK


@pytest.fixture
def accounts(desk: TestDesk) -> Desk:
    return Desk(desk.context.room, desk.context.accounts, desk.context.passwords, SignInThrottle())


async def signs_in(desk: TestDesk, name: str, password: str) -> bool:
    answer = await desk.post("/auth/token", {"username": name, "password": password}, role=None)
    return answer.status == 200


async def test_a_new_operator_can_sign_in(desk: TestDesk, accounts: Desk) -> None:
    operator = await add_operator(accounts, "zo\u00e9", Role.VIEWER, "long enough", DESK)
    assert (operator.name, operator.role) == ("zo\u00e9", Role.VIEWER)
    assert await signs_in(desk, "zo\u00e9", "long enough")
    entry = (await desk.get("/logs?action=operator_changed")).body["items"][0]
    assert (entry["operator"], entry["details"]["change"]) == ("marie", "added")


async def test_a_name_is_taken_once(accounts: Desk) -> None:
    with pytest.raises(Conflict, match="already an operator 'marie'"):
        await add_operator(accounts, "marie", Role.VIEWER, "long enough", DESK)


@pytest.mark.parametrize("name", ["", " ", "a ", "\x00", "a\nb", "x" * 65])
async def test_a_name_must_be_one(accounts: Desk, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        await add_operator(accounts, name, Role.VIEWER, "long enough", DESK)
    assert refused.value.field == "name"


@pytest.mark.parametrize("password", ["", "short", "x" * 257])
async def test_a_password_has_8_to_256_characters_and_is_never_repeated(accounts: Desk, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        await add_operator(accounts, "new", Role.VIEWER, password, DESK)
    assert refused.value.field == "password"
    assert not password or password not in str(refused.value)


async def test_a_new_password_signs_everybody_else_out(desk: TestDesk, accounts: Desk) -> None:
    assert (await desk.get("/posts")).status == 200
    await set_password(accounts, "marie", "another horse", DESK)
    assert (await desk.get("/posts")).status == 401
    assert await signs_in(desk, "marie", "another horse")
    assert not await signs_in(desk, "marie", PASSWORD)


async def test_changing_ones_own_password_keeps_ones_own_token(desk: TestDesk, accounts: Desk) -> None:
    token = (await accounts.accounts.tokens(desk.operators[Role.OPERATOR].id))[0]  # type: ignore[attr-defined]
    await set_password(accounts, "marie", "another horse", DESK, keep_token=token.id)
    assert (await desk.get("/posts")).status == 200


async def test_a_disabled_operator_cannot_sign_in(desk: TestDesk, accounts: Desk) -> None:
    await disable_operator(accounts, "marie", DESK)
    assert not await signs_in(desk, "marie", PASSWORD)


async def test_nobody_is_no_operator(accounts: Desk) -> None:
    with pytest.raises(NotFound):
        await disable_operator(accounts, "nobody", DESK)
    with pytest.raises(NotFound):
        await set_password(accounts, "nobody", "long enough", DESK)
