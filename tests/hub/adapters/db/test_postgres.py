"""What is PostgreSQL's own: many connections, time limits, a server that goes away, and another hub that leads."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from hub.adapters.db import server
from hub.adapters.db.engine import Database, open_database
from hub.adapters.db.errors import DatabaseAway, DatabaseBusy, DatabaseUnusable, Deposed
from hub.adapters.db.migrate import migrate
from hub.adapters.db.store import TortoiseStore
from hub.usecases.ports import Unavailable
from tests.fakes.hub_clock import FakeClock
from tests.hub.adapters.db.records import entry, furnish, post
from tests.support.databases import Place, PostgresDatabase
from tests.support.postgres import Cluster
from tests.support.postgres import cluster as running_cluster

pytestmark = pytest.mark.usefixtures("cluster")


async def test_writers_in_line_hold_one_connection(store: TortoiseStore, place: Place) -> None:
    async def work() -> None:
        async with store.transaction() as tx:
            await tx.log(entry())

    await asyncio.gather(*(work() for _ in range(100)))
    used = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'poste-hub' AND datname = current_database()"
    assert place.rows("SELECT count(*) FROM log_entry") == [(100,)]
    assert place.rows(used)[0][0] <= 2


async def test_an_acknowledged_commit_is_on_the_disk_whatever_the_server_says(database: Database) -> None:
    rows = await database.client.execute_query_dict("SHOW synchronous_commit")
    assert rows[0]["synchronous_commit"] == "on"


async def test_a_lock_that_another_program_keeps_is_told(store: TortoiseStore, place: Place) -> None:
    other = await asyncpg.connect(str(place.where))
    try:
        async with other.transaction():
            await other.execute("SELECT * FROM hub_state FOR UPDATE")
            with pytest.raises(DatabaseBusy, match="lock timeout"):
                async with store.transaction():
                    pass
    finally:
        await other.close()
    async with store.transaction() as tx:
        await tx.add(post())


async def test_a_transaction_whose_connection_is_cut_stores_nothing_and_the_next_one_has_another(
    store: TortoiseStore, place: Place
) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'poste-hub'"

    async def work() -> None:
        async with store.transaction() as tx:
            await tx.add(post("p09"))
            place.run(cut)
            await tx.add(post("p10"))

    with pytest.raises(DatabaseAway):
        await work()
    async with store.transaction() as tx:
        assert await tx.posts() == []


async def test_a_deposed_hub_stores_nothing_more(store: TortoiseStore, database: Database, place: Place) -> None:
    place.run("UPDATE hub_state SET leader = 'me'")
    database.leader = "me"
    async with store.transaction() as tx:
        await tx.add(post("p01"))
    place.run("UPDATE hub_state SET leader = 'other'")
    with pytest.raises(Deposed):
        async with store.transaction() as tx:
            await tx.add(post("p02"))
    assert place.rows("SELECT id FROM post") == [("p01",)]


async def test_who_is_refused_is_told_why(cluster: Cluster) -> None:
    with pytest.raises(DatabaseUnusable, match='database "nowhere" does not exist'):
        await open_database(cluster.url("nowhere"))
    wrong = cluster.url().replace("@", "x@")
    with pytest.raises(DatabaseUnusable, match="password authentication failed"):
        await open_database(wrong)


async def test_who_may_not_make_tables_is_told_so(cluster: Cluster) -> None:
    """As PostgreSQL 15 has it for whoever does not own the database."""
    url = cluster.database()
    cluster.run(url, "DROP ROLE IF EXISTS stranger")
    cluster.run(url, "CREATE ROLE stranger LOGIN PASSWORD 'hunter2'")
    strangers = re.sub("//[^@]*@", "//stranger:hunter2@", url)
    with pytest.raises(
        DatabaseUnusable, match=r"refuses us: permission denied for schema public: this account has to own"
    ):
        await migrate(strangers)
    cluster.drop(url)


async def test_nobody_there_is_told() -> None:
    with pytest.raises(DatabaseAway, match="does not answer"):
        await open_database("postgres://poste@127.0.0.1:1/poste")


def test_an_address_is_read_as_libpq_writes_it() -> None:
    found = server.access("postgres://po%40ste:p%2Fw@db.example:5433/room?sslmode=verify-full")
    assert found == {
        "host": "db.example",
        "port": 5433,
        "user": "po@ste",
        "password": "p/w",
        "database": "room",
        "ssl": "verify-full",
    }
    assert server.access("postgres:///room?host=/run/postgresql") == {"host": "/run/postgresql", "database": "room"}


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mysql://poste:secret@db.example/room", "begins with postgres://"),
        ("postgres://poste:secret@db.example/room?sslmod=require", "knows no 'sslmod': it takes host, sslmode"),
        ("postgres://poste:secret@db.example/room?sslmode=on", "sslmode is one of disable, allow, "),
        ("postgres://poste:secret@db.example:99999/room", "a host or a port that cannot be read"),
        ("postgres://poste:secret@db..example/room", "a host or a port that cannot be read"),
        ("postgres://poste:[secret]@db.example/room", "a host or a port that cannot be read"),
        ("postgres://poste:secret@db.example/room?connections=many", "connections is 1 to 100"),
        ("postgres://poste:secret@db.example/room?connections=0", "connections is 1 to 100"),
        ("postgres://poste:secret@db.example/room?connections=101", "connections is 1 to 100"),
    ],
)
def test_an_address_that_is_none_is_refused_without_its_password(address: str, told: str) -> None:
    with pytest.raises(DatabaseUnusable, match=told) as refused:
        server.pool(address)
    assert "secret" not in str(refused.value)


@pytest.fixture
def durable() -> Iterator[Cluster]:
    """A server of the test's own, to be ended as it likes."""
    with running_cluster(durable=True) as cluster:
        yield cluster


@pytest.fixture
async def mortal(durable: Cluster) -> AsyncIterator[Database]:
    url = durable.database()
    await migrate(url)
    database = await open_database(url)
    yield database
    await database.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
async def test_a_server_that_ends_under_load_loses_nothing_that_was_acknowledged(
    durable: Cluster, mortal: Database, how: signal.Signals
) -> None:
    store = TortoiseStore(mortal, FakeClock())
    await furnish(store)
    acknowledged: list[int] = []
    refused = 0
    enough = asyncio.Event()

    async def write() -> None:
        nonlocal refused
        while not enough.is_set():
            try:
                async with store.transaction() as tx:
                    logged = await tx.log(entry())
            except Unavailable:
                refused += 1
                await asyncio.sleep(0.02)
            else:
                acknowledged.append(logged.id)

    async def reach(goal: int) -> None:
        while len(acknowledged) < goal:  # noqa: ASYNC110 - a counter wakes nobody
            await asyncio.sleep(0.005)

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        for _ in range(8):
            tasks.create_task(write())
        for _ in range(2):
            await reach(len(acknowledged) + 100)
            await asyncio.to_thread(durable.kill if how is signal.SIGKILL else durable.stop)
            await asyncio.to_thread(durable.start)
        await reach(len(acknowledged) + 100)
        enough.set()
    assert refused > 0
    rows = await mortal.client.execute_query_dict("SELECT id FROM log_entry")
    assert set(acknowledged) <= {row["id"] for row in rows}


def test_a_place_is_a_copy(place: Place, migrated: Place) -> None:
    assert isinstance(place, PostgresDatabase)
    assert place.where != migrated.where
