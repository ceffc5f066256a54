"""Tortoise's SQLite engine, with transactions that hold the write lock from their first statement.

Tortoise opens deferred transactions: two processes that read, then write, then fail with "database is locked" in most
cases, whatever the busy timeout. `BEGIN IMMEDIATE` waits in line instead. Its context also leaks its lock when a BEGIN
fails and stays inside the transaction when a COMMIT does (a full disk); this one does neither.

The module's name must contain "sqlite": Tortoise's migrations know the dialect by it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from types import TracebackType
from typing import Any, cast

from tortoise.backends.base.client import NestedTransactionContext, TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.connection import get_connections

from hub.adapters.db.errors import DatabaseBusy, DatabaseUnusable


class _Transaction(SqliteTransactionWrapper):
    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(_Transaction(self))

    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not _busy(error):
                raise
            raise DatabaseBusy("another program keeps the database locked") from error

    @translate_exceptions
    async def one_trip(self, statements: Sequence[tuple[str, Sequence[object]]]) -> list[list[sqlite3.Row]]:
        """Several statements, one after the other; what each finds. The way to SQLite's thread costs more than them."""
        connection = cast("Any", self._connection)
        found: list[list[sqlite3.Row]] = await connection._execute(_all_of, connection._conn, statements)  # noqa: SLF001
        return found

    async def execute_script(self, query: str) -> None:
        """Statement by statement: sqlite3's executescript would commit what has been done so far."""
        statement = ""
        for line in query.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                await self.execute_query(statement)
                statement = ""
        if statement.strip():
            await self.execute_query(statement)


class _TransactionContext(SqliteTransactionContext):
    connection: _Transaction

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self._begin()
        except BaseException:
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    async def _begin(self) -> None:
        try:
            await self.connection.begin()
        except asyncio.CancelledError:
            # The BEGIN is on its way to sqlite's thread all the same: have it undone behind it.
            await self.connection.rollback()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                await self._commit()
            else:
                await self.connection.rollback()
        finally:
            get_connections().reset(self.token)
            self._trxlock.release()

    async def _commit(self) -> None:
        try:
            await self.connection.commit()
        except sqlite3.Error:
            await self.connection.rollback()
            raise


class ImmediateSqlite(SqliteClient):
    """A SQLite connection whose transactions begin IMMEDIATE."""

    async def create_connection(self, with_db: bool) -> None:
        """Connect; DatabaseBusy or DatabaseUnusable, and then nothing is left open that would outlive the program."""
        try:
            # First without aiosqlite: when that cannot open a file, its thread may still speak to a loop that is gone.
            sqlite3.connect(self.filename).close()
            await super().create_connection(with_db)
            assert self._connection is not None
            await self._connection.create_function("UPPER", 1, _upper, deterministic=True)
        except sqlite3.Error as error:
            await self.close()
            if _busy(error):
                raise DatabaseBusy("another program keeps the database locked") from error
            raise DatabaseUnusable(f"{self.filename}: {error}") from error

    def _in_transaction(self) -> SqliteTransactionContext:
        return _TransactionContext(_Transaction(self), self._lock)


def _upper(text: str | None) -> str | None:
    """What Tortoise compares texts by, whatever their case; SQLite's own knows of no letter beyond A to Z."""
    return text.upper() if text is not None else None


def _all_of(connection: sqlite3.Connection, statements: Sequence[tuple[str, Sequence[object]]]) -> list[list[Any]]:
    return [connection.execute(sql, values).fetchall() for sql, values in statements]


def _busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF == sqlite3.SQLITE_BUSY


def get_client_class(_info: dict[str, Any]) -> type[SqliteClient]:
    """What Tortoise asks of an engine module."""
    return ImmediateSqlite
