"""What the account use cases need of the world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hub.domain.accounts import Operator, Role, Token, TokenKind
from hub.usecases.accounts.throttle import SignInThrottle
from hub.usecases.work import Room


class Accounts(Protocol):
    """Operators and their tokens, kept. Every method is one transaction."""

    async def operators(self) -> list[Operator]:
        """All of them, by name."""

    async def operator(self, operator_id: int) -> Operator | None: ...

    async def operator_named(self, name: str) -> Operator | None: ...

    async def add_operator(self, name: str, role: Role, password_hash: str) -> Operator:
        """A new account; Collision when the name is taken."""

    async def set_disabled(self, operator_id: int, disabled: bool) -> None: ...

    async def set_password_hash(self, operator_id: int, password_hash: str) -> None: ...

    async def touch_login(self, operator_id: int) -> None:
        """The operator has just signed in."""

    async def add_token(
        self, operator_id: int, token_hash: str, kind: TokenKind, *, name: str = "", expires_at: datetime | None = None
    ) -> Token: ...

    async def bearer(self, token_hash: str) -> tuple[Operator, Token] | None:
        """Who speaks with this token; None when it is unknown or no longer good, or its operator is disabled."""

    async def touch_token(self, token_id: int) -> None:
        """The token has just been used."""

    async def revoke(self, token_id: int) -> bool:
        """Whether there was such a token to revoke."""

    async def revoke_all(self, operator_id: int, *, but: int | None = None) -> int:
        """Revoke all tokens of an operator, one apart where it is named; how many."""


class Passwords(Protocol):
    """Slow hashes of passwords, and fresh tokens: where the accounts' chance and secrets come from."""

    async def hash(self, password: str) -> str:
        """A salted hash to keep."""

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether it is the password; with no hash it takes as long and is False, so that nobody learns the names."""

    def new_token(self) -> str:
        """A fresh token of 256 bits, as text that a header and a cookie can carry."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that an account use case works with; `throttle` lives as long as the hub runs."""

    room: Room
    accounts: Accounts
    passwords: Passwords
    throttle: SignInThrottle
