"""Up from every released version with all data kept: `released/` has a dump of each, with data in every table.

A dump is made once, when a version is released, and never changed.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tortoise.context import TortoiseContext
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.migrations.executor import MigrationExecutor
from tortoise.transactions import in_transaction

import hub.adapters.db.migrations as ours
from hub.adapters.db.compare import schema_faults
from hub.adapters.db.engine import APP, CONNECTION, database_config, open_database
from hub.adapters.db.migrate import SchemaError, migrate
from hub.adapters.db.store import TortoiseStore
from tests.fakes.hub_clock import FakeClock
from tests.hub.adapters.db import records
from tests.support.databases import Place, SqliteFile

DUMPS = Path(__file__).parent / "released"
VERSIONS = ["0.1.0"]
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgres": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}
Rows = list[Mapping[str, Any]]


def kind(place: Place) -> str:
    return "sqlite" if isinstance(place, SqliteFile) else "postgres"


def content(place: Place) -> dict[str, Rows]:
    """Everything in every table but the list of migrations."""
    tables = {name for (name,) in place.rows(_TABLES[kind(place)])} - {"tortoise_migrations"}
    return {table: place.records(f'SELECT * FROM "{table}"') for table in tables}


def lost(before: dict[str, Rows], after: dict[str, Rows]) -> list[str]:
    """The tables of which a row has gone, or has another value in a column that it had."""
    return [
        table
        for table, rows in sorted(before.items())
        if not all(any(row.items() <= found.items() for found in after[table]) for row in rows)
    ]


@pytest.fixture(params=VERSIONS)
def released(request: pytest.FixtureRequest, migrated: Place, tmp_path: Path) -> Place:
    """A database of that version."""
    place = migrated.empty(tmp_path)
    place.load((DUMPS / f"{request.param}.{kind(place)}.sql").read_text(encoding="utf-8"))
    return place


async def test_nothing_is_lost_on_the_way_up(released: Place) -> None:
    before = content(released)
    assert [table for table, rows in before.items() if not rows] == []
    await migrate(released.where)
    assert lost(before, content(released)) == []
    assert await schema_faults(released.where) == []


@pytest.mark.usefixtures("path")
async def test_rows_that_refer_to_nothing_after_a_migration_are_told_and_it_is_undone(released: Place) -> None:
    released.run("INSERT INTO start_order VALUES ('2026', '2026', 'o9', '2026', 0, 'nowhere', 'nowhere')")
    before = content(released)
    with pytest.raises(SchemaError, match="start_order"):
        await migrate(released.where)
    assert content(released) == before


async def test_what_was_kept_is_read_as_it_was_meant(released: Place) -> None:
    await migrate(released.where)
    database = await open_database(released.where)
    try:
        async with TortoiseStore(database, FakeClock()).transaction() as tx:
            assert await tx.post("full") == records.FULL_POST
            assert await tx.user("u1") == records.FULL_USER
            assert await tx.session("full") == records.FULL_SESSION
            assert await tx.lease("full") == records.FULL_LEASE
            assert await tx.answer("r1") == records.FULL_ANSWER
            assert (await tx.house()).idle_text == "Bienvenue"
    finally:
        await database.close()


ALTERING = """
from tortoise import fields, migrations
from tortoise.migrations import operations as ops

class Migration(migrations.Migration):
    dependencies = [("hub", {last!r})]
    operations = [
        ops.AlterField(model_name="OperatorRow", name="name", field=fields.CharField(unique=True, max_length=80)),
    ]
"""


@pytest.fixture
def altering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with our migrations, and one more."""
    package = f"altering_{tmp_path.name}"
    folder = Path(shutil.copytree(Path(ours.__path__[0]), tmp_path / package))
    last = max(file.stem for file in folder.glob("0*.py"))
    (folder / "9999_altered.py").write_text(ALTERING.format(last=last))
    monkeypatch.syspath_prepend(tmp_path)
    return package


@pytest.mark.parametrize("migrating", [True, False])
async def test_the_trap_of_altered_columns_on_sqlite(
    released: Place, path: Path, altering: str, migrating: bool
) -> None:
    """SQLite recreates a table for that; with foreign keys on, what refers to it would go or forbid it.

    The comparison above must see that, and the way in which `migrate` connects must not let it happen.
    """
    await migrate(released.where)
    config = database_config(released.where, migrating=migrating)
    config["apps"][APP]["migrations"] = altering
    before = content(released)
    harmed = False
    async with TortoiseContext() as context:
        await context.init(config=config)
        try:
            async with in_transaction(CONNECTION) as transaction:
                await MigrationExecutor(transaction, config["apps"]).migrate()
        except (IntegrityError, OperationalError):  # with RESTRICT it fails as a whole, with CASCADE it would lose rows
            harmed = True
    harmed = harmed or lost(before, content(released)) != []
    assert harmed is not migrating
