"""Bringing a database to the schema that this program knows, at every start."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor
from tortoise.transactions import in_transaction

from hub.adapters.db.engine import APP, CONNECTION, database_config
from hub.adapters.db.server import is_address

_ADVISORY_LOCK = 0x706F737465
"""Any number that nobody else uses on a shared PostgreSQL server: "poste"."""


class SchemaError(Exception):
    """The database has a schema that this program does not know, or broken references."""


async def migrate(where: str | Path) -> None:
    """Applies what is missing, all of it or nothing; creates the SQLite file where there is none.

    Two starts at once wait for each other. Raises SchemaError, with one clear line, for a database that a newer program
    has changed. A database that is open elsewhere in this process must be closed first.
    """
    config = database_config(where, migrating=True)
    async with _one_at_a_time(where), TortoiseContext() as context:
        await context.init(config=config)
        client = context.connections.get(CONNECTION)
        # Now, or the executor would take a file that is no database for one without tables, and wait for ever.
        await client.create_connection(with_db=True)
        if not await _lacks_some(MigrationExecutor(client, config["apps"])):
            return
        async with in_transaction(CONNECTION) as transaction:
            if is_address(where):
                await transaction.execute_query(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
            # The executor would record a migration after its commit: a crash between the two would repeat it for ever.
            executor = MigrationExecutor(transaction, config["apps"])
            # Or its first look at a table that is not there yet would abort the transaction on PostgreSQL.
            await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))  # noqa: SLF001
            await executor.migrate()
            if not is_address(where):
                await _check_references(transaction)


async def _lacks_some(executor: MigrationExecutor) -> bool:
    """Whether there is a migration to apply; SchemaError when a newer program has applied one of its own."""
    await executor.loader.build_graph()
    unknown = executor.loader.applied_migrations - set(executor.loader.disk_migrations)
    if unknown:
        names = ", ".join(sorted(key.name for key in unknown if key.app_label == APP))
        raise SchemaError(f"the database was changed by a newer version of poste-hub (it has {names}): update this one")
    return set(executor.loader.disk_migrations) != executor.loader.applied_migrations


async def _check_references(client: BaseDBAsyncClient) -> None:
    """Foreign keys are off while tables are recreated; nothing may be lost meanwhile."""
    broken = await client.execute_query_dict("PRAGMA foreign_key_check")
    if broken:
        tables = ", ".join(sorted({str(row["table"]) for row in broken}))
        raise SchemaError(f"rows in {tables} refer to others that are missing: restore a backup")


@asynccontextmanager
async def _one_at_a_time(where: str | Path) -> AsyncIterator[None]:
    """An exclusive lock on a file beside a SQLite database; PostgreSQL has its own (see above)."""
    if is_address(where):
        yield
        return
    path = Path(where)
    with path.with_name(path.name + ".lock").open("a") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield
