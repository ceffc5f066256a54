"""Sign in: a name and a password become a token."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hub.domain.accounts import Operator, Token, TokenKind, panel_expiry
from hub.domain.errors import HubError
from hub.usecases.accounts.operators import is_name
from hub.usecases.accounts.ports import Desk
from hub.usecases.work import By, working
from hub.wire.terms import Action

API_TOKEN_LIFE_S = 30 * 86_400
"""A program signs in once a month at least; a token without an end is for an admin to make on purpose."""


class BadCredentials(HubError):
    """No such account, a disabled one, or not its password: nobody is told which."""

    reason = "bad_credentials"


class Throttled(HubError):
    """Too many tries; `retry_after_s` is how long to wait."""

    reason = "throttled"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many tries: wait {retry_after_s} s")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An operator who has just signed in, and the token in the clear: it is shown once and never kept."""

    operator: Operator
    secret: str = field(repr=False)
    expires_at: datetime
    token: Token


async def sign_in(desk: Desk, name: str, password: str, kind: TokenKind, address: str) -> SignedIn:
    """A new token of that kind; BadCredentials or Throttled."""
    now = desk.room.clock.now()
    wait_s = desk.throttle.attempt(name, address, now)
    if wait_s:
        raise Throttled(wait_s)
    operator = await desk.accounts.operator_named(name) if is_name(name) else None
    right = await desk.passwords.matches(operator.password_hash if operator else None, password)
    if operator is None or operator.disabled or not right:
        await _failed(desk, operator, address)
        raise BadCredentials("the name or the password is wrong")
    desk.throttle.succeeded(name, address)
    secret = desk.passwords.new_token()
    expires_at = panel_expiry(now) if kind is TokenKind.PANEL else now + timedelta(seconds=API_TOKEN_LIFE_S)
    token = await desk.accounts.add_token(operator.id, token_hash(secret), kind, name="sign-in", expires_at=expires_at)
    await desk.accounts.touch_login(operator.id)
    async with working(desk.room) as work:
        await work.log(Action.OPERATOR_LOGIN, By(operator.name, address), kind=kind)
    return SignedIn(operator, secret, expires_at, token)


def token_hash(secret: str) -> str:
    """Under which a token is kept: it has 256 bits of chance, so a plain SHA-256 is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def _failed(desk: Desk, operator: Operator | None, address: str) -> None:
    """Names that do not exist stay out of the journal: people type their password into the wrong field."""
    by = By(operator.name if operator else None, address)
    async with working(desk.room) as work:
        await work.log(Action.OPERATOR_LOGIN_FAILED, by, known=operator is not None)
