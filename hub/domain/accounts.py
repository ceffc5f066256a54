"""Desk accounts: who may do what, and how long a sign-in lasts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from hub.domain.version import fact

PANEL_IDLE_S = 15 * 60
"""A panel that nobody has used for this long is signed out."""
PANEL_LIFE_S = 8 * 3600
"""A panel's sign-in ends after this, however busy it is."""


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
    """How a token came to be: by a sign-in, or made by hand for a program."""

    PANEL = "panel"
    API = "api"


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


def panel_expiry(now: datetime) -> datetime:
    """When a panel's token, made now, ends at the latest."""
    return now + timedelta(seconds=PANEL_LIFE_S)


def usable(token: Token, now: datetime) -> bool:
    """Whether a token is still good: not revoked, not expired and, a panel's, not left alone for too long."""
    if token.revoked_at is not None or (token.expires_at is not None and now >= token.expires_at):
        return False
    if token.kind is not TokenKind.PANEL:
        return True
    last_used_at = token.last_used_at or token.created_at
    return now - last_used_at < timedelta(seconds=PANEL_IDLE_S)
