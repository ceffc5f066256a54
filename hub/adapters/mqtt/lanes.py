"""Work in lanes: in order within one lane, at the same time in different ones, bounded in both."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
TOGETHER = 100
"""Items that are worked on together: those of others wait for as long as that takes."""


class Lanes(Generic[Item]):
    """`work` for each item put: one at a time in a lane, at most `at_once` over all lanes.

    A lane has a task only while it has items. `work` must not raise: its owner decides what a failure means. It is
    given one item by its lane, or several: an item with time waits up to `company_s` for others of other lanes, to be
    worked on together with them. What comes after it in its own lane ends the wait.
    """

    def __init__(
        self,
        work: Callable[[Mapping[str, Item]], Awaitable[None]],
        *,
        at_once: int,
        waiting: int,
        company_s: float = 0.0,
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
        self._resting.clear()
        self._leave()
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._lanes.clear()

    def _rest(self, lane: str) -> None:
        self._resting[lane] = None
        if self._leaving is None:
            self._leaving = asyncio.get_running_loop().call_later(self._company_s, self._leave)

    def _leave(self) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        lanes, self._resting = list(self._resting), {}
        for first in range(0, len(lanes), TOGETHER):
            self._start(*lanes[first : first + TOGETHER])

    def _start(self, *lanes: str) -> None:
        task = asyncio.create_task(self._drive(lanes))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drive(self, lanes: Sequence[str]) -> None:
        """The next item of each; then each lane goes on by itself."""
        async with self._slots:
            await self._work({lane: self._lanes[lane].popleft() for lane in lanes})
        for lane in lanes:
            if self._lanes[lane]:
                self._start(lane)
            else:
                del self._lanes[lane]
