"""Named tokens, for programs: made, listed and revoked by admins."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from hub.adapters.web.api.operators import RoleField
from hub.adapters.web.context import desk_of
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import Body, Instant, Paged, Word
from hub.adapters.web.lists import in_order
from hub.adapters.web.shapes import Listed, NamedTokenShape, NewTokenShape
from hub.domain.accounts import Operator, Role, Token, role_of
from hub.usecases.accounts.tokens import add_named_token, named_tokens, revoke_named_token

_ORDERS = ("name", "operator", "created_at", "expires_at", "last_used_at")


class AddTokenBody(Body):
    """A new token, which speaks for who makes it."""

    name: Annotated[Word, Field(examples=["home assistant"])]
    role: RoleField
    expires_at: Annotated[Instant | None, Field(description="null, said on purpose, for a token without an end")]


@endpoint("GET", "/tokens", Role.ADMIN, Listed[NamedTokenShape], summary="Tokens of programs")
async def list_tokens(call: Call, query: Paged) -> Listed[NamedTokenShape]:
    found = [NamedTokenShape(**_fields(*one)) for one in await named_tokens(desk_of(call.request))]
    return in_order(found, query, _ORDERS)


@endpoint("POST", "/tokens", Role.ADMIN, NewTokenShape, status=201, once=True, summary="Make a program's token")
async def make_named_token(call: Call, body: AddTokenBody) -> tuple[int, NewTokenShape]:
    owner = call.caller.operator
    made = await add_named_token(desk_of(call.request), owner, body.name, body.role, body.expires_at, call.by)
    return made.token.id, NewTokenShape(token=made.secret, **_fields(made.token, owner))


@endpoint("DELETE", "/tokens/{id}", Role.ADMIN, None, status=204, summary="Revoke a program's token")
async def revoke_one_token(call: Call) -> None:
    await revoke_named_token(desk_of(call.request), call.number("token"), call.by)


def _fields(token: Token, owner: Operator) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "role": role_of(owner, token),
        "operator": owner.name,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
    }


ENDPOINTS = (list_tokens, make_named_token, revoke_one_token)
