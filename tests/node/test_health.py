"""Signs of life: given while the node is sound, withheld when its loop, its journal or its relays are not."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

from hub.wire.terms import Relay
from node.core.events import FaultSeen
from node.core.ledger import OpenLease, Record
from node.core.post import Identity
from node.shell import Shell
from node.shell.health import RELAY_PATIENCE_MS
from node.shell.saver import HANG_MS
from tests.fakes.journal import MemoryJournal
from tests.fakes.supervisor import FakeSupervisor
from tests.fakes.watch import PATIENCE_S
from tests.node.shell_driver import LEASE, Room, uid

BEAT_MS = 5_000
STAY = Record(uid(7), OpenLease(LEASE, rev=1, total_s=600, debited_s=100))


class HangingJournal(MemoryJournal):
    """A journal whose saves can be made to hang, each in its thread, until it is let go."""

    def __init__(self, room: Room, record: Record | None) -> None:
        super().__init__(record)
        self._room, self._free, self.hanging = room, threading.Event(), False
        self._free.set()

    def hang(self) -> None:
        self._free.clear()

    def let_go(self) -> None:
        self._free.set()

    def save(self, record: Record) -> None:
        self.hanging = not self._free.is_set()
        self._room.watch.ring()
        assert self._free.wait(PATIENCE_S), "the test forgot to let the journal go"
        self.hanging = False
        super().save(record)
        self._room.watch.ring()


class WatchedRoom(Room):
    """A post with a supervisor, and a journal that may hang."""

    def __init__(self, record: Record | None = None) -> None:
        super().__init__(record)
        self.supervisor = FakeSupervisor(BEAT_MS, self.watch.ring)
        self.disk = HangingJournal(self, record)
        ports = replace(self.shell._ports, supervisor=self.supervisor, journal=self.disk)
        self.shell = Shell(ports, Identity(uid(1), "0.1.0", self.shell._me.language), new_id=self.shell._new_id)

    async def beats_after(self, ms: int) -> int:
        """How many more signs of life came while so much time passed."""
        before = self.supervisor.beats
        for _ in range(ms // 500):
            self.clock.advance(500)
            for _ in range(5):  # whoever was woken puts something on the queue
                await asyncio.sleep(0)
            await self.until(self._idle)
        return self.supervisor.beats - before

    async def hung(self) -> None:
        """The next save hangs, for as long as a save may."""
        self.disk.hang()
        await self.time_passes(9_000, lambda: self.disk.hanging)
        assert self.power.is_on
        await self._advance(HANG_MS)
        await self.until(lambda: not self.power.is_on)

    async def beat_passes(self) -> None:
        """Time for one more sign of life, whatever hangs."""
        await self._advance(BEAT_MS)
        await self.until(lambda: self.clock.now_ms() + BEAT_MS in self.clock.waiting)

    async def _advance(self, ms: int) -> None:
        """All at once, but when the display has done its work: it would seem to hang, too."""
        await self.until(lambda: not self.shell._display.busy)
        self.clock.advance(ms)

    def _idle(self) -> bool:
        return self.disk.hanging or super()._idle()


async def test_it_is_ready_when_it_takes_keys_and_says_what_it_does() -> None:
    room = WatchedRoom()
    async with room.running() as task:
        await room.until(lambda: room.supervisor.beats > 0)
        assert room.supervisor.told.index("ready") < room.supervisor.told.index("alive")
        assert "status idle; hub: no_broker" in room.supervisor.told
        room.shell.stop()
        await room.until(task.done)
    assert "stopping" in room.supervisor.told


async def test_what_it_does_is_said_again_only_when_it_changes() -> None:
    room = WatchedRoom(STAY)
    async with room.running():
        await room.until(lambda: room.power.is_on)
        await room.beats_after(30_000)
        said = [word for word in room.supervisor.told if word.startswith("status")]
        assert said == ["status running; hub: no_broker"]


async def test_a_sound_node_gives_a_sign_each_beat() -> None:
    room = WatchedRoom()
    async with room.running():
        await room.until(lambda: room.supervisor.beats == 1)
        assert await room.beats_after(10 * BEAT_MS) in (9, 10, 11)


async def test_a_save_that_hangs_stops_the_signs_and_cuts_the_power_until_it_is_over() -> None:
    room = WatchedRoom(STAY)
    async with room.running():
        await room.until(lambda: room.power.is_on)
        await room.hung()
        beats = room.supervisor.beats
        for _ in range(4):
            await room.beat_passes()
        assert room.supervisor.beats == beats
        room.disk.let_go()
        await room.until(lambda: room.power.is_on)
        await room.until(lambda: room.supervisor.beats > beats)
        assert room.power.history == [Relay.OFF, Relay.ON, Relay.OFF, Relay.ON]


async def test_an_end_that_was_asked_for_meanwhile_gives_no_power_back() -> None:
    room = WatchedRoom(STAY)
    async with room.running() as task:
        await room.until(lambda: room.power.is_on)
        room.disk.hang()
        room.shell.stop()
        await room.until(lambda: room.disk.hanging)
        await room.until(lambda: room.clock.now_ms() + HANG_MS in room.clock.waiting)
        room.clock.advance(HANG_MS)
        room.disk.let_go()
        await room.until(task.done)
        await task
    assert room.power.history == [Relay.OFF, Relay.ON, Relay.OFF]


async def test_a_journal_that_fails_is_known_and_no_reason_to_be_killed() -> None:
    room = WatchedRoom(STAY)
    async with room.running():
        room.disk.broken = True
        await room.time_passes(20_000, lambda: "journal" in room.link.last.faults)
        assert await room.beats_after(4 * BEAT_MS) >= 3


async def test_a_relay_that_is_on_behind_the_cores_back_stops_the_signs() -> None:
    room = WatchedRoom(Record(uid(7)))
    async with room.running():
        await room.until(lambda: room.supervisor.beats > 0)
        room.power.on()
        await room.beats_after(RELAY_PATIENCE_MS + BEAT_MS)
        assert await room.beats_after(4 * BEAT_MS) == 0
        room.power.off()
        assert await room.beats_after(4 * BEAT_MS) >= 3


async def test_a_relay_fault_that_the_core_knows_of_is_no_reason_to_be_killed() -> None:
    room = WatchedRoom(Record(uid(7)))
    async with room.running():
        await room.until(lambda: room.supervisor.beats > 0)
        room.shell._put(FaultSeen("relay:display"))
        room.power.on()
        await room.beats_after(RELAY_PATIENCE_MS + BEAT_MS)
        assert await room.beats_after(4 * BEAT_MS) >= 3


async def test_a_queue_that_stands_still_does_not_grow() -> None:
    room = WatchedRoom(STAY)
    async with room.running():
        await room.until(lambda: room.power.is_on)
        await room.hung()
        for _ in range(20):
            await room.beat_passes()
        assert room.shell._queue.qsize() <= 3
        room.disk.let_go()
