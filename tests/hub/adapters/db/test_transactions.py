"""All or nothing, one at a time, and nobody else's business."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from asyncio.subprocess import PIPE
from contextlib import nullcontext
from pathlib import Path
from threading import Thread

import pytest
from tortoise.exceptions import OperationalError

from hub.adapters.db.engine import Database, open_database
from hub.adapters.db.errors import DatabaseAway, DatabaseBusy, DatabaseFull, DatabaseUnusable, DatabaseUnwritable
from hub.adapters.db.store import TortoiseStore
from tests.hub.adapters.db.faults import fail_at_commit, fill, leave_room
from tests.hub.adapters.db.records import entry, furnish, lease, post, session
from tests.support.databases import Place

ADDS = """
import asyncio, sys
from dataclasses import replace
from hub.adapters.clock import SystemClock
from hub.adapters.db.engine import open_database
from hub.adapters.db.store import TortoiseStore

async def main() -> None:
    database = await open_database(sys.argv[1])
    store = TortoiseStore(database, SystemClock())
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(200):
        async with store.transaction() as tx:
            session = await tx.session("s1")
            await tx.save(replace(session, added_s=session.added_s + 1))
    await database.close()

asyncio.run(main())
"""


class Stop(Exception):
    pass


async def test_what_raises_stores_nothing(store: TortoiseStore, place: Place) -> None:
    await furnish(store)

    async def work() -> None:
        async with store.transaction() as tx:
            await tx.add(lease())
            await tx.log(entry())
            raise Stop

    with pytest.raises(Stop):
        await work()
    async with store.transaction() as tx:
        assert await tx.lease("l1") is None
    assert place.rows("SELECT id FROM log_entry") == []


async def test_a_cancelled_block_stores_nothing_and_leaves_the_way_free(store: TortoiseStore) -> None:
    inside = asyncio.Event()

    async def hold() -> None:
        async with store.transaction() as tx:
            await tx.add(post("p09"))
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hold())
    await asyncio.wait_for(inside.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.transaction() as tx:
        assert await tx.post("p09") is None


async def test_cancelled_at_any_step_the_store_goes_on(store: TortoiseStore) -> None:
    async def work() -> None:
        async with store.transaction() as tx:
            await tx.log(entry())

    steps, cancelled = 1, True
    while cancelled:
        task = asyncio.create_task(work())
        for _ in range(steps):
            await asyncio.sleep(0)
        cancelled = task.cancel()
        await asyncio.wait({task})
        steps += 1 + steps // 8
    async with asyncio.timeout(5), store.transaction() as tx:
        await tx.add(post("after"))


async def test_transactions_of_one_process_wait_in_line(store: TortoiseStore) -> None:
    order: list[str] = []

    async def work(name: str) -> None:
        async with store.transaction() as tx:
            order.append(name)
            await tx.log(entry())
            await asyncio.sleep(0)
            order.append(name)

    await asyncio.gather(*(work(name) for name in "abc"))
    assert order == ["a", "a", "b", "b", "c", "c"]


async def test_reading_goes_on_beside_a_transaction_and_is_no_part_of_it(
    store: TortoiseStore, database: Database
) -> None:
    async def count() -> int:
        rows = await database.client.execute_query_dict("SELECT count(*) AS posts FROM post")
        return int(rows[0]["posts"])

    async with store.transaction() as tx:
        await tx.add(post("p09"))
        assert await asyncio.create_task(count()) == 0
    assert await count() == 1


async def test_whoever_reads_cannot_write(database: Database, path: Path) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        await database.client.execute_query("DELETE FROM post")


async def test_a_transaction_that_is_over_says_so(store: TortoiseStore) -> None:
    async with store.transaction() as tx:
        pass
    with pytest.raises(RuntimeError, match="over"):
        await tx.post("p01")
    with pytest.raises(RuntimeError, match="over"):
        await tx.add(post())


async def test_speaking_past_ones_own_transaction_is_an_error_not_a_deadlock(
    store: TortoiseStore, database: Database
) -> None:
    async with store.transaction():
        with pytest.raises(RuntimeError, match="through the transaction"):
            database.client  # noqa: B018 - the question is the test
        with pytest.raises(RuntimeError, match="through the transaction"):
            async with store.transaction():
                pass
    async with store.transaction() as tx:
        assert await tx.posts() == []


async def test_a_file_that_cannot_be_opened_leaves_no_thread_that_outlives_its_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Thread] = []
    monkeypatch.setattr(Thread, "start", started.append)
    with pytest.raises(DatabaseUnusable, match="unable to open database file"):
        await open_database(tmp_path)
    assert started == []


async def test_a_locked_database_is_told_and_does_no_lasting_harm(store: TortoiseStore, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match="locked"):
            async with store.transaction():
                pass
        other.execute("ROLLBACK")
    finally:
        other.close()
    async with store.transaction() as tx:
        await tx.add(post())


async def test_a_full_disk_is_told_and_stores_nothing_and_goes_on_when_there_is_room_again(
    store: TortoiseStore, database: Database, path: Path
) -> None:
    await leave_room(database, pages=2)
    with pytest.raises(DatabaseFull, match="full"):
        await fill(store)
    async with store.transaction() as tx:
        assert await tx.session("s0") is None
    await leave_room(database, pages=1_000_000)
    await fill(store)


async def test_a_disk_that_will_soon_be_full_is_told_before_somebody_wants_to_write(path: Path) -> None:
    for least_free, told in ((0, None), (1 << 60, "the disk of the database is full")):
        database = await open_database(path, least_free=least_free)
        try:
            with pytest.raises(DatabaseFull, match=told) if told else nullcontext():
                await database.look()
        finally:
            await database.close()


async def test_a_file_that_takes_nothing_more_is_told(store: TortoiseStore, database: Database, path: Path) -> None:
    async with database.transaction() as client:
        await client.execute_query("PRAGMA query_only = ON")
    with pytest.raises(DatabaseUnwritable, match="cannot be written: attempt to write a readonly database"):
        async with store.transaction() as tx:
            await tx.add(post())


READ_ONLY_SOON = """
import asyncio, subprocess, sys
from hub.adapters.db.engine import open_database

