"""What the account use cases need of the world."""

from __future__ import annotations

from collections.abc import Sequence
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

    async def renew_password_hash(self, operator_id: int, before: str, password_hash: str) -> None:
        """The same password hashed anew, unless it has changed meanwhile."""

    async def touch_login(self, operator_id: int) -> None:
        """The operator has just signed in."""

    async def add_token(
        self,
        operator_id: int,
        token_hash: str,
        kind: TokenKind,
        *,
        name: str = "",
        expires_at: datetime | None = None,
        role: Role | None = None,
        address: str | None = None,
        agent: str | None = None,
    ) -> Token: ...

    async def tokens(self, kinds: Sequence[TokenKind], operator_id: int | None = None) -> list[Token]:
        """Those of these kinds that are not revoked, of one operator or of all, oldest first; expired ones too."""

    async def bearer(self, token_hash: str) -> tuple[Operator, Token] | None:
        """Who speaks with this token; None when it is unknown or no longer good, or its operator is disabled."""

    async def touch_token(self, token_id: int) -> None:
        """The token has just been used."""

    async def revoke(self, token_id: int) -> bool:
        """Whether there was such a token to revoke."""


class SecondFactors(Protocol):
    """What proves that an operator has their telephone, or the paper with the recovery codes."""

    async def offer(self, operator_id: int, sealed: bytes) -> None:
        """Keep a secret that is not asked for yet; it takes the place of one offered before."""

    async def turn_on(self, operator_id: int, sealed: bytes, step: int, code_hashes: Sequence[str]) -> bool:
        """Ask for codes from now on; `step` is spent. False when it is on already, or another secret is offered."""

    async def turn_off(self, operator_id: int) -> None:
        """Forget the secret and the recovery codes."""

    async def spend_step(self, operator_id: int, step: int) -> bool:
        """Take a code of this step, unless one of it or of a later one was taken before."""

    async def spend_recovery_code(self, operator_id: int, code_hash: str) -> bool:
        """Take a recovery code, unless there is no such one or it was taken before."""

    async def renew_recovery_codes(self, operator_id: int, code_hashes: Sequence[str]) -> None:
        """These in the place of all before."""

    async def recovery_codes_left(self, operator_id: int) -> int: ...


class Passwords(Protocol):
    """Slow hashes of passwords, and fresh secrets: where the accounts' chance comes from."""

    async def hash(self, password: str) -> str:
        """A salted hash to keep."""

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether it is the password; with no hash it takes as long and is False, so that nobody learns the names."""

    def common(self, password: str) -> bool:
        """Whether it is, in upper or lower case, one of those that most people take, and that are guessed first."""

    def outdated(self, password_hash: str) -> bool:
        """Whether it was made with other figures than hashes are now."""

    def new_token(self) -> str:
        """A fresh token of 256 bits, as text that a header and a cookie can carry."""

    def new_totp_secret(self) -> str:
        """160 fresh bits in base32, as authenticator apps take them."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that an account use case works with."""

    room: Room
    accounts: Accounts
    factors: SecondFactors
    passwords: Passwords
    throttle: SignInThrottle
