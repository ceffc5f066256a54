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
    """

    def __init__(self, work: Callable[[str, Item], Awaitable[None]], *, at_once: int, waiting: int) -> None:
        self._work = work
        self._slots = asyncio.Semaphore(at_once)
        self._waiting = waiting
        self._lanes: dict[str, deque[Item]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, lane: str, item: Item) -> bool:
        """Take the item, or refuse it (False) when `waiting` items are in that lane already."""
        if lane not in self._lanes:
            self._lanes[lane] = deque()
            task = asyncio.create_task(self._drive(lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        queue = self._lanes[lane]
        if len(queue) >= self._waiting:
            return False
        queue.append(item)
        return True

    async def join(self) -> None:
        """Return when all that was put is done."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def cancel(self) -> None:
        """Give up what is waiting or half done."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _drive(self, lane: str) -> None:
        queue = self._lanes[lane]
        try:
            while queue:
                async with self._slots:
                    await self._work(lane, queue.popleft())
        finally:
            del self._lanes[lane]
