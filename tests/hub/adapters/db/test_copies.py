"""A PostgreSQL database that one test has done with is as good as new for the next (tests/support/copies.py)."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from hub.adapters.db.engine import open_database
from hub.adapters.db.store import TortoiseStore
from tests.fakes.hub_clock import FakeClock
from tests.hub.adapters.db.records import entry, furnish, lease
from tests.support.databases import Place

pytestmark = pytest.mark.usefixtures("cluster")
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename"


def content(place: Place) -> dict[str, object]:
    """All rows, and where the sequences are."""
    tables = {name: sorted(map(repr, place.rows(f'SELECT * FROM "{name}"'))) for (name,) in place.rows(_TABLES)}
    return {**tables, "sequences": place.rows(_SEQUENCES)}


async def fill(place: Place) -> None:
    """Rows that refer to each other, the journal's, and changes of those that were there."""
    database = await open_database(place.where)
    try:
        store = TortoiseStore(database, FakeClock())
        await furnish(store, lease())
        async with store.transaction() as tx:
            await tx.log(entry())
    finally:
        await database.close()
    place.run("UPDATE hub_state SET leader = 'somebody'")
    place.run("DELETE FROM house")


async def test_it_is_lent_again_with_what_it_had(place: Place, tmp_path: Path) -> None:
    first = place.copy(tmp_path)
    before = content(first)
    await fill(first)
    assert content(first) != before
    first.drop()
    second = place.copy(tmp_path)
    assert second.where == first.where
    assert content(second) == before == content(place)


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX lease_open_post",
        "ALTER TABLE post DROP COLUMN zone",
        "ALTER TABLE log_entry DISABLE TRIGGER log_entry_append_only",
        "CREATE TABLE theirs (a TEXT)",
    ],
)
async def test_one_whose_schema_was_changed_is_not(change: str, place: Place, tmp_path: Path) -> None:
    first = place.copy(tmp_path)
    first.run(change)
    first.drop()
    second = place.copy(tmp_path)
    assert second.where != first.where
    assert content(second) == content(place)


async def test_whoever_is_still_connected_is_cut_off(place: Place, tmp_path: Path) -> None:
    first = place.copy(tmp_path)
    left = await asyncpg.connect(str(first.where))
    await left.execute("BEGIN; UPDATE hub_state SET leader = 'somebody'")
    first.drop()
    with pytest.raises(asyncpg.PostgresConnectionError):
        await left.fetch("SELECT 1")
    assert content(place.copy(tmp_path)) == content(place)
