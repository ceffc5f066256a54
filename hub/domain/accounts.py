"""Desk accounts: who may do what, and how long a sign-in lasts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from hub.domain.version import fact

PANEL_IDLE_S = 15 * 60
"""A panel that nobody has used for this long is signed out."""
PANEL_LIFE_S = 8 * 3600
"""A panel's sign-in ends after this, however busy it is."""
WALL_LIFE_S = 365 * 86_400
"""That of a screen on the wall, which nobody stands at: it may be off for the night, and sees nothing of anybody."""


class Role(StrEnum):
    """What an account is for, from the one that may least to the one that may most."""

    DISPLAY = "display"
    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


_RANKS = {role: rank for rank, role in enumerate(Role)}


def allows(role: Role, needed: Role) -> bool:
    """Whether an account of this role may do what the needed one may."""
    return _RANKS[role] >= _RANKS[needed]


class TokenKind(StrEnum):
    """How a token came to be: by a sign-in at the panel or of a program, or made by an admin under a name."""

    PANEL = "panel"
    API = "api"
    NAMED = "named"


SIGN_INS = (TokenKind.PANEL, TokenKind.API)


@dataclass(frozen=True, slots=True)
class Operator:
    """An account of the desk."""

    id: int
    name: str
    role: Role
    password_hash: str = field(repr=False)
    created_at: datetime
    updated_at: datetime = fact()
    disabled: bool = False
    last_login_at: datetime | None = fact(None)
    totp_sealed: bytes | None = field(default=None, repr=False)
    """The secret of the second factor, encrypted; while `totp_since` is None it is offered, and not asked for."""
    totp_since: datetime | None = None
    totp_last_step: int | None = fact(None)
    """The time step of the last code that was taken: neither it nor an older one is taken again."""

    @property
    def has_totp(self) -> bool:
        """Whether a sign-in needs a second factor."""
        return self.totp_since is not None


@dataclass(frozen=True, slots=True)
class Token:
    """A right to speak for an operator. Only the token's hash is known, never the token."""

    id: int
    operator_id: int
    hash: str = field(repr=False)
    kind: TokenKind
    created_at: datetime
    name: str = ""
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    role: Role | None = None
    """The most that it may do; None for all that its operator may."""
    address: str | None = None
    """Where its sign-in came from."""
    agent: str | None = None
    """The browser or program that signed in, by its own word."""


def role_of(operator: Operator, token: Token) -> Role:
    """What somebody may who speaks with this token: no more than their account, and no more than the token."""
    return operator.role if token.role is None else min(operator.role, token.role, key=_RANKS.__getitem__)


def leaves_an_admin(operators: Iterable[Operator]) -> bool:
    """Whether somebody among these can still let others in."""
    return any(one.role is Role.ADMIN and not one.disabled for one in operators)


def panel_expiry(now: datetime, role: Role | None = None) -> datetime:
    """When a panel's token of this role, made now, ends at the latest."""
    return now + timedelta(seconds=WALL_LIFE_S if role is Role.DISPLAY else PANEL_LIFE_S)


def usable(token: Token, now: datetime) -> bool:
    """Whether a token is still good: not revoked, not expired and, a panel's, not left alone for too long."""
    if token.revoked_at is not None or (token.expires_at is not None and now >= token.expires_at):
        return False
    if token.kind is not TokenKind.PANEL or token.role is Role.DISPLAY:
        return True
    last_used_at = token.last_used_at or token.created_at
    return now - last_used_at < timedelta(seconds=PANEL_IDLE_S)
