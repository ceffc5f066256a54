"""A job of the hub fails, is told of, and runs again."""

from __future__ import annotations

import asyncio
import logging

import pytest

from hub.main.jobs import LONGEST_WAIT_S, repeat


class Naps:
    """A sleep that takes no time; the job is cut off after `most` of them."""

    def __init__(self, most: int) -> None:
        self.taken_s: list[float] = []
        self._most = most

    async def __call__(self, seconds: float) -> None:
        self.taken_s.append(seconds)
        if len(self.taken_s) == self._most:
            raise asyncio.CancelledError


async def runs(job: object, naps: Naps, period_s: float = 2) -> None:
    assert callable(job)
    with pytest.raises(asyncio.CancelledError):
        await repeat("sweep", period_s, job, sleep=naps)


async def test_a_job_that_fails_is_told_of_and_waits_longer_until_it_works(caplog: pytest.LogCaptureFixture) -> None:
    faults = [ValueError("first"), OSError("second"), None, KeyError("later"), None]

    async def job() -> None:
        fault = faults.pop(0)
        if fault is not None:
            raise fault

    naps = Naps(5)
    await runs(job, naps)
    assert naps.taken_s == [4, 8, 2, 4, 2]
    told = [(record.levelno, record.getMessage()) for record in caplog.records]
    assert told == [
        (logging.ERROR, "sweep failed, for the 1. time in a row"),
        (logging.ERROR, "sweep failed, for the 2. time in a row"),
        (logging.ERROR, "sweep failed, for the 1. time in a row"),
    ]
    assert "second" in caplog.text


async def test_a_job_that_fails_for_days_is_tried_every_minute(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)

    async def job() -> None:
        raise OSError

    naps = Naps(1200)
    await runs(job, naps, period_s=0.1)
    assert set(naps.taken_s[20:]) == {LONGEST_WAIT_S}


async def test_the_end_of_the_hub_ends_a_job_in_the_middle() -> None:
    begun = asyncio.Event()

    async def job() -> None:
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(repeat("sweep", 1, job))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
