"""Many who ask at once share a look, and nobody is given what is older than the question."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from hub.adapters.web.lookups import Lookups


class Shelf:
    """Counts looks, and lets a test hold one up."""

    def __init__(self) -> None:
        self.looks: list[list[str]] = []
        self.edition = 1
        self.free = asyncio.Event()
        self.free.set()
        self.broken = False
        self.looking = asyncio.Event()

    async def look(self, keys: Sequence[str]) -> dict[str, int]:
        self.looks.append(list(keys))
        self.looking.set()
        found = dict.fromkeys(keys, self.edition)
        await self.free.wait()
        if self.broken:
            raise OSError("the shelf fell")
        return found


async def test_those_who_ask_together_share_one_look() -> None:
    shelf = Shelf()
    lookups = Lookups(shelf.look)
    found = await asyncio.gather(*(lookups.find(["p1", key]) for key in ("p2", "p3", "p2")))
    assert shelf.looks == [["p1", "p2", "p3"]]
    assert found == [{"p1": 1, "p2": 1, "p3": 1}] * 3


async def test_who_asks_during_a_look_is_given_the_next_one() -> None:
    shelf = Shelf()
    lookups = Lookups(shelf.look)
    shelf.free.clear()
    early = asyncio.create_task(lookups.find(["p1"]))
    await shelf.looking.wait()
    shelf.edition = 2
    late = [asyncio.create_task(lookups.find(["p1"])) for _ in range(2)]
    await asyncio.sleep(0)
    shelf.free.set()
    assert [await early, *await asyncio.gather(*late)] == [{"p1": 1}, {"p1": 2}, {"p1": 2}]
    assert len(shelf.looks) == 2


async def test_who_leaves_takes_nothing_from_the_others() -> None:
    shelf = Shelf()
    lookups = Lookups(shelf.look)
    shelf.free.clear()
    leaving, staying = (asyncio.create_task(lookups.find(["p1"])) for _ in range(2))
    await shelf.looking.wait()
    leaving.cancel()
    shelf.free.set()
    assert await staying == {"p1": 1}


async def test_a_look_that_fails_fails_for_all_who_share_it_and_for_nobody_after() -> None:
    shelf = Shelf()
    lookups = Lookups(shelf.look)
    shelf.broken = True
    failed = await asyncio.gather(*(lookups.find(["p1"]) for _ in range(2)), return_exceptions=True)
    assert [type(error) for error in failed] == [OSError, OSError]
    shelf.broken = False
    assert await lookups.find(["p1"]) == {"p1": 1}
