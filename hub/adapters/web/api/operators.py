"""Operators: the desk's accounts, for admins."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from hub.adapters.web.conditional import Tagged
from hub.adapters.web.context import desk_of
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import Body, Paged
from hub.adapters.web.guards import Caller
from hub.adapters.web.lists import in_order
from hub.adapters.web.shapes import AccountShape, Listed
from hub.domain.accounts import Operator, Role
from hub.domain.errors import Conflict
from hub.domain.version import Expected, version
from hub.usecases.accounts.operators import (
    LONGEST_NAME,
    LONGEST_PASSWORD,
    OperatorChange,
    add_operator,
    change_operator,
    delete_operator,
    operator_of,
)
from hub.usecases.accounts.second_factor import reset_totp

_ORDERS = ("name", "role", "last_login_at", "created_at")
RoleField = Annotated[Role, Field(strict=False, examples=[Role.OPERATOR])]
Password = Annotated[str, Field(min_length=1, max_length=LONGEST_PASSWORD, examples=["…"])]


class AddOperatorBody(Body):
    """A new account."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, examples=["marie"])]
    role: RoleField
    password: Annotated[Password, Field(repr=False)]


class ChangeOperatorBody(Body):
    """What is to be different; what is left out stays."""

    role: RoleField | None = None
    disabled: bool | None = None
    password: Annotated[Password | None, Field(repr=False, description="ends the account's sign-ins")] = None
    totp: Annotated[Literal[False] | None, Field(description="false takes a lost second factor away")] = None


def account(operator: Operator) -> dict[str, Any]:
    """The fields of an account's shape."""
    return {
        "id": operator.id,
        "name": operator.name,
        "role": operator.role,
        "disabled": operator.disabled,
        "totp": operator.has_totp,
        "last_login_at": operator.last_login_at,
        "created_at": operator.created_at,
        "updated_at": operator.updated_at,
    }


async def show_operator(call: Call, operator_id: str) -> Tagged[AccountShape]:
    """An account as it now is."""
    operator = await operator_of(desk_of(call.request), int(operator_id))
    return Tagged(AccountShape(**account(operator)), version(operator))


@endpoint("GET", "/operators", Role.ADMIN, Listed[AccountShape], summary="Operators")
async def list_operators(call: Call, query: Paged) -> Listed[AccountShape]:
    found = [AccountShape(**account(one)) for one in await call.web.accounts.operators()]
    return in_order(found, query, _ORDERS)


@endpoint(
    "POST",
    "/operators",
    Role.ADMIN,
    AccountShape,
    status=201,
    shows=show_operator,
    summary="Make an operator's account",
)
async def make_operator(call: Call, body: AddOperatorBody) -> str:
    made = await add_operator(desk_of(call.request), body.name, body.role, body.password, call.by)
    return str(made.id)


@endpoint("GET", "/operators/{id}", Role.ADMIN, AccountShape, summary="One operator")
async def one_operator(call: Call) -> Tagged[AccountShape]:
    return await show_operator(call, str(call.number("operator")))


@endpoint("PATCH", "/operators/{id}", Role.ADMIN, AccountShape, summary="Change, shut or open an operator's account")
async def edit_operator(call: Call, body: ChangeOperatorBody, expected: Expected) -> Tagged[AccountShape]:
    desk, operator_id = desk_of(call.request), call.number("operator")
    if (body.password, body.totp) != (None, None):
        refuse_own(operator_id, call.caller)
    change = OperatorChange(body.role, body.disabled, body.password)
    operator = await change_operator(desk, operator_id, change, call.by, expected)
    if body.totp is False:
        await reset_totp(desk, operator, call.by)
    return await show_operator(call, str(operator_id))


def refuse_own(operator_id: int, caller: Caller) -> None:
    """Conflict for one's own password or second factor, which a thief of an open panel must not change."""
    if operator_id == caller.operator.id:
        raise Conflict("own_account", "for one's own there are /me/password and /me/totp, which ask for the password")


@endpoint(
    "DELETE", "/operators/{id}", Role.ADMIN, None, status=204, summary="Take an account away that has done nothing"
)
async def remove_operator(call: Call) -> None:
    await delete_operator(desk_of(call.request), call.number("operator"), call.by)


ENDPOINTS = (list_operators, make_operator, one_operator, edit_operator, remove_operator)
