"""A shell at work among fakes, and the hub's part in the test's hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import TypeVar
from uuid import UUID

from hub.wire.messages import HubReport, Lease, PostSettings, Redeem, Sync
from hub.wire.terms import Language
from node.core.events import Key, KeyPressed, SignTyped
from node.core.ledger import Record
from node.core.post import Identity
from node.ports import Journal
from node.shell import Ports, Shell
from tests.fakes.clock import FakeClock
from tests.fakes.journal import MemoryJournal
from tests.fakes.keypad import FakeKeypad
from tests.fakes.link import FakeLink
from tests.fakes.power import FakeButton, FakeBuzzer, FakeLamp, FakePower
from tests.fakes.screen import FakeScreen
from tests.fakes.watch import PATIENCE_S, Watch

TURNS = 10
"""Of the loop, more than lie between a clock that strikes and a picture on its way to the display."""
CODE = "K7M2QX"
M = TypeVar("M")


def uid(number: int) -> str:
    return str(UUID(int=number))


BOOT, HUB_EPOCH, LEASE = uid(0xB0), uid(0x4B), uid(0x1EA5E)


class WatchedJournal(MemoryJournal):
    """Tells the watch of each save, and notes whether the power was on at that moment."""

    def __init__(self, watch: Watch, power: FakePower, record: Record | None = None) -> None:
        super().__init__(record)
        self._watch, self._power = watch, power
        self.power_at_save: list[bool] = []

    def save(self, record: Record) -> None:
        self._watch.ring()
        super().save(record)
        self.power_at_save.append(self._power.is_on)


class Room:
    """The fakes of one post. `start` runs its shell; `until` waits for what they see."""

    def __init__(self, record: Record | None = None) -> None:
        self.watch = Watch()
        self.until = self.watch.until
        self.clock = FakeClock(ring=self.watch.ring)
        self.keypad, self.link = FakeKeypad(), FakeLink(self.watch.ring)
        self.screen, self.power = FakeScreen(self.watch.ring), FakePower(ring=self.watch.ring, now_ms=self.clock.now_ms)
        self.buzzer, self.lamp, self.button = FakeBuzzer(), FakeLamp(self.watch.ring), FakeButton()
        self.journal = WatchedJournal(self.watch, self.power, record)
        self._ids = count(0x1000)
        self.shell = self.new_shell(self.journal)

    def new_shell(self, journal: Journal) -> Shell:
        ports = Ports(
            journal=journal,
            clock=self.clock,
            keypad=self.keypad,
            screen=self.screen,
            power=self.power,
            buzzer=self.buzzer,
            link=self.link,
            lamp=self.lamp,
            button=self.button,
        )
        return Shell(ports, Identity(BOOT, "0.1.0", Language.EN), new_id=lambda: uid(next(self._ids)))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        """The shell's task, started; cancelled at the end when it still runs."""
        task = asyncio.create_task(self.shell.run())
        task.add_done_callback(lambda _: self.watch.ring())
        try:
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.wait(
                    {task, asyncio.ensure_future(self.shell.started.wait())},
                    return_when=asyncio.FIRST_COMPLETED,
                )
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def greet(self) -> None:
        """The broker and the hub are there, and have answered the hello."""
        self.link.found()
        self.link.say(HubReport(online=True, hub_epoch=HUB_EPOCH))
        self.link.say(
            Sync(
                hub_epoch=HUB_EPOCH,
                utc="2026-11-23T09:00:00Z",
                settings=PostSettings(language=Language.EN, grace_s=60),
            )
        )
        await self.until(lambda: bool(self.journal.saved) and self.journal.saved[-1].settings.grace_s == 60)

    def enter(self, code: str = CODE) -> None:
        self.keypad.press([*map(SignTyped, code), KeyPressed(Key.CONFIRM)])

    async def sent(self, kind: type[M]) -> M:
        """The last message of a kind, once there is one."""
        found: list[M] = []

        def look() -> bool:
            found[:] = [message for message in self.link.sent if isinstance(message, kind)]
            return bool(found)

        await self.until(look)
        return found[-1]

    async def redeem(self, seconds: int = 600) -> None:
        """A patron types a code and the hub grants a lease."""
        self.enter()
        asked = await self.sent(Redeem)
        self.link.say(Lease(LEASE, rev=1, total_s=seconds, req_id=asked.req_id))

    async def powered(self, seconds: int = 600) -> None:
        await self.redeem(seconds)
        await self.until(lambda: self.power.is_on)

    def _idle(self) -> bool:
        """Whether all that the fake time has brought about is done: threads work in real time."""
        if self.shell._display.busy and not self.screen.hanging:
            return False
        timer = self.shell._timer
        return timer is not None and timer[0] in self.clock.waiting and self.shell._queue.empty()

    async def time_passes(self, ms: int, holds: Callable[[], bool]) -> None:
        """Step by step, each tick being handled, until it holds or so much time has passed."""
        end = self.clock.now_ms() + ms
        while not holds() and self.clock.now_ms() < end:
            await self.until(self._idle)
            self.clock.advance(min(100, end - self.clock.now_ms()))
            for _ in range(TURNS):  # what this moment wakes begins its work, and is seen to be busy
                await asyncio.sleep(0)
        await self.until(holds)
