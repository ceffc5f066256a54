"""Opening and closing the database, and its transactions.

One `Database` a process at a time: Tortoise keeps one context as the fallback for all tasks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from weakref import WeakSet

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.context import TortoiseContext

from hub.adapters.db.sqlite_engine import DatabaseUnusable

BUSY_TIMEOUT_MS = 5000
CONNECTION = "default"
APP = "hub"


def database_config(
    where: str | Path, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS, foreign_keys: bool = True
) -> dict[str, Any]:
    """Tortoise's configuration for a SQLite file, or for a `postgres://` address.

    A commit that was acknowledged is on the disk (`synchronous=FULL`). Raises ValueError for another kind of address,
    DatabaseUnusable where the driver is not installed.
    """
    connection: dict[str, Any]
    if is_address(where):
        if not str(where).startswith(("postgres://", "postgresql://", "asyncpg://")):
            raise ValueError("the database is a file, or an address that begins with postgres://")
        if find_spec("asyncpg") is None:
            raise DatabaseUnusable("PostgreSQL needs one more package: pip install 'poste-public[postgres]'")
        _, _, rest = str(where).partition("://")
        connection = expand_db_url(f"asyncpg://{rest}")
    else:
        connection = {
            "engine": "hub.adapters.db.sqlite_engine",
            "credentials": {
                "file_path": str(where),
                "busy_timeout": busy_timeout_ms,
                "journal_mode": "WAL",
                "synchronous": "FULL",
                "foreign_keys": "ON" if foreign_keys else "OFF",
            },
        }
    return {
        "connections": {CONNECTION: connection},
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


def is_address(where: str | Path) -> bool:
    """Whether this names a database server, not a file."""
    return "://" in str(where)


class Database:
    """An open database. `client` is the connection for reading; writing happens in `transaction()`."""

    def __init__(self, context: TortoiseContext) -> None:
        self._context = context
        self._inside: WeakSet[asyncio.Task[Any]] = WeakSet()

    @property
    def client(self) -> BaseDBAsyncClient:
        """The connection outside of transactions.

        RuntimeError within one, in the same task: on SQLite that would wait for itself for ever.
        """
        if asyncio.current_task() in self._inside:
            raise RuntimeError("within a transaction, speak through the transaction")
        return self._context.connections.get(CONNECTION)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[TransactionalDBClient]:
        """Commits at the end of the block, rolls back on any exception; DatabaseBusy when it cannot begin.

        Only what is given the client is part of it: Tortoise would have tasks that the block starts inherit the
        transaction, and speak in it after its end.
        """
        parent = self.client
        async with parent._in_transaction() as client:  # noqa: SLF001 - the one way to name the connection
            token = self._context.connections.set(CONNECTION, parent)
            task = asyncio.current_task()
            assert task is not None
            self._inside.add(task)
            try:
                yield client
            finally:
                self._inside.discard(task)
                self._context.connections.reset(token)

    async def close(self) -> None:
        await self._context.close_connections()


async def open_database(where: str | Path, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Database:
    """Connects to a database that `migrate` has prepared. Close it, or the process does not end."""
    context = TortoiseContext()
    with context:
        await context.init(config=database_config(where, busy_timeout_ms=busy_timeout_ms), _enable_global_fallback=True)
    database = Database(context)
    try:
        await database.client.create_connection(with_db=True)
    except BaseException:
        await database.close()
        raise
    return database
