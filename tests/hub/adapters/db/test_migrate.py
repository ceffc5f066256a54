"""From nothing, again, at the same time, and from the future."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from asyncio.subprocess import PIPE
from contextlib import closing
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector

from hub.adapters.db.compare import schema_faults
from hub.adapters.db.engine import database_config, open_database
from hub.adapters.db.errors import DatabaseUnusable
from hub.adapters.db.migrate import SchemaError, migrate
from hub.adapters.db.store import TortoiseStore
from tests.fakes.hub_clock import FakeClock
from tests.hub.adapters.db.records import furnish, lease
from tests.support.databases import Place


def schema(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")}


async def test_from_an_empty_folder(tmp_path: Path) -> None:
    await migrate(tmp_path / "hub.db")
    made = schema(tmp_path / "hub.db")
    assert {"post", "user", "session", "lease", "request", "start_order", "log_entry", "operator"} <= made
    assert {"token", "house", "hub_state", "idempotency"} <= made
    assert {"lease_open_session", "lease_open_post", "session_validity", "log_entry_append_only"} <= made


async def test_again_changes_nothing(path: Path) -> None:
    database = await open_database(path)
    await furnish(TortoiseStore(database, FakeClock()), lease())
    await database.close()
    before = schema(path)
    await migrate(path)
    database = await open_database(path)
    async with TortoiseStore(database, FakeClock()).transaction() as tx:
        assert await tx.lease("l1") == lease()
    await database.close()
    assert schema(path) == before


async def test_the_models_hold_nothing_that_no_migration_makes(path: Path) -> None:
    config = database_config(path)
    async with TortoiseContext() as context:
        await context.init(config=config)
        assert context.apps is not None
        detector = MigrationAutodetector(context.apps, config["apps"])
        assert await detector.changes() == []


async def test_two_first_starts_at_once_both_succeed(migrated: Place, tmp_path: Path) -> None:
    place = migrated.empty(tmp_path)
    program = f"import asyncio; from hub.adapters.db.migrate import migrate; asyncio.run(migrate({str(place.where)!r}))"
    starts = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, stderr=PIPE) for _ in range(3)]
    errors = [await asyncio.wait_for(start.communicate(), 60) for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0], errors
    names = [name for (name,) in place.rows("SELECT name FROM tortoise_migrations")]
    assert len(names) == len(set(names)) > 0
    assert await schema_faults(place.where) == []


async def test_a_database_from_the_future_is_refused_untouched(place: Place) -> None:
    place.run("DELETE FROM tortoise_migrations")  # so that something would be done
    place.run("INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('hub', '9999_later', '2030-01-01')")
    before = await schema_faults(place.where)
    with pytest.raises(SchemaError, match=r"newer version of poste-hub .*9999_later"):
        await migrate(place.where)
    assert await schema_faults(place.where) == before


def test_addresses() -> None:
    server = database_config("postgres://hub:secret@db.example:5433/poste")["connections"]["default"]
    assert server["engine"] == "hub.adapters.db.asyncpg_engine"
    assert server["credentials"]["host"] == "db.example"
    with pytest.raises(DatabaseUnusable, match="postgres://"):
        database_config("mysql://db.example/poste")
