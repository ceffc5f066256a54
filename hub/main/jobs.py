"""The hub's jobs, supervised: each runs when it is due, and is told and tried again when it fails.

A job's fault never takes the hub down. Waiting goes by the wall clock, as a time of day wants it, but never longer than
the job's own wait: a clock that is set back does not put it to sleep.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from hub.domain.job import DAY_S, Job, failed, next_daily, succeeded
from hub.usecases.ports import Clock

logger = logging.getLogger(__name__)

Run = Callable[[], Awaitable[object]]
_LOOK_S = 60
"""Between two looks at the clock, which somebody may set meanwhile."""
_SETTLED_S = 60
"""What runs once a day also runs this long after a start: some hubs are switched off at night."""


@dataclass(frozen=True, slots=True)
class Every:
    """At the start, then again so long after each run; or `rests` times as long as that took, where that is longer.

    So what has more to look at in a larger house does not come to cost more and more of the hub's time.
    """

    period_s: float
    first_s: float = 0
    rests: float = 0

    async def after(self, ended: datetime, took_s: float) -> datetime:
        """The next run, when one has just ended."""
        return ended + timedelta(seconds=max(self.period_s, self.rests * took_s))


@dataclass(frozen=True, slots=True)
class Daily:
    """A minute after the start, then each day at a full hour by the clocks of the house."""

    hour: int
    zone: Callable[[], Awaitable[tzinfo]]
    period_s: float = DAY_S
    first_s: float = _SETTLED_S

    async def after(self, ended: datetime, _took_s: float) -> datetime:
        """The next run, when one has just ended."""
        return next_daily(ended, self.hour, await self.zone())


class Jobs:
    """Add jobs, run the `duties`; `states` tells how each is."""

    def __init__(
        self,
        clock: Clock,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock, self._sleep, self._stopwatch = clock, sleep, stopwatch
        self._jobs: dict[str, Job] = {}
        self._work: list[tuple[str, Run, Every | Daily]] = []

    def add(self, name: str, run: Run, when: Every | Daily, *, vital: bool = False) -> None:
        """One more; its name is what monitors know it by."""
        first = self._clock.now() + timedelta(seconds=when.first_s)
        self._jobs[name] = Job(name, when.period_s, first, vital)
        self._work.append((name, run, when))

    def states(self) -> list[Job]:
        """All of them, as they are now."""
        return list(self._jobs.values())

    def duties(self) -> list[Coroutine[Any, Any, None]]:
        """What to run, each for ever."""
        return [self._repeat(name, run, when) for name, run, when in self._work]

    async def _repeat(self, name: str, run: Run, when: Every | Daily) -> None:
        wait_s = when.first_s
        while True:
            await self._until(self._jobs[name].next_run_at, wait_s)
            self._jobs[name] = job = await self._once(self._jobs[name], run, when)
            wait_s = (job.next_run_at - self._clock.now()).total_seconds()

    async def _once(self, job: Job, run: Run, when: Every | Daily) -> Job:
        began, watch = self._clock.now(), self._stopwatch()
        try:
            await run()
            next_run_at = await when.after(self._clock.now(), self._stopwatch() - watch)
        except Exception:  # a job's fault must not end the room; it is told, and it runs again
            job = failed(job, began, self._stopwatch() - watch)
            logger.exception("the job %r failed, for the %d. time in a row", job.name, job.failing)
            return job
        return succeeded(job, began, self._stopwatch() - watch, next_run_at)

    async def _until(self, due: datetime, most_s: float) -> None:
        while True:
            nap_s = min(most_s, (due - self._clock.now()).total_seconds(), _LOOK_S)
            if nap_s <= 0:
                return
            await self._sleep(nap_s)
            most_s -= nap_s
