"""Leading and standing by in turn, as the lock comes and goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from hub.adapters.db.engine import open_database
from hub.adapters.db.errors import Deposed
from hub.adapters.db.leadership import Leadership
from hub.adapters.db.store import TortoiseStore
from hub.main.standby import in_turn
from tests.fakes.hub_clock import FakeClock
from tests.hub.adapters.db.records import post
from tests.support.databases import Place
from tests.support.mosquitto import PATIENCE_S

pytestmark = pytest.mark.usefixtures("cluster")
CUT = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"


class Hub:
    """A hub that only notes what it is, and begins each term as a real one does."""

    def __init__(self, place: Place) -> None:
        self.leadership = Leadership(str(place.where))
        self.stop, self.changed = asyncio.Event(), asyncio.Event()
        self.terms: list[str] = []

    async def term(self, name: str, over: asyncio.Event) -> None:
        self.terms.append(name)
        self.changed.set()
        await over.wait()
        self.terms.append(f"no more {name}")
        self.changed.set()

    async def run(self) -> None:
        await in_turn(
            self.leadership,
            self.stop,
            lead=lambda over: self.term("leads", over),
            stand_by=lambda over: self.term("stands by", over),
        )

    async def until(self, holds: Callable[[list[str]], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds(self.terms):
                self.changed.clear()
                await self.changed.wait()


async def until_locked(place: Place, times: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while place.rows(LOCKS) != [(times,)]:  # noqa: ASYNC110 - the lock is in another process
            await asyncio.sleep(0.01)


async def test_one_leads_and_hands_over_when_it_stops(place: Place) -> None:
    first, second = Hub(place), Hub(place)
    async with asyncio.TaskGroup() as running:
        running.create_task(first.run())
        await first.until(lambda terms: terms == ["leads"])
        running.create_task(second.run())
        await second.until(lambda terms: terms == ["stands by"])
        first.stop.set()
        await second.until(lambda terms: terms == ["stands by", "no more stands by", "leads"])
        assert first.terms == ["leads", "no more leads"]
        second.stop.set()


async def test_a_leader_alone_that_is_cut_off_goes_on(place: Place) -> None:
    hub = Hub(place)
    async with asyncio.TaskGroup() as running:
        running.create_task(hub.run())
        await hub.until(lambda terms: terms == ["leads"])
        place.run(CUT)
        await until_locked(place, 1)
        hub.stop.set()
    assert hub.terms == ["leads", "no more leads"]


async def test_whoever_led_before_stores_nothing_and_learns_that_another_led(place: Place) -> None:
    first, second = Leadership(str(place.where)), Leadership(str(place.where))
    database = await open_database(place.where)
    store = TortoiseStore(database, FakeClock())
    try:
        assert await first.win()
        assert not await second.win()
        await first.claim(database, "first")
        async with store.transaction() as tx:
            await tx.add(post("p01"))
        await database.look()

        place.run(CUT)
        await asyncio.wait_for(first.cut(), PATIENCE_S)
        assert await second.win()
        place.run("UPDATE hub_state SET leader = 'second'")  # as the second's claim does, from its own process
        with pytest.raises(Deposed):
            async with store.transaction() as tx:
                await tx.add(post("p02"))
        with pytest.raises(Deposed):
            await database.look()

        assert not await first.win()  # the second has the lock
        second.resign()
        await until_locked(place, 0)
        assert not await first.win()  # nobody has it any more, but another hub has led meanwhile
    finally:
        first.resign()
        second.resign()
        await database.close()
    assert place.rows("SELECT id FROM post") == [("p01",)]
