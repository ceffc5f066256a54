"""A copy of a SQLite database while it is in use, and a look at whether a file is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from hub.adapters.db.errors import DatabaseUnusable

Progress = Callable[[int, int], None]
"""Is told how many pages of how many are copied."""
_PAGES_AT_ONCE = 2000

_NO_FAULTS = ("ok", "*** in database main ***")
"""What SQLite says of a whole file, and above the faults of another."""


def copy_database(source: Path, target: Path, progress: Progress, *, pages: int = _PAGES_AT_ONCE) -> None:
    """Copy it as it is at one moment, whoever writes meanwhile; blocking. DatabaseUnusable when it cannot be read."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, isolation_level=None)) as held,
            closing(sqlite3.connect(target)) as copy,
        ):
            # A transaction that reads keeps this moment: without it each write elsewhere would begin the copy anew.
            held.execute("BEGIN")
            held.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            held.backup(copy, pages=pages, progress=lambda _, left, total: progress(total - left, total))
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"{source}: {error}") from error


def faults_of(path: Path) -> list[str]:
    """What is wrong inside a database file, in lines: none for one that is whole. Blocking, and it reads all of it."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            rows = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(10)")]
            found = [line for row in rows for line in row.splitlines() if line not in _NO_FAULTS]
            broken = {str(row[0]) for row in connection.execute("PRAGMA foreign_key_check")}
    except sqlite3.Error as error:
        return [str(error)]
    return found + [f"rows in {table} refer to others that are missing" for table in sorted(broken)]


def checkpoint(path: Path) -> None:
    """Bring the newest transactions from the file beside the database into it, without waiting for anybody."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
