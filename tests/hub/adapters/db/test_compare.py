"""The schema that a database has, held against the one that this version makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.adapters.db.compare import schema_faults
from hub.adapters.db.errors import DatabaseUnusable
from tests.support.databases import Place


async def test_a_migrated_database_has_no_faults(place: Place) -> None:
    assert await schema_faults(place.where) == []


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        ("DROP INDEX lease_open_post", "table lease lacks the index on (post_id), unique, of some rows"),
        ("ALTER TABLE post DROP COLUMN zone", "table post lacks the column zone"),
        (
            "ALTER TABLE post ADD COLUMN colour TEXT",
            "table post has a column that this version does not know: colour, which may be empty",
        ),
        ("ALTER TABLE start_order RENAME TO elsewhere", "table start_order lacks the column expires_at"),
        (
            "DELETE FROM tortoise_migrations WHERE name = '0002_rules'",
            "table tortoise_migrations lacks the migration 0002_rules",
        ),
    ],
)
async def test_what_is_wrong_is_told(place: Place, harm: str, fault: str) -> None:
    place.run(harm)
    assert fault in await schema_faults(place.where)


async def test_a_lost_trigger_is_told(place: Place, path: Path) -> None:
    place.run("DROP TRIGGER log_entry_append_only")
    assert await schema_faults(place.where) == ["table log_entry lacks the trigger log_entry_append_only"]


async def test_a_disabled_trigger_is_told(place: Place, cluster: object) -> None:
    place.run("ALTER TABLE log_entry DISABLE TRIGGER log_entry_append_only")
    assert await schema_faults(place.where) == ["table log_entry lacks the trigger log_entry_append_only"]


async def test_tables_of_others_are_nobodys_fault(place: Place) -> None:
    place.run("CREATE TABLE theirs (a TEXT)")
    assert await schema_faults(place.where) == []


async def test_what_is_no_database_of_ours_is_told(tmp_path: Path, migrated: Place, path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="unable to open"):
        await schema_faults(tmp_path / "nowhere.db")
