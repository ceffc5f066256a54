"""Signing in and out, for programs; the panel has a cookie instead (see `guards`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.adapters.web.context import desk_of
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import Body
from hub.adapters.web.guards import address_of
from hub.adapters.web.shapes import OperatorShape, TokenShape
from hub.domain.accounts import Role, TokenKind
from hub.usecases.accounts.operators import LONGEST_NAME, LONGEST_PASSWORD
from hub.usecases.accounts.sign_in import sign_in
from hub.usecases.accounts.sign_out import sign_out


class SignInBody(Body):
    """A name and its password."""

    username: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, examples=["marie"])]
    password: Annotated[str, Field(min_length=1, max_length=LONGEST_PASSWORD, repr=False, examples=["…"])]


@endpoint("POST", "/auth/token", None, TokenShape, summary="Sign in: a new token")
async def make_token(call: Call, body: SignInBody) -> TokenShape:
    desk, address = desk_of(call.request), address_of(call.request)
    signed = await sign_in(desk, body.username, body.password, TokenKind.API, address)
    operator = OperatorShape(name=signed.operator.name, role=signed.operator.role)
    return TokenShape(token=signed.secret, expires_at=signed.expires_at, operator=operator)


@endpoint("DELETE", "/auth/token", Role.DISPLAY, None, status=204, summary="Sign out: revoke the token that asks")
async def revoke_token(call: Call) -> None:
    await sign_out(desk_of(call.request), call.caller.token.id)


ENDPOINTS = (make_token, revoke_token)
