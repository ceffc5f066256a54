"""What goes wrong with SQLite's file, made to go wrong."""

from __future__ import annotations

from dataclasses import replace

from hub.adapters.db.engine import Database
from hub.adapters.db.store import TortoiseStore
from tests.hub.adapters.db.records import session


async def leave_room(database: Database, pages: int) -> None:
    """As a disk with room for so many pages more."""
    async with database.transaction() as client:
        most = (await client.execute_query_dict("PRAGMA page_count"))[0]["page_count"]
        await client.execute_query(f"PRAGMA max_page_count = {most + pages}")


async def fill(store: TortoiseStore) -> None:
    """A transaction of many pages."""
    async with store.transaction() as tx:
        for number in range(100):
            await tx.add(replace(session(f"s{number}"), notes="x" * 1000))


async def fail_at_commit(database: Database) -> None:
    """Deferred references are checked at the commit: as late a failure as a full disk."""
    async with database.transaction() as client:
        await client.execute_query("PRAGMA defer_foreign_keys=ON")
        await client.execute_query(
            "INSERT INTO start_order VALUES ('2026', '2026', 'o1', '2026', 0, 'nowhere', 'nowhere')"
        )
