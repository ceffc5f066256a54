"""The shell's display: the newest picture wins, and one that was away is found again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from node.core.events import FaultGone, FaultSeen
from node.core.screen import Layout, Picture
from node.shell.display import BLINK_MS, FAULT, HANG_MS, REFRESH_MS, RETRY_MS, Display
from tests.fakes.clock import FakeClock
from tests.fakes.screen import FakeScreen
from tests.fakes.watch import Watch

ONE, TWO, THREE = (Picture(Layout.MESSAGE, word) for word in ("one", "two", "three"))
BLINKING = Picture(Layout.CLOCK, big="1:00", blink=True)


class Stand:
    """A display on a fake screen; `until` waits for what they do, `later` moves the clock once it is waited for."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.clock, self.screen = FakeClock(ring=self.watch.ring), FakeScreen(self.watch.ring)
        self.told: list[FaultSeen | FaultGone] = []
        self.display = Display(self.screen, self.clock, self.tell)

    def tell(self, event: FaultSeen | FaultGone) -> None:
        self.told.append(event)
        self.watch.ring()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.display.run())
        try:
            yield
        finally:
            self.screen.let_go()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self.display.close()

    async def later(self, ms: int) -> None:
        due = self.clock.now_ms() + ms
        await self.watch.until(lambda: due in self.clock.waiting)
        self.clock.advance(ms)

    async def shown(self, *pictures: Picture) -> None:
        await self.watch.until(lambda: self.screen.shown == list(pictures))


async def test_a_picture_that_stays_is_tried_again_each_refresh() -> None:
    stand = Stand()
    async with stand.running():
        stand.display.show(ONE)
        await stand.shown(ONE)
        stand.display.show(ONE)
        await stand.later(REFRESH_MS)
        await stand.shown(ONE, ONE)
        await stand.later(REFRESH_MS)
        await stand.shown(ONE, ONE, ONE)


async def test_a_display_that_went_unseen_is_a_fault_at_the_next_refresh() -> None:
    stand = Stand()
    async with stand.running():
        stand.display.show(ONE)
        await stand.shown(ONE)
        stand.screen.broken = True
        await stand.later(REFRESH_MS)
        await stand.watch.until(lambda: stand.told == [FaultSeen(FAULT)])
        stand.display.show(TWO)
        stand.screen.broken = False
        await stand.later(RETRY_MS)
        await stand.shown(ONE, TWO)
        await stand.watch.until(lambda: stand.told == [FaultSeen(FAULT), FaultGone(FAULT)])


async def test_after_a_hang_the_newest_picture_is_written_at_once() -> None:
    stand = Stand()
    async with stand.running():
        stand.screen.hang()
        stand.display.show(ONE)
        await stand.later(HANG_MS)
        await stand.watch.until(lambda: stand.told == [FaultSeen(FAULT)])
        stand.display.show(TWO)
        stand.display.show(THREE)
        stand.screen.let_go()
        await stand.shown(ONE, THREE)


async def test_after_a_hang_the_same_picture_is_written_again() -> None:
    stand = Stand()
    async with stand.running():
        stand.screen.hang()
        stand.display.show(ONE)
        await stand.later(HANG_MS)
        await stand.watch.until(lambda: stand.told == [FaultSeen(FAULT)])
        stand.screen.let_go()
        await stand.shown(ONE, ONE)
        await stand.watch.until(lambda: stand.told == [FaultSeen(FAULT), FaultGone(FAULT)])


async def test_a_blink_goes_on_and_a_new_picture_begins_lit() -> None:
    stand = Stand()
    dark = Picture(Layout.CLOCK, big="1:00")
    async with stand.running():
        stand.display.show(BLINKING)
        await stand.shown(BLINKING)
        await stand.later(BLINK_MS)
        await stand.shown(BLINKING, dark)
        stand.display.show(ONE)
        await stand.shown(BLINKING, dark, ONE)
        stand.display.show(BLINKING)
        await stand.shown(BLINKING, dark, ONE, BLINKING)
