"""Work in lanes: in order within one lane, at the same time in different ones, bounded in both."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Lanes(Generic[Item]):
    """`work(lane, item)` for each item put: one at a time in a lane, at most `at_once` over all lanes.

    A lane has a task only while it has items. `work` must not raise: its owner decides what a failure means.
    An item with time waits up to `company_s` for others of other lanes, to be worked on along with them; one that comes
    after it in its own lane takes it along at once.
    """

    def __init__(
        self, work: Callable[[str, Item], Awaitable[None]], *, at_once: int, waiting: int, company_s: float = 0.0
    ) -> None:
        self._work = work
        self._slots = asyncio.Semaphore(at_once)
        self._waiting = waiting
        self._company_s = company_s
        self._lanes: dict[str, deque[Item]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._resting: dict[str, None] = {}
        self._leaving: asyncio.TimerHandle | None = None

    def put(self, lane: str, item: Item, *, has_time: bool = False) -> bool:
        """Take the item, or refuse it (False) when `waiting` items are in that lane already."""
        if lane not in self._lanes:
            self._lanes[lane] = deque((item,))
            if has_time:
                self._rest(lane)
            else:
                self._start(lane)
            return True
        queue = self._lanes[lane]
        if len(queue) >= self._waiting:
            return False
        queue.append(item)
        if lane in self._resting:
            del self._resting[lane]
            self._start(lane)
        return True

    async def join(self) -> None:
        """Return when all that was put is done."""
        self._leave()
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def cancel(self) -> None:
        """Give up what is waiting or half done."""
        for lane in self._resting:
            del self._lanes[lane]
        self._resting.clear()
        self._leave()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _rest(self, lane: str) -> None:
        self._resting[lane] = None
        if self._leaving is None:
            self._leaving = asyncio.get_running_loop().call_later(self._company_s, self._leave)

    def _leave(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        resting, self._resting = self._resting, {}
        for lane in resting:
            self._start(lane)

    def _start(self, lane: str) -> None:
        task = asyncio.create_task(self._drive(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drive(self, lane: str) -> None:
        queue = self._lanes[lane]
        try:
            while queue:
                async with self._slots:
                    await self._work(lane, queue.popleft())
        finally:
            del self._lanes[lane]
