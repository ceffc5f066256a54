"""Statements written by hand, with `?` for values: Tortoise takes longer to build one than SQLite to run it."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient


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


async def run(client: BaseDBAsyncClient, sql: str, *values: object) -> list[dict[str, Any]]:
    """One statement; the rows that it returns."""
    return await client.execute_query_dict(written_for(client, sql), list(values))
