"""How often who has tried to sign in; a flood of names and addresses fills neither disk nor memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.expressions import Q

from hub.adapters.db.engine import Database
from hub.adapters.db.mapping import Kept
from hub.adapters.db.models import SignInCountRow
from hub.usecases.accounts.throttle import FORGET_S, KNOWN_S, LONGEST_LOCKOUT_S, Counts, SignInCount
from hub.usecases.ports import Clock

MOST_KEPT = 10_000
"""So many counts of names and addresses at most; the oldest go first. Only a right password makes a known desk."""
_COUNTS = Kept(SignInCount, SignInCountRow)
_KNOWN = "known:"
_ADVISORY_LOCK = 0x7369676E696E
"""For PostgreSQL, "signin": one count at a time, also of rows that are not there yet."""


class StoredSignInCounts:
    """A `SignInCounts` on an open database."""

    def __init__(self, database: Database, clock: Clock, *, most_kept: int = MOST_KEPT) -> None:
        self._database, self._clock, self._most_kept = database, clock, most_kept

    async def change(self, keys: Sequence[str], change: Callable[[Counts], Counts]) -> None:
        """Keep what `change` makes of what there is under these keys, with nobody else in between."""
        async with self._database.transaction() as client:
            if client.capabilities.dialect == "postgres":
                await client.execute_query(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
            rows = await SignInCountRow.filter(key__in=keys).using_db(client).values("key", *_COUNTS.names)
            kept = {str(row["key"]): _COUNTS.load(row) for row in rows}
            changed = change(kept)
            await self._keep(client, changed)
            if changed.keys() - kept.keys():
                await self._forget(client)

    async def _keep(self, client: TransactionalDBClient, counts: Counts) -> None:
        now = self._clock.now()
        for key, count in counts.items():
            columns = {"updated_at": now, **_COUNTS.columns(count)}
            if not await SignInCountRow.filter(key=key).using_db(client).update(**columns):
                await SignInCountRow(key=key, created_at=now, **columns).save(using_db=client, force_create=True)

    async def _forget(self, client: TransactionalDBClient) -> None:
        """What no longer matters by its age, and what is too much."""
        now = self._clock.now()
        known = Q(key__startswith=_KNOWN)
        await SignInCountRow.filter(known, updated_at__lt=now - timedelta(seconds=KNOWN_S)).using_db(client).delete()
        unknown = SignInCountRow.filter(~known).using_db(client)
        await unknown.filter(updated_at__lt=now - timedelta(seconds=FORGET_S + LONGEST_LOCKOUT_S)).delete()
        surplus = await unknown.count() - self._most_kept
        if surplus > 0:
            oldest = await unknown.order_by("updated_at").limit(surplus).values_list("key", flat=True)
            await SignInCountRow.filter(key__in=oldest).using_db(client).delete()
