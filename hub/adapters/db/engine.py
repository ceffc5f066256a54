"""Opening and closing the database, and its transactions.

One `Database` a process at a time: Tortoise keeps one context as the fallback for all tasks.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import disk_usage
from typing import Any
from weakref import WeakSet

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.context import TortoiseContext
from tortoise.exceptions import OperationalError

from hub.adapters.db import server
from hub.adapters.db.errors import DatabaseAway, DatabaseFull, DatabaseUnusable, DatabaseUnwritable, Deposed
from hub.adapters.db.line import Line
from hub.adapters.db.server import is_address
from hub.adapters.db.sql import is_postgres

BUSY_TIMEOUT_MS = 5000
LEAST_FREE = 1 << 20
"""Bytes on the disk of a SQLite file; with fewer the next transactions may be the last."""
CONNECTION, READING = "default", "reading"
_FULL = "the disk of the database is full"
_UNWRITABLE = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
APP = "hub"


def database_config(
    where: str | Path, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS, migrating: bool = False
) -> dict[str, Any]:
    """Tortoise's configuration for a SQLite file, or for a `postgres://` address.

    A commit that was acknowledged is on the disk (`synchronous=FULL`). `migrating` is without foreign keys on SQLite,
    where recreating a table would delete what refers to it, and without time limits on PostgreSQL. SQLite, whose
    connections do one thing at a time, has a second one to read with. Raises DatabaseUnusable for an address that is
    none, and where the driver is not installed.
    """
    connections: dict[str, Any]
    if is_address(where):
        credentials = server.pool(str(where), patient=migrating)
        if find_spec("asyncpg") is None:
            raise DatabaseUnusable("PostgreSQL needs one more package: pip install 'poste-public[postgres]'")
        connections = {CONNECTION: {"engine": "hub.adapters.db.asyncpg_engine", "credentials": credentials}}
    else:
        engine, pragmas = "hub.adapters.db.sqlite_engine", {"busy_timeout": busy_timeout_ms, "journal_mode": "WAL"}
        credentials = {"file_path": str(where), **pragmas, "synchronous": "FULL"}
        connections = {
            CONNECTION: {
                "engine": engine,
                "credentials": {**credentials, "foreign_keys": "OFF" if migrating else "ON"},
            },
            READING: {"engine": engine, "credentials": {**credentials, "query_only": "ON"}},
        }
    return {
        "connections": connections,
        "apps": {
            APP: {
                "models": ["hub.adapters.db.models"],
                "default_connection": CONNECTION,
                "migrations": "hub.adapters.db.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


class Database:
    """An open database. `client` is the connection for reading; writing happens in `transaction()`.

    One transaction writes at a time, in all programs together: on SQLite by its file's lock, on PostgreSQL by a row's.
    `leader`: the hub that leads with this database, where that is decided there; a transaction of one that has been
    deposed is refused.
    """

    def __init__(self, context: TortoiseContext, file: Path | None, least_free: int) -> None:
        self._context, self._file, self._least_free = context, file, least_free
        self._writing = context.connections.get(CONNECTION)
        self._reading = self._writing if is_postgres(self._writing) else context.connections.get(READING)
        self._inside: WeakSet[asyncio.Task[Any]] = WeakSet()
        self._line = Line(self._begun)
        self.leader: str | None = None

    @property
    def client(self) -> BaseDBAsyncClient:
        """What reads outside of transactions: what is committed, without waiting for those who write.

        RuntimeError within a transaction, in the same task: it would not see what that has written.
        """
        if asyncio.current_task() in self._inside:
            raise RuntimeError("within a transaction, speak through the transaction")
        return self._reading

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[TransactionalDBClient]:
        """Commits at the end of the block, undoes it on any exception; Unavailable when the database cannot.

        Those that wait at the same time share a commit (see Line). Only what is given the client is part of it.
        """
        task = asyncio.current_task()
        assert task is not None
        if task in self._inside:
            raise RuntimeError("within a transaction, speak through the transaction")
        async with _told_of_disk(), self._line.piece() as client:
            self._inside.add(task)
            try:
                yield client
            finally:
                self._inside.discard(task)

    @asynccontextmanager
    async def _begun(self) -> AsyncIterator[TransactionalDBClient]:
        # The one way to name the connection of a transaction.
        async with self._writing._in_transaction() as client:  # noqa: SLF001
            if is_postgres(client):
                await self._take_the_pen(client)
            yield client

    async def connect(self) -> None:
        """Reach it; DatabaseBusy, DatabaseAway or DatabaseUnusable when it cannot be."""
        for client in dict.fromkeys((self._writing, self._reading)):
            await client.create_connection(with_db=True)

    async def look(self) -> None:
        """Return when the database answers and can be written; Unavailable when not, Deposed when another hub leads.

        A server looks after its disk. Of a file nobody would know before somebody wants to write.
        """
        await self._read_leader(self.client)
        if self._file is None:
            return
        try:
            free = (await asyncio.to_thread(disk_usage, self._file)).free
        except OSError as error:  # removed under our feet, say: what we write then is gone with us
            raise DatabaseAway(f"{self._file}: {error.strerror}") from error
        if free < self._least_free:
            raise DatabaseFull(_FULL)
        if not await asyncio.to_thread(os.access, self._file, os.W_OK, effective_ids=True):
            raise DatabaseUnwritable("the database cannot be written: its disk, or its file, allows only to be read")

    async def _take_the_pen(self, client: TransactionalDBClient) -> None:
        """Lock the row that every writer locks first; whoever waited for it sees it as the one before left it."""
        await self._read_leader(client, " FOR UPDATE")

    async def _read_leader(self, client: BaseDBAsyncClient, locking: str = "") -> None:
        rows = await client.execute_query_dict(f"SELECT leader FROM hub_state WHERE id = 1{locking}")  # noqa: S608 - ours
        if self.leader is not None and rows[0]["leader"] != self.leader:
            raise Deposed("another hub leads now")

    async def close(self) -> None:
        if self._reading is not self._writing:
            await self._reading.close()  # or SQLite, which tidies up behind the last to go, would see none as the last
        await self._context.close_connections()


@asynccontextmanager
async def _told_of_disk() -> AsyncIterator[None]:
    """DatabaseFull or DatabaseUnwritable for the ways in which SQLite, through Tortoise or not, says that."""
    try:
        yield
    except (sqlite3.OperationalError, OperationalError) as error:
        cause = error if isinstance(error, sqlite3.Error) else error.args[0]
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            raise DatabaseFull(_FULL) from error
        if code in _UNWRITABLE:
            raise DatabaseUnwritable(f"the database cannot be written: {cause}") from error
        raise


async def open_database(
    where: str | Path, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS, least_free: int = LEAST_FREE
) -> Database:
    """Connects to a database that `migrate` has prepared. Close it, or the process does not end."""
    context = TortoiseContext()
    with context:
        await context.init(config=database_config(where, busy_timeout_ms=busy_timeout_ms), _enable_global_fallback=True)
    database = Database(context, None if is_address(where) else Path(where), least_free)
    try:
        await database.connect()
    except BaseException:
        await database.close()
        raise
    return database
