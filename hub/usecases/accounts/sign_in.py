"""Sign in: a name, a password and, where the account has one, a second factor become a token."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hub.domain.accounts import Operator, Role, Token, TokenKind, panel_expiry
from hub.domain.errors import HubError
from hub.usecases.accounts import second_factor
from hub.usecases.accounts.confirm import count_try
from hub.usecases.accounts.operators import is_name
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.sealed import seal, unseal
from hub.usecases.work import By, working
from hub.wire.terms import Action

API_TOKEN_LIFE_S = 30 * 86_400
"""A program signs in once a month at least; a token without an end is for an admin to make on purpose."""
HALF_WAY_S = 300
"""How long the panel may ask for the second factor, after the password was right."""
LONGEST_AGENT = 200
_HALF_WAY = "half-way"


class BadCredentials(HubError):
    """No such account, a disabled one, not its password or not its code: nobody is told which."""

    reason = "bad_credentials"


class TooLate(BadCredentials):
    """The second half came too late, or the account has changed since the first: sign in from the start."""


class TotpNeeded(HubError):
    """The password is right, and the account has a second factor, which was not told.

    `half_way` stands for name and password for five minutes: a page can ask for the code alone, and never shows the
    password again.
    """

    reason = "totp_needed"

    def __init__(self, half_way: str) -> None:
        super().__init__("this account needs a code as well (totp)")
        self.half_way = half_way


@dataclass(frozen=True, slots=True)
class Door:
    """How somebody comes in: for which kind of token, from which address, with which browser or program."""

    kind: TokenKind
    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An operator who has just signed in, and the token in the clear: it is shown once and never kept."""

    operator: Operator
    secret: str = field(repr=False)
    expires_at: datetime
    token: Token


async def sign_in(desk: Desk, name: str, password: str, door: Door, totp: str | None = None) -> SignedIn:
    """A new token; BadCredentials, TotpNeeded or Throttled."""
    await count_try(desk, name, door.address)
    operator = await desk.accounts.operator_named(name) if is_name(name) else None
    right = await desk.passwords.matches(operator.password_hash if operator else None, password)
    if operator is None or operator.disabled or not right:
        raise await _failed(desk, operator, door)
    if desk.passwords.outdated(operator.password_hash):
        renewed = await desk.passwords.hash(password)
        await desk.accounts.renew_password_hash(operator.id, operator.password_hash, renewed)
        operator = replace(operator, password_hash=renewed)
    if operator.has_totp and totp is None:
        raise TotpNeeded(await _half_way(desk, operator.id))
    if operator.has_totp and not await second_factor.is_right(desk, operator, totp or ""):
        raise await _failed(desk, operator, door)
    return await _come_in(desk, operator, door)


async def finish(desk: Desk, half_way: str, totp: str, door: Door) -> SignedIn:
    """The second half, for a page that has asked for the code; BadCredentials for a wrong one, TooLate or Throttled."""
    operator = await _who_is_half_way(desk, half_way)
    if operator is None:
        raise TooLate("sign in from the start")
    await count_try(desk, operator.name, door.address)
    if not await second_factor.is_right(desk, operator, totp):
        raise await _failed(desk, operator, door)
    return await _come_in(desk, operator, door)


def token_hash(secret: str) -> str:
    """Under which a token is kept: it has 256 bits of chance, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def _come_in(desk: Desk, operator: Operator, door: Door) -> SignedIn:
    now = desk.room.clock.now()
    await desk.throttle.succeeded(operator.name, door.address, now)
    secret = desk.passwords.new_token()
    # A wall's sign-in lasts, so it is worth no more when the account is given more to do.
    role = Role.DISPLAY if operator.role is Role.DISPLAY else None
    expires_at = panel_expiry(now, role) if door.kind is TokenKind.PANEL else now + timedelta(seconds=API_TOKEN_LIFE_S)
    token = await desk.accounts.add_token(
        operator.id,
        token_hash(secret),
        door.kind,
        name="sign-in",
        expires_at=expires_at,
        role=role,
        address=door.address,
        agent="".join(sign for sign in door.agent if sign.isprintable())[:LONGEST_AGENT],
    )
    if not await _is_unchanged(desk, operator):
        await desk.accounts.revoke(token.id)
        raise await _failed(desk, operator, door)
    await desk.accounts.touch_login(operator.id)
    async with working(desk.room) as work:
        await work.log(Action.OPERATOR_LOGIN, By(operator.name, door.address), kind=door.kind)
    return SignedIn(operator, secret, expires_at, token)


async def _is_unchanged(desk: Desk, operator: Operator) -> bool:
    """Whether the account is open and has that password still, now that there is a token: whoever changes it from now
    on revokes that one, too, but who did while the password was looked at, which takes its time, has not.
    """
    now = await desk.accounts.operator(operator.id)
    return now is not None and not now.disabled and now.password_hash == operator.password_hash


async def _failed(desk: Desk, operator: Operator | None, door: Door) -> BadCredentials:
    """Names that do not exist stay out of the journal: people type their password into the wrong field."""
    by = By(operator.name if operator else None, door.address)
    async with working(desk.room) as work:
        await work.log(Action.OPERATOR_LOGIN_FAILED, by, known=operator is not None)
    return BadCredentials("the name, the password or the code is wrong")


async def _half_way(desk: Desk, operator_id: int) -> str:
    operator = await desk.accounts.operator(operator_id)
    assert operator is not None, "its password was right a moment ago"
    until_s = int(desk.room.clock.now().timestamp()) + HALF_WAY_S
    text = f"{until_s} {operator.id} {token_hash(operator.password_hash)}"
    return seal(desk.room.mint, _HALF_WAY, text).decode()


async def _who_is_half_way(desk: Desk, half_way: str) -> Operator | None:
    try:
        until_s, operator_id, password = unseal(desk.room.mint, _HALF_WAY, half_way.encode()).split()
    except ValueError:
        return None
    operator = await desk.accounts.operator(int(operator_id))
    if operator is None or operator.disabled or token_hash(operator.password_hash) != password:
        return None
    return operator if desk.room.clock.now().timestamp() < int(until_s) else None
