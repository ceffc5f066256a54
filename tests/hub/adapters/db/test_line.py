"""Many at once share a commit, and none of them notices."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from hub.adapters.db.engine import Database
from hub.adapters.db.errors import DatabaseBusy, DatabaseFull
from hub.adapters.db.line import AT_MOST, Line
from hub.adapters.db.store import TortoiseStore
from hub.domain.house import House
from hub.usecases.ports import Unavailable
from tests.hub.adapters.db.faults import fail_at_commit, fill, leave_room
from tests.hub.adapters.db.records import post
from tests.support.databases import Place


class Stop(Exception):
    pass


async def add(store: TortoiseStore, *post_ids: str, fail: Exception | None = None) -> None:
    async with store.transaction() as tx:
        for post_id in post_ids:
            await tx.add(post(post_id))
        if fail is not None:
            raise fail


def posts(place: Place) -> list[str]:
    return [name for (name,) in place.rows("SELECT id FROM post ORDER BY id")]


async def test_those_who_wait_at_the_same_time_share_a_transaction_up_to_a_limit(
    database: Database, place: Place
) -> None:
    begun = 0

    @asynccontextmanager
    async def begin() -> AsyncIterator[TransactionalDBClient]:
        nonlocal begun
        begun += 1
        async with database.transaction() as client:
            yield client

    async def work(line: Line) -> None:
        async with line.piece() as client:
            await client.execute_query("UPDATE hub_state SET leader = 'hub' WHERE id = 1")

    line = Line(begin)
    await work(line)
    await work(line)
    assert begun == 2
    await asyncio.gather(*(work(line) for _ in range(3 * AT_MOST)))
    assert begun == 2 + 3


async def test_where_none_can_begin_all_who_wait_are_told_after_one_try(database: Database) -> None:
    """Each would wait for as long as the one before it, or for ever where more come meanwhile than give up."""
    begun, locked = 0, True

    @asynccontextmanager
    async def begin() -> AsyncIterator[TransactionalDBClient]:
        nonlocal begun
        begun += 1
        await asyncio.sleep(0)
        if locked:
            raise DatabaseBusy("another program keeps the database locked")
        async with database.transaction() as client:
            yield client

    async def work(line: Line) -> None:
        async with line.piece():
            pass

    line = Line(begin)
    results = await asyncio.gather(*(work(line) for _ in range(5)), return_exceptions=True)
    assert [type(result) for result in results] == [DatabaseBusy] * 5
    assert begun == 1
    locked = False
    await work(line)


@pytest.mark.parametrize("failing", range(4))
async def test_a_piece_that_fails_is_undone_alone(store: TortoiseStore, place: Place, failing: int) -> None:
    work = [add(store, f"p{n}a", f"p{n}b", fail=Stop() if n == failing else None) for n in range(4)]
    results = await asyncio.gather(*work, return_exceptions=True)
    assert [isinstance(result, Stop) for result in results] == [n == failing for n in range(4)]
    assert posts(place) == [f"p{n}{half}" for n in range(4) if n != failing for half in "ab"]


async def test_a_piece_sees_what_those_before_it_wrote_and_not_what_failed(store: TortoiseStore) -> None:
    async def rename(to: str, expected: str, fail: bool = False) -> None:
        async with store.transaction() as tx:
            house = await tx.house()
            assert house.time_zone == expected
            await tx.save(replace(house, time_zone=to))
            if fail:
                raise Stop

    first = House().time_zone
    results = await asyncio.gather(
        rename("one", first), rename("two", "one", fail=True), rename("three", "one"), return_exceptions=True
    )
    assert [type(result) for result in results] == [type(None), Stop, type(None)]
    async with store.transaction() as tx:
        assert (await tx.house()).time_zone == "three"


async def test_a_refused_row_spoils_nothing_for_the_others(store: TortoiseStore, place: Place) -> None:
    """PostgreSQL takes no further word in a transaction that has failed, until it is rolled back."""
    results = await asyncio.gather(add(store, "p1"), add(store, "p2", "p1"), add(store, "p3"), return_exceptions=True)
    assert [result is None for result in results] == [True, False, True]
    assert posts(place) == ["p1", "p3"]


@pytest.mark.usefixtures("path")
async def test_a_disk_that_is_full_in_the_middle_fails_all_of_them_and_acknowledges_nothing(
    store: TortoiseStore, database: Database, place: Place
) -> None:
    await leave_room(database, pages=2)
    results = await asyncio.gather(add(store, "p1"), fill(store), add(store, "p2"), return_exceptions=True)
    assert isinstance(results[1], DatabaseFull)
    kept = {name for name, result in (("p1", results[0]), ("p2", results[2])) if result is None}
    assert all(result is None or isinstance(result, Unavailable) for result in results)
    assert set(posts(place)) == kept
    await leave_room(database, pages=1_000_000)
    await add(store, "p3")


@pytest.mark.usefixtures("path")
async def test_a_commit_that_fails_fails_for_all_who_share_it(
    store: TortoiseStore, database: Database, place: Place
) -> None:
    results = await asyncio.gather(add(store, "p1"), fail_at_commit(database), add(store, "p2"), return_exceptions=True)
    assert [type(result) for result in results] == [sqlite3.IntegrityError] * 3
    assert posts(place) == []
    await add(store, "p3")


@pytest.mark.usefixtures("cluster")
async def test_a_server_that_goes_away_in_the_middle_fails_all_of_them(
    store: TortoiseStore, database: Database, place: Place
) -> None:
    async def lose_the_server() -> None:
        async with database.transaction() as client:
            await client.execute_query("SELECT pg_terminate_backend(pg_backend_pid())")

    results = await asyncio.gather(add(store, "p1"), lose_the_server(), return_exceptions=True)
    assert all(isinstance(result, Unavailable) for result in results), results
    assert posts(place) == []
    await add(store, "p3")


async def test_who_gives_up_while_waiting_is_passed_over(store: TortoiseStore, place: Place) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with store.transaction() as tx:
            await tx.add(post("p1"))
            inside.set()
            await go_on.wait()

    holding = asyncio.create_task(hold())
    await inside.wait()
    waiting = [asyncio.create_task(add(store, name)) for name in ("p2", "p3")]
    await asyncio.sleep(0)
    waiting[0].cancel()
    go_on.set()
    await asyncio.gather(holding, waiting[1])
    assert waiting[0].cancelled()
    assert posts(place) == ["p1", "p3"]


@pytest.mark.usefixtures("cluster")
async def test_one_that_fails_with_the_server_gone_tells_its_own_error(database: Database) -> None:
    async def work() -> None:
        async with database.transaction() as client:
            with suppress(Unavailable):
                await client.execute_query("SELECT pg_terminate_backend(pg_backend_pid())")
            raise Stop

    with pytest.raises(Stop):
        await work()
