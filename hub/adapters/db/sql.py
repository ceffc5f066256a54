"""Statements written by hand, with `?` for values: Tortoise takes longer to build one than SQLite to run it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any, Protocol, TypeVar, cast

from tortoise.backends.base.client import BaseDBAsyncClient

from hub.adapters.db.mapping import Kept

R = TypeVar("R")
VALID = "(valid_from IS NULL OR valid_from <= ?) AND (valid_until IS NULL OR valid_until > ?)"
"""Whether a session's code is good at an instant, which is given twice."""


class OneTrip(Protocol):
    """A connection that takes several statements at once, as SQLite's do within a transaction."""

    async def one_trip(self, statements: Sequence[tuple[str, Sequence[object]]]) -> list[list[Any]]: ...


def is_postgres(client: BaseDBAsyncClient) -> bool:
    """Whether this connection leads to PostgreSQL, and not to SQLite."""
    return client.capabilities.dialect == "postgres"


def written_for(client: BaseDBAsyncClient, sql: str) -> str:
    """The statement as the connection's driver wants its places for values."""
    return _numbered(sql) if is_postgres(client) else sql


@lru_cache(maxsize=256)
def _numbered(sql: str) -> str:
    numbers = count(1)
    return re.sub(r"\?", lambda _: f"${next(numbers)}", sql)


def places(values: Sequence[object]) -> str:
    """A list of places for so many values, for `IN`; in an empty one nothing is."""
    return f"({', '.join('?' * len(values)) or 'NULL'})"


async def run(client: BaseDBAsyncClient, sql: str, *values: object) -> list[dict[str, Any]]:
    """One statement; the rows that it returns."""
    return await client.execute_query_dict(written_for(client, sql), list(values))


async def plain_rows(client: BaseDBAsyncClient, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """One statement; the rows that it returns, column by column: names cost more than values where they are many."""
    _, rows = await client.execute_query(written_for(client, sql), list(values))
    return [tuple(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Change:
    """A statement that writes one row of a table, and returns one column of it."""

    sql: str
    values: list[object]


async def write(client: BaseDBAsyncClient, changes: Sequence[Change]) -> list[Any]:
    """Changes of different tables, in one trip to the database; what each returns, None where there is no such row."""
    if len(changes) == 1:
        rows = await run(client, changes[0].sql, *changes[0].values)
        return [next(iter(rows[0].values())) if rows else None]
    if is_postgres(client):
        values = [value for change in changes for value in change.values]
        (row,) = await run(client, _as_one(tuple(change.sql for change in changes)), *values)
        return list(row.values())
    found = await cast("OneTrip", client).one_trip([(change.sql, change.values) for change in changes])
    return [rows[0][0] if rows else None for rows in found]


@lru_cache(maxsize=64)
def _as_one(statements: Sequence[str]) -> str:
    """What several statements do and return, in one: all of them see what was there before it."""
    named = ", ".join(f"w{number} AS ({sql})" for number, sql in enumerate(statements))
    returned = ", ".join(f"(SELECT * FROM w{number}) AS w{number}" for number in range(len(statements)))  # noqa: S608
    return f"WITH {named} SELECT {returned}"


async def records(client: BaseDBAsyncClient, kept: Kept[R], where: str, *values: object) -> list[R]:
    """The records of one kind on which the condition holds."""
    return [kept.load(row) for row in await run(client, kept.select + where, *values)]
