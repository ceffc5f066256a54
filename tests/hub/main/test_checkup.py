"""The doctor's look at a database, on either kind."""

from __future__ import annotations

from pathlib import Path

from hub.main.checkup import room
from hub.settings import Settings
from tests.support.databases import Place


async def test_a_database_that_is_there_and_empty_is_told_as_such(migrated: Place, tmp_path: Path) -> None:
    """As somebody has just made it on a server, before the first start of the hub."""
    place = migrated.empty(tmp_path)
    if isinstance(place.where, Path):
        settings = Settings(data=tmp_path)
        (settings.data / "hub.sqlite3").touch()
    else:
        settings = Settings(data=tmp_path, database=place.where)
    (found,) = await room.look(settings, runs=False)
    assert (found.what, found.told) == ("database", "has no tables yet")
    place.drop()
