from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from hub.adapters.mqtt.lanes import TOGETHER, Lanes
from tests.support.mosquitto import until


class Work:
    """Work that waits until let go, and notes how much of it ran at once."""

    def __init__(self) -> None:
        self.done: list[tuple[str, int]] = []
        self.together: list[int] = []
        self.running = 0
        self.most = 0
        self.go = asyncio.Event()

    async def __call__(self, items: Mapping[str, int]) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        await self.go.wait()
        self.running -= 1
        self.done.extend(items.items())
        self.together.append(len(items))


async def test_lanes_run_side_by_side_up_to_the_limit_and_each_in_order() -> None:
    work = Work()
    lanes = Lanes[int](work, at_once=3, waiting=10)
    for item in range(5):
        for lane in ("a", "b", "c", "d", "e"):
            assert lanes.put(lane, item)
    work.go.set()
    await lanes.join()
    assert len(work.done) == 25
    assert work.most <= 3
    for lane in ("a", "b", "c", "d", "e"):
        assert [item for name, item in work.done if name == lane] == [0, 1, 2, 3, 4]


async def test_a_full_lane_refuses_and_empties_again() -> None:
    work = Work()
    lanes = Lanes[int](work, at_once=1, waiting=2)
    assert [lanes.put("a", item) for item in range(3)] == [True, True, False]
    work.go.set()
    await lanes.join()
    assert lanes.put("a", 9)
    await lanes.join()
    assert [item for _, item in work.done] == [0, 1, 9]


async def test_cancelling_gives_up_what_waits() -> None:
    work = Work()
    lanes = Lanes[int](work, at_once=1, waiting=2)
    lanes.put("a", 1)
    lanes.put("b", 1)
    await asyncio.sleep(0)
    await lanes.cancel()
    await lanes.join()
    assert not work.done


class TestWhatHasTime:
    """Items that wait for company: with a wait that no test lives to see the end of, unless it says so."""

    @staticmethod
    def lanes(work: Work, *, company_s: float = 3600) -> Lanes[int]:
        work.go.set()
        return Lanes[int](work, at_once=9, waiting=2, company_s=company_s)

    async def test_it_waits_for_company_and_leaves_with_it(self) -> None:
        lanes = self.lanes(work := Work(), company_s=0.01)
        lanes.put("a", 1, has_time=True)
        lanes.put("b", 1, has_time=True)
        await asyncio.sleep(0)
        assert not work.done
        await until(lambda: work.done == [("a", 1), ("b", 1)])
        assert work.together == [2]

    async def test_too_many_leave_in_several_companies(self) -> None:
        lanes = self.lanes(work := Work())
        for number in range(TOGETHER + 1):
            lanes.put(f"{number}", 1, has_time=True)
        await lanes.join()
        assert work.together == [TOGETHER, 1]

    async def test_what_comes_while_it_is_worked_on_is_next(self) -> None:
        lanes = self.lanes(work := Work(), company_s=0.01)
        work.go.clear()
        lanes.put("a", 1, has_time=True)
        lanes.put("b", 1, has_time=True)
        await until(lambda: work.running == 1)
        for item in (2, 3):
            assert lanes.put("a", item, has_time=True)
        work.go.set()
        await lanes.join()
        assert work.done == [("a", 1), ("b", 1), ("a", 2), ("a", 3)]

    async def test_others_do_not_wait_for_it(self) -> None:
        lanes = self.lanes(work := Work())
        lanes.put("a", 1, has_time=True)
        lanes.put("b", 2)
        for _ in range(3):
            await asyncio.sleep(0)
        assert work.done == [("b", 2)]
        await lanes.cancel()

    @pytest.mark.parametrize("has_time", [True, False])
    async def test_what_comes_after_it_takes_it_along_in_order(self, *, has_time: bool) -> None:
        lanes = self.lanes(work := Work())
        lanes.put("a", 1, has_time=True)
        assert lanes.put("a", 2, has_time=has_time)
        for _ in range(3):
            await asyncio.sleep(0)
        assert work.done == [("a", 1), ("a", 2)]

    async def test_joining_waits_no_longer(self) -> None:
        lanes = self.lanes(work := Work())
        lanes.put("a", 1, has_time=True)
        await lanes.join()
        assert work.done == [("a", 1)]

    async def test_it_is_given_up_like_everything_else(self) -> None:
        lanes = self.lanes(work := Work())
        lanes.put("a", 1, has_time=True)
        await lanes.cancel()
        await lanes.join()
        assert not work.done
        lanes.put("a", 2)
        await lanes.join()
        assert work.done == [("a", 2)]
