"""One queue: event -> step -> effects. Nothing else in the node decides anything."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace

from hub.wire.messages import PostReport
from hub.wire.terms import STATUS_PERIOD_S
from node.core.effects import Beep, Effect, Examine, PowerOff, PowerOn, Save, Send
from node.core.events import Event, FaultGone, FaultSeen, Moment, Stopping, Tick
from node.core.ledger import Record
from node.core.post import Identity, Post, boot, deadline, picture, report, step
from node.core.state import JOURNAL_FAULT
from node.ports import JournalError, Loaded
from node.shell.display import Display
from node.shell.examiner import Examiner
from node.shell.health import Health
from node.shell.outbox import Outbox
from node.shell.panel import Panel
from node.shell.parts import Ports, first, for_ever
from node.shell.safe_mode import HeldJournal, tell_of_safe_mode
from node.shell.saver import Saver

_TICK_GAP_MS = 10
"""The least time between two ticks: a deadline that has passed must not become a busy loop."""
_ROOM = 64
"""Events that may wait; then keypad and link have to."""
_LAST_WORDS_S = 2.0

_log = logging.getLogger(__name__)


class Shell:
    """A post at work: `run()` it once; `stop()` ends it in order.

    `new_id` makes UUIDs; `watch`, where given, sees every report that is published. `safe_for_ms`: begin in safe
    mode, without power and out of order, for so long (see safe_mode.py).
    """

    def __init__(
        self,
        ports: Ports,
        me: Identity,
        *,
        new_id: Callable[[], str],
        watch: Callable[[PostReport], None] | None = None,
        safe_for_ms: int = 0,
    ) -> None:
        self._ports, self._me, self._new_id, self._watch = ports, me, new_id, watch
        self._clock = ports.clock
        self._queue: asyncio.Queue[tuple[Event, bool]] = asyncio.Queue()
        self._room = asyncio.Semaphore(_ROOM)
        self._display = Display(ports.screen, ports.clock, self._put)
        self._outbox = Outbox(ports.link)
        self._panel = Panel(ports.lamp, ports.power)
        self._examiner = Examiner(ports, lambda: self._post, self._outbox.send)
        self._health = Health(ports.supervisor, ports.clock, lambda: self._put(Tick()), ports.power.relays)
        self._safe_until = self._clock.now_ms() + safe_for_ms if safe_for_ms else None
        held = HeldJournal(ports.journal, ports.clock, self._safe_until) if self._safe_until else ports.journal
        self._saver = Saver(held, ports.clock, ports.power)
        self._post: Post
        self._journal_down = False
        self._stopping = False
        self._started_at = self._status_at = self._ticked_at = self._clock.now_ms()
        self._timer: tuple[int, asyncio.Task[None]] | None = None
        self._told: PostReport | None = None
        self.started = asyncio.Event()
        """Set when the post takes keys."""

    def stop(self) -> None:
        """Ask for an orderly end: power off, unspent seconds given back, the hub told. Callable by a signal."""
        self._put(Stopping())

    def snapshot(self) -> PostReport:
        """The status as it is now; only once `started`."""
        now = self._moment()
        return replace(
            report(self._post, now),
            relays=dict(self._ports.power.relays()),
            uptime_s=(now.ms - self._started_at) // 1000,
            seq=self._told.seq if self._told else 0,
        )

    async def run(self) -> None:
        """From the journal to the orderly end that `stop()` asks for. The relays are off before, and after.

        Raises JournalError when the journal cannot be read at the start, ShellDied when a part ends that must
        not; any other exception is a bug. Cancelling leaves the journal as a power cut would.
        """
        self._ports.power.off()
        try:
            await self._boot()
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._pump("keypad", self._ports.keypad.events())),
                    group.create_task(self._pump("link to the hub", self._ports.link.events())),
                    group.create_task(self._pump("relays", self._ports.power.events())),
                    group.create_task(for_ever("screen", self._display.run())),
                    group.create_task(for_ever("way to the hub", self._outbox.run())),
                    group.create_task(for_ever("self-test", self._examiner.run())),
                    group.create_task(self._health.run()),
                ]
                if self._safe_until is not None:
                    tasks.append(group.create_task(tell_of_safe_mode(self._safe_until, self._clock, self._put)))
                if self._ports.button is not None:
                    tasks.append(group.create_task(self._pump("button", self._ports.button.events())))
                self.started.set()
                self._ports.supervisor.ready()
                await self._loop(group)
                self._ports.supervisor.stopping()
                self._disarm()
                await self._outbox.drained(_LAST_WORDS_S)
                await self._ports.link.close()
                for task in tasks:
                    task.cancel()
        except ExceptionGroup as group_error:
            raise first(group_error) from group_error
        finally:
            self._ports.power.off()
            self._disarm()
            await self._display.close()

    async def _boot(self) -> None:
        loaded = await asyncio.to_thread(self._ports.journal.load)
        if loaded.aside is not None:
            _log.error("the journal could not be read and was put aside as %s", loaded.aside)
        record = loaded.record or Record(state_epoch=self._new_id())
        self._panel.begin(record)
        try:
            await self._boot_from(record, loaded)
        except JournalError as error:
            _log.error("the journal cannot be written: %s", error)
            self._ports.power.off()
            self._journal_down = True
            self._post, effects = boot(
                record, self._me, self._moment(), older=loaded.older, aside=loaded.aside or "", journal_down=True
            )
            await self._carry_out(effects)
        self._after()

    async def _boot_from(self, record: Record, loaded: Loaded) -> None:
        post, effects = boot(record, self._me, self._moment(), older=loaded.older, aside=loaded.aside or "")
        # The epoch must outlive a power cut before anyone hears of it; a safe mode is to be refused at once.
        if loaded.record is None or self._safe_until is not None:
            await self._save(Save(record, twice=True))
        await self._carry_out(effects)
        self._post = post

    async def _loop(self, group: asyncio.TaskGroup) -> None:
        while not self._stopping:
            self._arm(group)
            event, from_source = await self._queue.get()
            if from_source:
                self._room.release()
            if isinstance(event, Tick):
                self._disarm()
                self._ticked_at = self._clock.now_ms()
            await self._handle(event)
            self._saver.relight(self._post)
            self._after()
            self._health.handled(self._post)
            self._stopping = isinstance(event, Stopping)

    async def _handle(self, event: Event) -> None:
        """One step. When it cannot be made durable it has not happened: the old post learns of the fault."""
        post, effects = step(self._post, event, self._moment())
        try:
            await self._carry_out(effects)
        except JournalError as error:
            if not self._journal_down:
                _log.error("the journal cannot be written: %s", error)
            self._journal_down = True
            if isinstance(event, Stopping):
                return  # the end comes all the same: the power is off, and the next start finds the debits as they were
            post, effects = step(self._post, FaultSeen(JOURNAL_FAULT), self._moment())
            await self._carry_out(effects)  # a post that knows of the fault asks for no Save here
        self._post = post

    async def _carry_out(self, effects: Sequence[Effect]) -> None:
        """Each effect in order; JournalError leaves those after it undone."""
        for effect in effects:
            match effect:
                case Save():
                    await self._save(effect)
                case PowerOn():
                    self._ports.power.on()
                case PowerOff():
                    self._ports.power.off()
                case Send(message):
                    self._outbox.send(message)
                case Beep(sound):
                    self._ports.buzzer.beep(sound)
                case Examine(test_id):
                    self._examiner.begin(test_id)

    async def _save(self, save: Save) -> None:
        for _ in range(2 if save.twice else 1):
            await self._saver.save(save.record)
        if self._journal_down:
            _log.info("the journal can be written again")
            self._journal_down = False
            self._put(FaultGone(JOURNAL_FAULT))

    def _after(self) -> None:
        """Show and tell what has changed, and the status each STATUS_PERIOD_S."""
        now = self._clock.now_ms()
        self._display.show(picture(self._post, self._moment()))
        told = self.snapshot()
        self._panel.see(self._post, told)
        self._health.say(told)
        changed = self._told is None or _telling(told) != _telling(self._told)
        due = now >= self._status_at
        if not changed and not due:
            return
        if due:
            self._status_at = now + STATUS_PERIOD_S * 1000
        self._told = replace(told, seq=told.seq + 1)
        self._outbox.report(self._told, periodic=not changed)
        if self._watch is not None:
            self._watch(self._told)

    def _arm(self, group: asyncio.TaskGroup) -> None:
        """Have a Tick put on the queue when the post or its status next needs one."""
        wanted = deadline(self._post)
        due = self._status_at if wanted is None else min(wanted, self._status_at)
        due = max(due, self._ticked_at + _TICK_GAP_MS)
        if self._timer is None or self._timer[0] != due:
            self._disarm()
            self._timer = due, group.create_task(self._tick_at(due))

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer[1].cancel()
            self._timer = None

    async def _tick_at(self, ms: int) -> None:
        await self._clock.wait_until(ms)
        self._put(Tick())

    async def _pump(self, name: str, events: AsyncIterator[Event]) -> None:
        async def pump() -> None:
            async for event in events:
                await self._room.acquire()
                self._queue.put_nowait((event, True))
            if self._stopping:  # the link ends when it is closed: wait to be cancelled like the others
                await asyncio.Event().wait()

        await for_ever(name, pump())

    def _put(self, event: Event) -> None:
        self._queue.put_nowait((event, False))

    def _moment(self) -> Moment:
        return Moment(self._clock.now_ms(), self._new_id())


def _telling(told: PostReport) -> PostReport:
    """The parts of a status that are worth a message of their own: what counts by itself is not."""
    return replace(told, debited_s=0, remaining_s=0, grace_left_s=0, retry_after_s=0, uptime_s=0, seq=0)