async def look(path, folder):
    database = await open_database(path)
    try:
        await database.look()
        for how in (["--bind", folder, folder], ["-o", "remount,bind,ro", folder]):
            await asyncio.to_thread(subprocess.run, ["mount", *how], check=True)
        await database.look()
    finally:
        await database.close()

asyncio.run(look(*sys.argv[1:]))
"""


def test_a_disk_that_has_become_read_only_is_told_before_somebody_wants_to_write(path: Path) -> None:
    """A card that fails: the kernel lets it be read only. Made in a mount namespace of its own."""
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    words = ["unshare", "--mount", *as_root, sys.executable, "-c", READ_ONLY_SOON, str(path), str(path.parent)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    assert "DatabaseUnwritable: the database cannot be written: its disk, or its file, allows only" in done.stderr


async def test_a_file_that_is_removed_under_our_feet_is_told(database: Database, path: Path) -> None:
    await database.look()
    await asyncio.to_thread(path.unlink)
    with pytest.raises(DatabaseAway, match="No such file"):
        await database.look()


async def test_a_commit_that_fails_is_rolled_back(store: TortoiseStore, database: Database, path: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await fail_at_commit(database)
    async with store.transaction() as tx:
        await tx.add(session())


async def test_two_processes_read_then_write_and_neither_is_refused(
    store: TortoiseStore, database: Database, place: Place
) -> None:
    await furnish(store)
    await database.close()
    command = [sys.executable, "-c", ADDS, str(place.where)]
    writers = [await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE) for _ in range(2)]
    for writer in writers:
        assert writer.stdout is not None
        assert await asyncio.wait_for(writer.stdout.readline(), 30) == b"ready\n"
    results = await asyncio.gather(*(asyncio.wait_for(writer.communicate(b"go\n"), 60) for writer in writers))
    assert [(writer.returncode, errors) for writer, (_, errors) in zip(writers, results, strict=True)] == [(0, b"")] * 2
    assert place.rows("SELECT added_s FROM session WHERE id = 's1'") == [(400,)]


async def test_what_is_committed_is_on_the_disk_and_references_hold(database: Database, path: Path) -> None:
    settings = {}
    async with database.transaction() as client:
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            rows = await client.execute_query_dict(f"PRAGMA {name}")
            settings[name] = next(iter(rows[0].values()))
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 200}


async def test_a_closed_database_is_one_file(store: TortoiseStore, database: Database, path: Path) -> None:
    await furnish(store)
    assert path.with_name(f"{path.name}-wal").exists()
    await database.close()
    assert sorted(one.name for one in path.parent.glob(f"{path.name}*")) == [path.name]
