"""Power cuts at every write of a stay, on the whole shell: its order of saving, switching and sending, its threads.

As test_journal_power_cuts.py, which plays more of a stay on the core alone: the stay is played once, a picture is taken
around each system call of the journal of every disk that a power cut could leave there, and a whole shell is started
from each.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.wire.messages import HubReport, Incident, Lease, PostSettings, Redeem, Settle, Settled, Sync
from hub.wire.terms import SLICE_S, IncidentKind, Language, Relay
from node.adapters.journal_file import JournalFile
from node.core.events import Key, KeyPressed
from node.core.ledger import Record
from node.ports import Loaded
from tests.fakes.disk import Disk
from tests.node.shell_driver import HUB_EPOCH, LEASE, Room
from tests.node.test_journal_power_cuts import SPOILT, newest_first

FOLDER = Path("/journal")
TOTAL_S = 600
STAY_MS = 19_500
"""Two debits after the first."""
CALLS = ("create", "write", "sync", "close", "rename", "sync_folder")


class JournalOnDisk:
    """The real journal on a disk in memory; `saved` is what became durable, `loaded` what it held at the start."""

    def __init__(self, room: Room, disk: Disk) -> None:
        self._room, self._file = room, JournalFile(FOLDER, disk)
        self.saved: list[Record] = []
        self.loaded: Loaded | None = None

    def load(self) -> Loaded:
        self.loaded = self._file.load()
        return self.loaded

    def save(self, record: Record) -> None:
        self._file.save(record)
        self.saved.append(record)
        self._room.watch.ring()


class RoomOnDisk(Room):
    """A post whose shell writes that journal, and how long it has been powered."""

    def __init__(self, disk: Disk) -> None:
        super().__init__()
        self.disk, self.on_disk = disk, JournalOnDisk(self, disk)
        self.shell = self.new_shell(self.on_disk)
        self._looked_at, self._powered_ms = self.clock.now_ms(), 0
        self._was_on = False

    def paid_ms(self) -> int:
        """Asked at each change of the power at the latest, which comes at a moment of the fake clock."""
        now = self.clock.now_ms()
        if self._was_on:
            self._powered_ms += now - self._looked_at
        self._looked_at, self._was_on = now, self.power.is_on
        return self._powered_ms

    async def greet_with(self, lease: Lease | None = None) -> None:
        """The broker and the hub are there, and the hub states what it knows."""
        self.link.found()
        self.link.say(HubReport(online=True, hub_epoch=HUB_EPOCH))
        settings = PostSettings(language=Language.EN, grace_s=60)
        self.link.say(Sync(hub_epoch=HUB_EPOCH, utc="2026-11-23T09:00:00Z", lease=lease, settings=settings))
        await self.until(lambda: self.shell.snapshot().hub_link.value == "ok")

    def settled_s(self) -> int | None:
        """What the hub was told that the lease cost, which is the same each time."""
        told = {message.debited_s for message in self.link.sent if isinstance(message, Settle)}
        assert len(told) < 2, "a settlement never changes"
        return told.pop() if told else None


@dataclass(frozen=True, slots=True)
class Cut:
    """A moment at which the power goes: one disk that it may leave, and what was true in the world."""

    files: tuple[tuple[str, bytes], ...]
    paid_ms: int
    granted: Lease | None
    settled_s: int | None


async def cuts_of_a_stay() -> dict[Cut, str]:
    """A code, some twenty seconds, a pause, and the hub's word that it is settled; each cut by its first call."""
    room, found, granted = RoomOnDisk(Disk()), dict[Cut, str](), list[Lease]()
    calls: set[str] = set()

    def look(call: str) -> None:
        paid_ms = room.paid_ms()
        for files in room.disk.survivors():
            cut = Cut(tuple(sorted(files.items())), paid_ms, granted[-1] if granted else None, room.settled_s())
            found.setdefault(cut, call)
        calls.add(call)

    room.disk.watch = look
    async with room.running():
        await room.greet_with()
        room.enter()
        granted.append(Lease(LEASE, rev=1, total_s=TOTAL_S, req_id=(await room.sent(Redeem)).req_id))
        room.link.say(granted[-1])
        await room.until(lambda: room.power.is_on)
        room.paid_ms()
        end_ms = room.clock.now_ms() + STAY_MS
        await room.time_passes(STAY_MS, lambda: room.clock.now_ms() >= end_ms)
        room.keypad.press([KeyPressed(Key.PAUSE)])
        await room.sent(Settle)
        assert room.power.history == [Relay.OFF, Relay.ON, Relay.OFF]
        granted.clear()
        room.link.say(Settled(LEASE))
        await room.until(lambda: room.on_disk.saved[-1].closed == ())
    assert calls == {f"{when} {call}" for when in ("before", "after") for call in CALLS}
    return found


async def bill_s(cut: Cut) -> tuple[int, int]:
    """A shell that starts from that disk: what the hub charges in the end, and the milliseconds of power after it.

    The hub states the lease as long as it has no settlement; the patron ends what goes on.
    """
    room = RoomOnDisk(Disk(dict(cut.files)))
    async with room.running() as task:
        assert not task.done(), "the start is refused"
        loaded = room.on_disk.loaded
        assert loaded is not None
        assert (loaded.older, loaded.aside) == (False, None)
        await room.greet_with(cut.granted)
        record = loaded.record
        if record is not None and record.lease is not None:
            await room.until(lambda: room.power.is_on)
            room.keypad.press([KeyPressed(Key.END)])
            await room.sent(Settle)
        elif cut.granted is not None and cut.settled_s is None:
            await room.sent(Settle)
        elif record is not None and record.closed:
            assert record.closed[0].debited_s == cut.settled_s, "a settlement never changes"
        assert not room.power.is_on
        told = {settled_s for settled_s in (cut.settled_s, room.settled_s()) if settled_s is not None}
        assert len(told) <= 1, "a settlement never changes"
        return told.pop() if told else 0, room.paid_ms()


async def test_from_every_power_cut_a_whole_shell_starts_and_charges_at_most_a_slice_more() -> None:
    cuts = await cuts_of_a_stay()
    assert len({cut.paid_ms for cut in cuts}) >= 4, "at the first debit, at two more, and at the end"
    assert len(cuts) > 100
    for cut, call in cuts.items():
        charged_s, more_ms = await bill_s(cut)
        assert 0 <= charged_s * 1000 - cut.paid_ms - more_ms <= SLICE_S * 1000, call


async def disk_of_a_stay() -> dict[str, bytes]:
    """What is on the disk in the midst of one."""
    room = RoomOnDisk(Disk())
    async with room.running():
        await room.greet_with()
        await room.powered(TOTAL_S)
    return dict(room.disk.durable)


@pytest.mark.parametrize("spoil", SPOILT)
@pytest.mark.parametrize("generations", [1, 2])
async def test_a_spoilt_journal_is_no_reason_not_to_start_and_the_desk_hears_of_it(
    spoil: str, generations: int
) -> None:
    files = await disk_of_a_stay()
    for name in newest_first(files)[:generations]:
        files[name] = SPOILT[spoil](files[name])
    room = RoomOnDisk(Disk(files))
    async with room.running():
        await room.greet_with()
        await room.sent(Incident)
        told = {message.kind: message.detail for message in room.link.sent if isinstance(message, Incident)}
        if generations == 1:
            await room.until(lambda: room.power.is_on)
        assert room.power.is_on is (generations == 1), "the other generation is used, or a new card begins in the dark"
        aside = sorted(name for name in room.disk.durable if ".bad-" in name)
        assert told[IncidentKind.JOURNAL_QUARANTINED] == ", ".join(aside)
