"""A database of its own for each test: a copy of one that was migrated once, on SQLite or on PostgreSQL.

Never both in one process: Tortoise keeps what it knows of a table once for all dialects. `pytest --database postgres`
is a run of its own, of the tests that have a database and no opinion which, and of those that want PostgreSQL.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from tests.support.copies import Copies
from tests.support.postgres import Cluster

_numbers = count(1)


class Place(Protocol):
    """Where a test's database is, and what it really holds: looked up past the hub's own way of reading."""

    @property
    def where(self) -> str | Path:
        """As `open_database` takes it."""

    def records(self, query: str) -> list[Mapping[str, Any]]:
        """The rows of one query, by column."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The same as tuples."""

    def run(self, statement: str) -> None:
        """One statement, committed, as another program would."""

    def load(self, script: str) -> None:
        """A dump, into a database that is empty."""

    def empty(self, folder: Path) -> Place:
        """A new database of the same kind, with nothing in it."""

    def copy(self, folder: Path) -> Place:
        """A copy of a database that nobody has open."""

    def drop(self) -> None:
        """Let go of it, whoever is still connected."""


@dataclass(frozen=True)
class SqliteFile:
    """A `Place`."""

    where: Path

    def records(self, query: str) -> list[Mapping[str, Any]]:
        with closing(sqlite3.connect(self.where)) as connection:
            cursor = connection.execute(query)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.where)) as connection:
            return connection.execute(query).fetchall()

    def run(self, statement: str) -> None:
        with closing(sqlite3.connect(self.where)) as connection, connection:
            connection.execute(statement)

    def load(self, script: str) -> None:
        with closing(sqlite3.connect(self.where)) as connection:
            connection.executescript(script)

    def empty(self, folder: Path) -> SqliteFile:
        return SqliteFile(folder / f"hub-{next(_numbers)}.sqlite3")

    def copy(self, folder: Path) -> SqliteFile:
        return SqliteFile(Path(shutil.copy(self.where, folder / f"hub-{next(_numbers)}.sqlite3")))

    def drop(self) -> None:
        """Its folder goes with the test."""


@dataclass(frozen=True)
class PostgresDatabase:
    """A `Place`; `lender`, of a copy, has it back."""

    cluster: Cluster
    where: str
    lender: Copies | None = None

    @cached_property
    def copies(self) -> Copies:
        return Copies(self.cluster, self.where)

    def records(self, query: str) -> list[Mapping[str, Any]]:
        return [dict(row) for row in self.cluster.run(self.where, query)]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.cluster.run(self.where, query)]

    def run(self, statement: str) -> None:
        self.cluster.run(self.where, statement)

    def load(self, script: str) -> None:
        self.cluster.load(self.where, script)

    def empty(self, folder: Path) -> PostgresDatabase:
        return PostgresDatabase(self.cluster, self.cluster.database())

    def copy(self, folder: Path) -> PostgresDatabase:
        return PostgresDatabase(self.cluster, self.copies.lend(), self.copies)

    def drop(self) -> None:
        if self.lender is not None:
            self.lender.take_back(self.where)
        else:
            self.cluster.drop(self.where)
