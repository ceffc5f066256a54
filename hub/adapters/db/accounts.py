"""Operators, their tokens and the idempotency keys of their requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tortoise.exceptions import IntegrityError

from hub.adapters.db.engine import Database
from hub.adapters.db.mapping import OPERATORS, TOKENS
from hub.adapters.db.models import IdempotencyRow, OperatorRow, TokenRow
from hub.adapters.db.sql import records
from hub.domain.accounts import Operator, Role, Token, TokenKind, usable
from hub.usecases.ports import Clock, Collision


class Accounts:
    """What the desk's accounts need of the database. Every method is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def operators(self) -> list[Operator]:
        """All of them, by name."""
        return await self._operators("1 = 1 ORDER BY name")

    async def operator(self, operator_id: int) -> Operator | None:
        found = await self._operators("id = ?", operator_id)
        return found[0] if found else None

    async def operator_named(self, name: str) -> Operator | None:
        found = await self._operators("name = ?", name)
        return found[0] if found else None

    async def add_operator(self, name: str, role: Role, password_hash: str) -> Operator:
        """A new account; Collision when the name is taken."""
        row = OperatorRow(name=name, role=role, password_hash=password_hash, disabled=False, **self._stamps())
        await self._insert(row, f"there is already an operator {name!r}")
        return OPERATORS.load({name: getattr(row, name) for name in OPERATORS.names})

    async def renew_password_hash(self, operator_id: int, before: str, password_hash: str) -> None:
        """The same password hashed anew, unless it has changed meanwhile."""
        async with self._database.transaction() as client:
            rows = OperatorRow.filter(id=operator_id, password_hash=before).using_db(client)
            await rows.update(password_hash=password_hash, updated_at=self._clock.now())

    async def touch_login(self, operator_id: int) -> None:
        """The operator has just signed in."""
        await self._change_operator(operator_id, last_login_at=self._clock.now())

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
    ) -> Token:
        """A new token, by its hash; Collision when there is one with that hash."""
        told = {"name": name, "expires_at": expires_at, "role": role, "address": address, "agent": agent}
        row = TokenRow(operator_id=operator_id, hash=token_hash, kind=kind, **told, **self._stamps())
        await self._insert(row, "there is already such a token")
        return TOKENS.load({name: getattr(row, name) for name in TOKENS.names})

    async def tokens(self, kinds: Sequence[TokenKind], operator_id: int | None = None) -> list[Token]:
        """Those of these kinds that are not revoked, of one operator or of all, oldest first; expired ones too."""
        wanted = {} if operator_id is None else {"operator_id": operator_id}
        rows = TokenRow.filter(revoked_at__isnull=True, kind__in=kinds, **wanted).using_db(self._database.client)
        return [TOKENS.load(row) for row in await rows.order_by("id").values(*TOKENS.names)]

    async def bearer(self, token_hash: str) -> tuple[Operator, Token] | None:
        """Who speaks with this token; None when it is unknown or no longer good, or its operator is disabled."""
        tokens = await records(self._database.client, TOKENS, "hash = ?", token_hash)
        if not tokens or not usable(tokens[0], self._clock.now()):
            return None
        operator = await self.operator(tokens[0].operator_id)
        # None where its account was deleted in this moment.
        return (operator, tokens[0]) if operator is not None and not operator.disabled else None

    async def touch_token(self, token_id: int) -> None:
        """The token has just been used."""
        await self._change_token(token_id, last_used_at=self._clock.now())

    async def revoke(self, token_id: int) -> bool:
        """Whether there was such a token to revoke."""
        return await self._change_token(token_id, revoked_at=self._clock.now()) > 0

    async def result_of(self, key: str, operator_id: int, route: str, since: datetime) -> str | None:
        """The id of what an earlier request with this idempotency key made, at `since` or later."""
        rows = IdempotencyRow.filter(key=key, operator_id=operator_id, route=route, created_at__gte=since)
        row = await rows.using_db(self._database.client).first()
        return row.result_id if row else None

    async def keep_result(self, key: str, operator_id: int, route: str, result_id: str) -> None:
        """Remember what a request made; Collision when the key was used before."""
        row = IdempotencyRow(key=key, operator_id=operator_id, route=route, result_id=result_id, **self._stamps())
        await self._insert(row, "this idempotency key has been used")

    async def forget_results(self, before: datetime) -> int:
        """Drop the idempotency keys that are older; how many."""
        async with self._database.transaction() as client:
            return await IdempotencyRow.filter(created_at__lt=before).using_db(client).delete()

    async def _operators(self, where: str, *values: object) -> list[Operator]:
        return await records(self._database.client, OPERATORS, where, *values)

    async def _change_operator(self, operator_id: int, **columns: object) -> None:
        async with self._database.transaction() as client:
            rows = OperatorRow.filter(id=operator_id).using_db(client)
            if not await rows.update(**columns, updated_at=self._clock.now()):
                raise LookupError(f"no operator {operator_id}")

    async def _change_token(self, token_id: int, **columns: object) -> int:
        async with self._database.transaction() as client:
            rows = TokenRow.filter(revoked_at__isnull=True, id=token_id).using_db(client)
            return await rows.update(**columns, updated_at=self._clock.now())

    async def _insert(self, row: Any, taken: str) -> None:
        async with self._database.transaction() as client:
            try:
                await row.save(using_db=client, force_create=True)
            except IntegrityError as error:
                if "unique" not in str(error).lower():
                    raise
                raise Collision(taken) from error

    def _stamps(self) -> dict[str, datetime]:
        now = self._clock.now()
        return {"created_at": now, "updated_at": now}
