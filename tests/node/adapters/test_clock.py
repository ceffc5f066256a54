"""Every Clock of the node."""

from __future__ import annotations

import asyncio
import time

import pytest

from node.adapters.clock import BootClock
from tests.adapters.clock import ClockBench, ClockSuite
from tests.fakes.clock import FakeClock
from tests.fakes.watch import PATIENCE_S


async def test_the_real_clock_is_that_of_the_boot_and_never_early() -> None:
    clock = BootClock()
    assert abs(clock.now_ms() - time.clock_gettime(time.CLOCK_BOOTTIME) * 1000) < 100
    due = clock.now_ms() + 30
    await clock.wait_until(due)
    assert clock.now_ms() >= due


class TestEveryClock(ClockSuite):
    """The fake and the real one."""

    @pytest.fixture(params=["fake", "boot"])
    def bench(self, request: pytest.FixtureRequest) -> ClockBench:
        if request.param == "boot":
            return ClockBench(BootClock())
        fake = FakeClock()
        return ClockBench(fake, fake.advance)


async def test_the_fake_clock_wakes_those_who_are_due() -> None:
    clock = FakeClock(now_ms=0)
    soon, late = (asyncio.create_task(clock.wait_until(ms)) for ms in (100, 200))
    await asyncio.sleep(0)
    assert clock.waiting == [100, 200]
    clock.advance(150)
    async with asyncio.timeout(PATIENCE_S):
        await soon
    assert (late.done(), clock.waiting) == (False, [200])
    late.cancel()
