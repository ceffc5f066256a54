"""A program that keeps dying starts without power, says so, and tries again after a pause."""

from __future__ import annotations

from collections.abc import Callable

from hub.wire.messages import Redeem
from hub.wire.terms import Phase, Relay
from node.core.ledger import OpenLease, Record
from node.core.post import Identity
from node.shell import Shell
from tests.node.shell_driver import LEASE, Room, uid

PAUSE_MS = 60_000
STAY = Record(uid(7), OpenLease(LEASE, rev=1, total_s=600, debited_s=100))


def safe_room(record: Record | None) -> Room:
    room = Room(record)
    new_id: Callable[[], str] = room.shell._new_id
    me = Identity(uid(1), "0.1.0", room.shell._me.language)
    room.shell = Shell(room.shell._ports, me, new_id=new_id, safe_for_ms=PAUSE_MS)
    return room


async def test_a_stay_waits_dark_and_unspent_until_the_pause_is_over() -> None:
    room = safe_room(STAY)
    begun = room.clock.now_ms()
    async with room.running():
        await room.until(lambda: bool(room.link.reports) and "crash_loop" in room.link.last.faults)
        assert room.link.last.phase is Phase.FAULT
        await room.time_passes(PAUSE_MS - 1_000, lambda: room.screen.says("Out of order"))
        await room.time_passes(PAUSE_MS + 10_000, lambda: room.power.is_on)
        assert PAUSE_MS <= room.clock.now_ms() - begun <= PAUSE_MS + 6_000
        await room.until(lambda: room.link.last.faults == ())
        lease = room.journal.saved[-1].lease
        assert lease is not None
        assert lease.debited_s <= 110
    assert room.power.history == [Relay.OFF, Relay.ON, Relay.OFF]


async def test_no_code_is_taken_meanwhile() -> None:
    room = safe_room(Record(uid(7)))
    async with room.running():
        await room.until(lambda: bool(room.link.reports) and "crash_loop" in room.link.last.faults)
        await room.time_passes(15_000, lambda: room.screen.says("Out of order"))
        room.enter()
        await room.time_passes(5_000, lambda: room.screen.says("Out of order"))
        assert not any(isinstance(message, Redeem) for message in room.link.sent)
        assert room.journal.saved == [Record(uid(7))]


async def test_a_first_start_can_be_in_safe_mode_too() -> None:
    room = safe_room(None)
    async with room.running():
        await room.time_passes(PAUSE_MS + 10_000, lambda: bool(room.link.reports) and room.link.last.faults == ())
        assert room.journal.saved


async def test_it_ends_in_order_when_asked_to() -> None:
    room = safe_room(STAY)
    async with room.running() as task:
        room.shell.stop()
        await room.until(task.done)
        await task
    assert room.power.history == [Relay.OFF]
    assert room.journal.saved == [STAY]
