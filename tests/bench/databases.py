"""The databases that the hub can have, and the bare drivers that it is held against: the same rows, no hub."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import aiosqlite
import asyncpg

from tests.support.postgres import cluster

SQLITE, POSTGRES = "sqlite", "postgres"
POOL = 5
"""Connections, as many as the hub's own pool has."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, its places marked with `?`."""

    sql: str
    values: tuple[Any, ...] = ()


class Bare(Protocol):
    """A driver and nothing else."""

    async def commit(self, statements: Sequence[Statement]) -> None:
        """One durable transaction."""

    async def load(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Many rows, in one transaction."""

    async def rows(self, statement: Statement) -> list[Mapping[str, Any]]:
        """What a query finds."""


New = Callable[[], str]
"""Gives a new database, as the hub's setting `database` has it; empty: the file in the hub's data folder."""


@contextmanager
def databases(kind: str) -> Iterator[New]:
    """Databases of that kind, durable as in earnest; PostgreSQL runs for as long as the block does."""
    if kind == SQLITE:
        yield str
    else:
        with cluster(durable=True) as made:
            yield made.database


@asynccontextmanager
async def bare(address: str, data: Path) -> AsyncIterator[Bare]:
    """The bare driver on the database of a hub with that setting and data folder."""
    if address:
        async with asyncpg.create_pool(address, min_size=POOL, max_size=POOL) as pool:
            yield _BarePostgres(pool)
    else:
        async with aiosqlite.connect(data / "hub.sqlite3", isolation_level=None) as connection:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
                await connection.execute(f"PRAGMA {pragma}")
            yield _BareSqlite(connection)


class _BareSqlite:
    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._one_at_a_time = asyncio.Lock()

    async def commit(self, statements: Sequence[Statement]) -> None:
        async with self._one_at_a_time:
            await self._connection.execute("BEGIN IMMEDIATE")
            for one in statements:
                await self._connection.execute(one.sql, [_plain(value) for value in one.values])
            await self._connection.execute("COMMIT")

    async def load(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        names, places = ", ".join(columns), ", ".join("?" * len(columns))
        async with self._one_at_a_time:
            await self._connection.execute("BEGIN IMMEDIATE")
            sql = f'INSERT INTO "{table}" ({names}) VALUES ({places})'
            await self._connection.executemany(sql, [[_plain(value) for value in row] for row in rows])
            await self._connection.execute("COMMIT")

    async def rows(self, statement: Statement) -> list[Mapping[str, Any]]:
        cursor = await self._connection.execute(statement.sql, [_plain(value) for value in statement.values])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in await cursor.fetchall()]


def _plain(value: Any) -> Any:
    """As Tortoise has it written."""
    return value.isoformat(" ") if isinstance(value, datetime) else value


class _BarePostgres:
    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def commit(self, statements: Sequence[Statement]) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            for one in statements:
                await connection.fetch(_numbered(one.sql), *one.values)

    async def load(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        async with self._pool.acquire() as connection:
            await connection.copy_records_to_table(table, records=rows, columns=list(columns))

    async def rows(self, statement: Statement) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = await self._pool.fetch(_numbered(statement.sql), *statement.values)
        return found


def _numbered(sql: str) -> str:
    numbers = count(1)
    return re.sub(r"\?", lambda _: f"${next(numbers)}", sql)
