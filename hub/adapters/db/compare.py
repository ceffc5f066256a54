"""Whether a database's schema is what this version's migrations make: for `poste-hub check`.

Both databases are put into the same plain facts, and held against those of a new SQLite file that is migrated for the
purpose: there is no second description of the schema that could be stale.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path

from hub.adapters.db import server
from hub.adapters.db.errors import DatabaseUnusable

_POSTGRES = {
    "column": """SELECT table_name, column_name, is_nullable = 'YES' FROM information_schema.columns
        WHERE table_schema = current_schema()""",
    "index": """SELECT t.relname, array(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k(number, place)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number ORDER BY place),
            i.indisunique, i.indpred IS NOT NULL
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
        WHERE t.relnamespace = current_schema()::regnamespace AND i.indisvalid AND NOT i.indisprimary""",
    "reference": """SELECT t.relname, a.attname, o.relname, c.confdeltype = 'r'
        FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class o ON o.oid = c.confrelid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND t.relnamespace = current_schema()::regnamespace""",
    "trigger": """SELECT t.relname, g.tgname FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
        WHERE NOT g.tgisinternal AND g.tgenabled <> 'D' AND t.relnamespace = current_schema()::regnamespace""",
    "migration": "SELECT 'tortoise_migrations', name FROM tortoise_migrations",
}
_SQLITE = {
    "column": 'SELECT t.name, c.name, NOT c."notnull" AND NOT c.pk FROM tables t, pragma_table_info(t.name) c',
    "index": """SELECT t.name,
            (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)),
            i."unique", i.partial
        FROM tables t, pragma_index_list(t.name) i WHERE i.origin <> 'pk'""",
    "reference": """SELECT t.name, f."from", f."table", f.on_delete = 'RESTRICT'
        FROM tables t, pragma_foreign_key_list(t.name) f""",
    "trigger": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "migration": "SELECT 'tortoise_migrations', name FROM tortoise_migrations",
}
_MIGRATES = "import asyncio, sys; from hub.adapters.db.migrate import migrate; asyncio.run(migrate(sys.argv[1]))"
_TABLES = "WITH tables AS (SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%') "

Fact = tuple[str, str, str]
"""Of which table, of which kind, and what."""


async def schema_faults(where: str | Path) -> list[str]:
    """What the database lacks, or has too much, one line each; empty when all is as it should be.

    Raises Unavailable or DatabaseUnusable where it cannot be looked at. Tables that are not ours are nobody's fault.
    """
    has = await (_of_server(str(where)) if server.is_address(where) else asyncio.to_thread(_of_file, Path(where)))
    needs = await _needed()
    ours = {table for table, _, _ in needs}
    lacks = [f"table {table} lacks the {kind} {what}" for table, kind, what in sorted(needs - has)]
    surplus = [(table, kind, what) for table, kind, what in sorted(has - needs) if table in ours and kind != "trigger"]
    return lacks + [
        f"table {table} has a {kind} that this version does not know: {what}" for table, kind, what in surplus
    ]


async def _needed() -> set[Fact]:
    """Made in a process of its own: Tortoise cannot speak SQLite and PostgreSQL in one."""
    with tempfile.TemporaryDirectory(prefix="poste-schema-") as folder:
        path = Path(folder) / "new.sqlite3"
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", _MIGRATES, str(path), stderr=PIPE)
        _, errors = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"a new database could not be made: {errors.decode(errors='replace')}")
        return await asyncio.to_thread(_of_file, path)


async def _of_server(where: str) -> set[Fact]:
    import asyncpg  # only who has such a database has its driver

    from hub.adapters.db.asyncpg_engine import told

    with told():
        connection = await asyncpg.connect(**server.access(where), timeout=server.CONNECT_WITHIN_S)
        try:
            rows = {kind: await connection.fetch(query) for kind, query in _POSTGRES.items()}
        except asyncpg.UndefinedTableError:
            raise DatabaseUnusable("the database has no tables of ours yet: poste-hub migrate makes them") from None
        finally:
            await connection.close()
    return _facts(rows)


def _of_file(path: Path) -> set[Fact]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = {kind: connection.execute(_TABLES + query).fetchall() for kind, query in _SQLITE.items()}
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"{path}: {error}") from error
    return _facts(rows)


def _facts(rows: Mapping[str, Iterable[tuple[object, ...]]]) -> set[Fact]:
    facts: set[Fact] = set()
    for kind, found in rows.items():
        facts |= {(str(table), kind, _WORDS[kind](*rest)) for table, *rest in found}
    return facts


def _column(name: str, optional: bool) -> str:
    return f"{name}, which may be empty" if optional else name


def _index(columns: str | list[str], unique: bool, partial: bool) -> str:
    names = columns if isinstance(columns, str) else ",".join(columns)
    return f"on ({names}){', unique' if unique else ''}{', of some rows' if partial else ''}"


def _reference(column: str, table: str, restricted: bool) -> str:
    return f"of {column} to {table}{'' if restricted else ', without a hold'}"


def _name(name: str) -> str:
    return name


_WORDS: Mapping[str, Callable[..., str]] = {
    "column": _column,
    "index": _index,
    "reference": _reference,
    "trigger": _name,
    "migration": _name,
}
