"""Which index SQLite takes for what runs often, or over everything that the house remembers.

`path` keeps these tests to SQLite: PostgreSQL tells its plans in other words, and reads small tables from end to end.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.adapters.db import counting, patrons, purging
from hub.adapters.db.engine import Database
from hub.adapters.db.queries import TortoiseQueries
from hub.adapters.db.sql import run
from hub.adapters.db.store import TortoiseStore
from tests.fakes.hub_clock import START
from tests.hub.adapters.db.records import LATER, entry, session

DAY = timedelta(days=1)
SEALED = f"SELECT id FROM session WHERE {purging.OVER} AND code_sealed IS NOT NULL ORDER BY ended_at, id LIMIT 500"
OVER = f"SELECT id FROM session WHERE {purging.OVER} ORDER BY ended_at, id LIMIT 500"
OLDEST = "SELECT id FROM log_entry WHERE at < ? ORDER BY at LIMIT 500"
STATEMENTS: dict[str, tuple[str, tuple[object, ...]]] = {
    "stays of some days": (counting._SPELLS, (START, LATER)),
    "what the journal tells of some days": (counting._EVENTS, (START, LATER)),
    "what it told before": (counting._BEFORE, (START,)),
    "what a patron used": (patrons._USED, ("u1", START, LATER)),
    "what a patron was promised": (patrons._PROMISED, ("u1", START, LATER)),
    "codes to wipe, every two seconds": (SEALED, (START,)),
    "stays to purge": (OVER, (START,)),
    "entries to purge": (OLDEST, (START,)),
}


@pytest.mark.parametrize("name", STATEMENTS)
@pytest.mark.usefixtures("path")
async def test_no_table_is_read_from_end_to_end(database: Database, name: str) -> None:
    sql, values = STATEMENTS[name]
    plan = [row["detail"] for row in await run(database.client, f"EXPLAIN QUERY PLAN {sql}", *values)]
    assert not [step for step in plan if step.startswith("SCAN")], plan
    assert not [step for step in plan if "session_status" in step], "so many sessions are over"


@pytest.mark.usefixtures("path")
async def test_an_export_goes_on_from_where_it_was_by_index(
    store: TortoiseStore, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with store.transaction() as tx:
        first = session("s1")
        await tx.add(first)
        written = await tx.log(entry())
    queries = TortoiseQueries(database)
    with caplog.at_level("DEBUG", logger="tortoise.db_client"):
        assert await queries.sessions_after(first) == []
        assert await queries.entries_after(written) == []
    asked = [(str(record.args[0]), record.args[1]) for record in caplog.records if isinstance(record.args, tuple)]
    for sql, values in asked:
        assert isinstance(values, list)
        plan = [row["detail"] for row in await run(database.client, f"EXPLAIN QUERY PLAN {sql}", *values)]
        assert not [step for step in plan if step.startswith("SCAN")], (sql, plan)
        assert "LIMIT" not in sql or any("_at" in step and step.startswith("SEARCH") for step in plan), (sql, plan)
    assert sum("LIMIT" in sql for sql, _ in asked) == 2
