"""One's own account: password, second factor, and where one is signed in.

For people who have signed in; a program's token may read whose it is, and no more.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from pydantic import Field

from hub.adapters.web.api.operators import Password, account
from hub.adapters.web.context import desk_of
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import Body
from hub.adapters.web.problems import Problem
from hub.adapters.web.shapes import MeShape, RecoveryCodesShape, SignInShape, TotpOfferShape
from hub.domain.accounts import SIGN_INS, Operator, Role
from hub.usecases.accounts import second_factor
from hub.usecases.accounts.confirm import confirm_password
from hub.usecases.accounts.operators import check_password, operator_of, set_password
from hub.usecases.accounts.tokens import end_all_sign_ins, end_sign_in, sign_ins

ISSUER = "Poste Public"
GUESSED = (429,)
"""What refuses who tries passwords."""


class PasswordBody(Body):
    """One's password, asked for again."""

    password: Annotated[Password, Field(repr=False)]


class NewPasswordBody(PasswordBody):
    """The password as it is, and as it shall be."""

    new_password: Annotated[Password, Field(repr=False)]


class CodeBody(Body):
    """A code from the authenticator app."""

    code: Annotated[str, Field(min_length=1, max_length=second_factor.LONGEST_CODE, repr=False, examples=["123456"])]


async def show_me(call: Call, operator_id: str) -> MeShape:
    """One's own account as it now is."""
    operator = await operator_of(desk_of(call.request), int(operator_id))
    left = await call.web.factors.recovery_codes_left(operator.id)
    return MeShape(**account(operator), recovery_codes_left=left)


@endpoint("GET", "/me", Role.VIEWER, MeShape, summary="One's own account")
async def me(call: Call) -> MeShape:
    return await show_me(call, str(call.caller.operator.id))


@endpoint(
    "POST",
    "/me/password",
    Role.VIEWER,
    MeShape,
    shows=show_me,
    refuses=GUESSED,
    summary="A new password; ends other sign-ins",
)
async def change_password(call: Call, body: NewPasswordBody) -> str:
    desk, operator = desk_of(call.request), _person(call)
    check_password(desk, body.new_password)
    await confirm_password(desk, operator, body.password, call.by)
    await set_password(desk, operator, body.new_password, call.by, keep_token=call.caller.token.id)
    return str(operator.id)


@endpoint(
    "POST",
    "/me/totp",
    Role.VIEWER,
    TotpOfferShape,
    status=201,
    once=True,
    refuses=GUESSED,
    summary="Begin with a second factor",
)
async def offer_totp(call: Call, body: PasswordBody) -> tuple[int, TotpOfferShape]:
    operator = _person(call)
    secret = await second_factor.offer(desk_of(call.request), operator, body.password, call.by)
    return operator.id, TotpOfferShape(secret=secret, uri=totp_uri(operator.name, secret))


def totp_uri(name: str, secret: str) -> str:
    """What an authenticator app reads from a QR code to set up the second factor of an operator."""
    query = urlencode({"secret": secret, "issuer": ISSUER}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{ISSUER}:{name}')}?{query}"


@endpoint("POST", "/me/totp/confirm", Role.VIEWER, RecoveryCodesShape, once=True, summary="Show a code: it counts now")
async def confirm_totp(call: Call, body: CodeBody) -> tuple[int, RecoveryCodesShape]:
    operator = _person(call)
    codes = await second_factor.turn_on(desk_of(call.request), operator, body.code, call.by)
    return operator.id, RecoveryCodesShape(recovery_codes=codes)


@endpoint(
    "POST",
    "/me/totp/off",
    Role.VIEWER,
    MeShape,
    shows=show_me,
    refuses=GUESSED,
    summary="No second factor any more",
)
async def disable_totp(call: Call, body: PasswordBody) -> str:
    operator = _person(call)
    await second_factor.turn_off(desk_of(call.request), operator, body.password, call.by)
    return str(operator.id)


@endpoint(
    "POST",
    "/me/totp/recovery-codes",
    Role.VIEWER,
    RecoveryCodesShape,
    once=True,
    refuses=GUESSED,
    summary="New recovery codes for old",
)
async def renew_codes(call: Call, body: PasswordBody) -> tuple[int, RecoveryCodesShape]:
    operator = _person(call)
    codes = await second_factor.renew_recovery_codes(desk_of(call.request), operator, body.password, call.by)
    return operator.id, RecoveryCodesShape(recovery_codes=codes)


@endpoint("GET", "/me/sign-ins", Role.VIEWER, list[SignInShape], summary="Where one is signed in")
async def list_sign_ins(call: Call) -> list[SignInShape]:
    return [
        SignInShape(
            id=token.id,
            kind=token.kind,
            current=token.id == call.caller.token.id,
            address=token.address,
            agent=token.agent,
            created_at=token.created_at,
            last_used_at=token.last_used_at,
            expires_at=token.expires_at,
        )
        for token in await sign_ins(desk_of(call.request), _person(call))
    ]


@endpoint("DELETE", "/me/sign-ins/{id}", Role.VIEWER, None, status=204, summary="End one of one's own sign-ins")
async def end_one_sign_in(call: Call) -> None:
    await end_sign_in(desk_of(call.request), _person(call), call.number("sign-in"), call.by)


@endpoint("DELETE", "/me/sign-ins", Role.VIEWER, None, status=204, summary="Sign out everywhere, here too")
async def sign_out_everywhere(call: Call) -> None:
    await end_all_sign_ins(desk_of(call.request), _person(call), call.by)


def _person(call: Call) -> Operator:
    """Who asks, if they have signed in themselves: Problem 403 for a program's token."""
    if call.caller.token.kind not in SIGN_INS:
        raise Problem(403, "not_a_sign_in", "a named token cannot do that: sign in with name and password")
    return call.caller.operator


ENDPOINTS = (
    me,
    change_password,
    offer_totp,
    confirm_totp,
    disable_totp,
    renew_codes,
    list_sign_ins,
    end_one_sign_in,
    sign_out_everywhere,
)
