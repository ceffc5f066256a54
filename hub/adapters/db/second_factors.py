"""Operators' second factors: the sealed secret and the step spent last, in their row, and the recovery codes beside."""

from __future__ import annotations

from collections.abc import Sequence

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.expressions import Q

from hub.adapters.db.engine import Database
from hub.adapters.db.models import OperatorRow, RecoveryCodeRow
from hub.usecases.ports import Clock


class SecondFactors:
    """What the account use cases need of the database. Every method is one transaction, with one winner of several."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def offer(self, operator_id: int, sealed: bytes) -> None:
        """Keep a secret that is not asked for yet; one that is asked for stays."""
        async with self._database.transaction() as client:
            await self._change(client, operator_id, Q(totp_since__isnull=True), totp_sealed=sealed)

    async def turn_on(self, operator_id: int, sealed: bytes, step: int, code_hashes: Sequence[str]) -> bool:
        """Ask for codes from now on; `step` is spent. False when it is on already, or another secret is offered."""
        offered = Q(totp_since__isnull=True, totp_sealed=sealed)
        async with self._database.transaction() as client:
            on = await self._change(client, operator_id, offered, totp_since=self._clock.now(), totp_last_step=step)
            if on:
                await self._renew(client, operator_id, code_hashes)
            return on

    async def turn_off(self, operator_id: int) -> None:
        """Forget the secret and the recovery codes."""
        async with self._database.transaction() as client:
            await self._change(client, operator_id, Q(), totp_sealed=None, totp_since=None, totp_last_step=None)
            await self._renew(client, operator_id, ())

    async def spend_step(self, operator_id: int, step: int) -> bool:
        """Take a code of this step, unless one of it or of a later one was taken before."""
        unspent = Q(totp_last_step__isnull=True) | Q(totp_last_step__lt=step)
        async with self._database.transaction() as client:
            return await self._change(client, operator_id, unspent, totp_last_step=step)

    async def spend_recovery_code(self, operator_id: int, code_hash: str) -> bool:
        """Take a recovery code, unless there is no such one or it was taken before."""
        async with self._database.transaction() as client:
            rows = RecoveryCodeRow.filter(operator_id=operator_id, hash=code_hash).using_db(client)
            return await rows.delete() == 1

    async def renew_recovery_codes(self, operator_id: int, code_hashes: Sequence[str]) -> None:
        """These in the place of all before."""
        async with self._database.transaction() as client:
            await self._renew(client, operator_id, code_hashes)

    async def recovery_codes_left(self, operator_id: int) -> int:
        """How many are not taken yet."""
        return await RecoveryCodeRow.filter(operator_id=operator_id).using_db(self._database.client).count()

    async def _change(self, client: TransactionalDBClient, operator_id: int, where: Q, **columns: object) -> bool:
        rows = OperatorRow.filter(where, id=operator_id).using_db(client)
        return await rows.update(**columns, updated_at=self._clock.now()) == 1

    async def _renew(self, client: TransactionalDBClient, operator_id: int, code_hashes: Sequence[str]) -> None:
        now = self._clock.now()
        await RecoveryCodeRow.filter(operator_id=operator_id).using_db(client).delete()
        rows = [
            RecoveryCodeRow(operator_id=operator_id, hash=code_hash, created_at=now, updated_at=now)
            for code_hash in code_hashes
        ]
        await RecoveryCodeRow.bulk_create(rows, using_db=client)
