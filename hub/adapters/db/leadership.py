"""Which of several hubs on one PostgreSQL leads: whoever holds a lock there, for as long as its connection lives.

The lock elects, the row fences. The lock belongs to a session of its own, which PostgreSQL ends with the connection: a
hub that dies frees it at once, one whose machine vanishes within 6 s (keepalives). But a hub can lose that session
without noticing at once. So who wins writes its epoch into the row that every transaction locks first
(`Database._take_the_pen`): from then on the one before stores nothing more, however late it notices.
"""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

from hub.adapters.db import server
from hub.adapters.db.asyncpg_engine import told
from hub.adapters.db.engine import Database
from hub.usecases.ports import Unavailable

_LOCK = 0x706F7374656C
"""Beside the migrations' number: any that nobody else uses on a shared server."""
ANSWER_WITHIN_S = 2.0
_TRY = "SELECT pg_try_advisory_lock($1)"
_HELD = """SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32 | objid::bigint) = $1 AND objsubid = 1)"""


class Leadership:
    """One hub's part in the election, on the database at `where`."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._session: asyncpg.Connection[Any] | None = None
        self._epoch: str | None = None
        self._cut = asyncio.Event()

    async def win(self) -> bool:
        """Whether this hub holds the lock, now or still; Unavailable when the database cannot say.

        A session that does not answer is given up, and with it the lock: the next call asks for it in a new one. After
        `claim` the answer is False as well when another hub has led meanwhile.
        """
        try:
            with told():
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    return await self._ask()
        except Unavailable:
            self._drop()
            raise

    async def cut(self) -> None:
        """Return when the session is seen to end; one whose machine vanished looks alive, so ask `win` as well."""
        await self._cut.wait()

    async def claim(self, database: Database, epoch: str) -> None:
        """Begin a term: from now on only transactions of this epoch's hub are stored. For the holder of the lock."""
        database.leader = None  # or this hub's last term would have it refused
        async with database.transaction() as client:
            await client.execute_query("UPDATE hub_state SET leader = $1 WHERE id = 1", [epoch])
        database.leader = self._epoch = epoch

    def resign(self) -> None:
        """End the term, and give the lock back at once."""
        self._epoch = None
        self._drop()

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.terminate()

    async def _ask(self) -> bool:
        if self._session is None or self._session.is_closed():
            self._session = await asyncpg.connect(
                **server.access(self._where), server_settings=server.session("poste-hub leader")
            )
            self._cut = cut = asyncio.Event()
            self._session.add_termination_listener(lambda _: cut.set())
        if not await self._session.fetchval(_HELD, _LOCK) and not await self._session.fetchval(_TRY, _LOCK):
            return False
        return self._epoch in (None, await self._session.fetchval("SELECT leader FROM hub_state WHERE id = 1"))
