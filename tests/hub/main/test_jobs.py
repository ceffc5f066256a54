"""A job of the hub fails, is told of, and runs again; and none is put to sleep by a clock that jumps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from hub.domain.job import DAY_S, Health
from hub.main.jobs import Daily, Every, Jobs
from tests.fakes.hub_clock import START, FakeClock


class Naps:
    """A sleep that moves the clock and takes no time; the job is cut off after `most` of them."""

    def __init__(self, clock: FakeClock, most: int) -> None:
        self.taken_s: list[float] = []
        self._clock, self._most = clock, most

    async def __call__(self, seconds: float) -> None:
        self.taken_s.append(seconds)
        self._clock.advance(seconds)
        if len(self.taken_s) == self._most:
            raise asyncio.CancelledError


class Bench:
    """One job under a fake clock."""

    def __init__(self, most_naps: int) -> None:
        self.clock = FakeClock()
        self.naps = Naps(self.clock, most_naps)
        self.jobs = Jobs(self.clock, sleep=self.naps, stopwatch=lambda: self.clock.now().timestamp())
        self.ran: list[datetime] = []

    async def run(self, when: Every | Daily, job: Callable[[], Awaitable[object]] | None = None) -> None:
        async def nothing() -> None:
            self.ran.append(self.clock.now())

        self.jobs.add("sweep", job or nothing, when)
        [duty] = self.jobs.duties()
        with pytest.raises(asyncio.CancelledError):
            await duty

    @property
    def health(self) -> Health:
        [job] = self.jobs.states()
        return job.health(self.clock.now())


async def paris() -> tzinfo:
    return ZoneInfo("Europe/Paris")


async def test_a_job_that_has_much_to_do_rests_longer() -> None:
    took_s = [0.01, 0.5, 0.0]

    async def job() -> None:
        bench.clock.advance(took_s.pop(0))

    bench = Bench(3)
    await bench.run(Every(1, rests=50), job)
    assert bench.naps.taken_s == [1, 25, 1]


async def test_a_job_that_fails_is_told_of_and_waits_longer_until_it_works(caplog: pytest.LogCaptureFixture) -> None:
    faults = [ValueError("first"), OSError("second"), None, KeyError("later"), None]

    async def job() -> None:
        fault = faults.pop(0)
        if fault is not None:
            raise fault

    bench = Bench(5)
    await bench.run(Every(2), job)
    assert bench.naps.taken_s == [4, 8, 2, 4, 2]
    told = [(record.levelno, record.getMessage()) for record in caplog.records]
    assert told == [
        (logging.ERROR, "the job 'sweep' failed, for the 1. time in a row"),
        (logging.ERROR, "the job 'sweep' failed, for the 2. time in a row"),
        (logging.ERROR, "the job 'sweep' failed, for the 1. time in a row"),
    ]
    assert "second" in caplog.text
    [state] = bench.jobs.states()
    assert (state.runs, state.failures, state.failing, bench.health) == (5, 3, 0, Health.OK)
    assert state.last_success_at == START + timedelta(seconds=18)


async def test_a_job_that_fails_for_days_is_tried_every_minute(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)

    async def job() -> None:
        raise OSError

    bench = Bench(1200)
    await bench.run(Every(0.1), job)
    assert set(bench.naps.taken_s[20:]) == {60}
    assert bench.health is Health.FAILING


async def test_a_daily_job_runs_soon_after_the_start_and_then_at_its_hour() -> None:
    bench = Bench(60 * 40)
    await bench.run(Daily(3, paris))
    assert [f"{at:%d %H:%M}" for at in bench.ran] == ["23 09:01", "24 02:00"]


async def test_a_clock_that_is_set_back_puts_no_job_to_sleep() -> None:
    bench = Bench(3)

    async def job() -> None:
        bench.ran.append(bench.clock.now())
        bench.clock.advance(-10 * DAY_S)

    await bench.run(Every(2), job)
    assert bench.naps.taken_s == [2, 2, 2]
    assert len(bench.ran) == 3


async def test_a_clock_that_is_set_forward_makes_a_daily_job_due() -> None:
    bench = Bench(5)
    forward = bench.naps

    async def nap(seconds: float) -> None:
        await forward(seconds)
        if len(forward.taken_s) == 3:
            bench.clock.advance(2 * DAY_S)

    bench.jobs = Jobs(bench.clock, sleep=nap, stopwatch=lambda: 0.0)
    await bench.run(Daily(3, paris))
    assert len(bench.ran) == 2


async def test_a_job_that_hangs_is_late() -> None:
    clock = FakeClock()
    jobs = Jobs(clock)
    jobs.add("sweep", asyncio.Event().wait, Every(2))
    [duty] = jobs.duties()
    task = asyncio.create_task(duty)
    await asyncio.sleep(0)
    clock.advance(61)
    [state] = jobs.states()
    assert state.health(clock.now()) is Health.LATE
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
