"""Signing in and out, for programs; the panel has a cookie instead (see `guards`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.adapters.web.context import desk_of
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import Body
from hub.adapters.web.guards import door_of
from hub.adapters.web.shapes import OperatorShape, TokenShape
from hub.domain.accounts import Role, TokenKind
from hub.usecases.accounts.operators import LONGEST_NAME, LONGEST_PASSWORD
from hub.usecases.accounts.second_factor import LONGEST_CODE
from hub.usecases.accounts.sign_in import sign_in
from hub.usecases.accounts.sign_out import sign_out


class SignInBody(Body):
    """A name, its password and, where the account has a second factor, a code of it."""

    username: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, examples=["marie"])]
    password: Annotated[str, Field(min_length=1, max_length=LONGEST_PASSWORD, repr=False, examples=["…"])]
    totp: Annotated[str | None, Field(max_length=LONGEST_CODE, repr=False, description="or a recovery code")] = None


@endpoint("POST", "/auth/token", None, TokenShape, refuses=(401, 429), summary="Sign in: a new token")
async def make_token(call: Call, body: SignInBody) -> TokenShape:
    door = door_of(call.request, TokenKind.API)
    signed = await sign_in(desk_of(call.request), body.username, body.password, door, body.totp)
    operator = OperatorShape(name=signed.operator.name, role=signed.operator.role)
    return TokenShape(token=signed.secret, expires_at=signed.expires_at, operator=operator)


@endpoint("DELETE", "/auth/token", Role.DISPLAY, None, status=204, summary="Sign out: revoke the token that asks")
async def revoke_token(call: Call) -> None:
    await sign_out(desk_of(call.request), call.caller.token.id)


ENDPOINTS = (make_token, revoke_token)
