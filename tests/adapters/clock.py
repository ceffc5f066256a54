"""What every Clock of the node does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from node.ports import Clock
from tests.fakes.watch import PATIENCE_S


def by_itself(_: int) -> None:
    """Real time passes without help."""


@dataclass
class ClockBench:
    """A clock, and how so many milliseconds pass on it."""

    clock: Clock
    pass_: Callable[[int], None] = by_itself


class ClockSuite:
    """It only goes forward, and wakes nobody early."""

    async def test_it_never_goes_back(self, bench: ClockBench) -> None:
        before = bench.clock.now_ms()
        for _ in range(100):
            now = bench.clock.now_ms()
            assert now >= before
            before = now

    async def test_whoever_waits_is_woken_in_order_and_never_early(self, bench: ClockBench) -> None:
        woken: list[int] = []

        async def wait(ms: int) -> None:
            await bench.clock.wait_until(ms)
            assert bench.clock.now_ms() >= ms
            woken.append(ms)

        began = bench.clock.now_ms()
        due = [began + 60, began + 20, began + 40]
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
            for ms in due:
                group.create_task(wait(ms))
            for _ in range(6):
                await asyncio.sleep(0)
                bench.pass_(10)
        assert woken == sorted(due)

    async def test_what_is_past_is_not_waited_for(self, bench: ClockBench) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await bench.clock.wait_until(bench.clock.now_ms())
            await bench.clock.wait_until(0)
