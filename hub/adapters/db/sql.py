"""Statements written by hand, with `?` for values: Tortoise takes longer to build one than SQLite to run it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import count
from typing import Any, TypeVar

from tortoise.backends.base.client import BaseDBAsyncClient

from hub.adapters.db.mapping import Kept

R = TypeVar("R")
VALID = "(valid_from IS NULL OR valid_from <= ?) AND (valid_until IS NULL OR valid_until > ?)"
"""Whether a session's code is good at an instant, which is given twice."""


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


async def records(client: BaseDBAsyncClient, kept: Kept[R], where: str, *values: object) -> list[R]:
    """The records of one kind on which the condition holds."""
    return [kept.load(row) for row in await run(client, kept.select + where, *values)]
