from __future__ import annotations

import asyncio

from hub.adapters.mqtt.lanes import Lanes


class Work:
    """Work that waits until let go, and notes how much of it ran at once."""

    def __init__(self) -> None:
        self.done: list[tuple[str, int]] = []
        self.running = 0
        self.most = 0
        self.go = asyncio.Event()

    async def __call__(self, lane: str, item: int) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        await self.go.wait()
        self.running -= 1
        self.done.append((lane, item))


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
