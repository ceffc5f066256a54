"""A keypad that never stops typing: the cut comes on time all the same, and nothing piles up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from hub.wire.messages import Redeem, Settle
from node.core.events import KeypadBack, KeypadLost, KeyPressed, SignTyped
from node.core.ledger import OpenLease, Record
from node.shell.shell import _ROOM
from tests.node.shell_driver import CODE, LEASE, Room, uid


class Flood:
    """A Keypad whose next key is there as soon as one is taken."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self.taken, self._ring = 0, ring

    async def events(self) -> AsyncIterator[SignTyped | KeyPressed | KeypadLost | KeypadBack]:
        while True:
            yield SignTyped(CODE[self.taken % len(CODE)])
            self.taken += 1
            self._ring()
            await asyncio.sleep(0)


def flooded(record: Record | None = None) -> tuple[Room, Flood]:
    """A room with such a keypad."""
    room = Room(record)
    flood = Flood(room.watch.ring)
    room.keypad = flood  # type: ignore[assignment]  # it takes no presses from a test
    room.shell = room.new_shell(room.journal)
    return room, flood


async def test_the_cut_waits_for_no_key() -> None:
    lease = OpenLease(LEASE, rev=1, total_s=600, debited_s=595, grace_given=True)
    room, flood = flooded(Record(uid(7), lease))
    async with room.running():
        await room.until(lambda: room.power.is_on)
        await room.until(lambda: flood.taken > 5 * _ROOM)
        before = flood.taken
        room.clock.advance(6_000)
        await room.until(lambda: not room.power.is_on)
        assert flood.taken - before <= 3 * _ROOM, "so many keys came before the cut"


async def test_the_hub_is_heard_and_nothing_is_sent_or_written_for_the_keys() -> None:
    room, flood = flooded()
    async with room.running():
        await room.greet()
        await room.until(lambda: flood.taken > 5 * _ROOM)  # what the greeting had written is written by then
        saves = len(room.journal.saved)
        await room.until(lambda: flood.taken > 20 * _ROOM)
        assert len(room.journal.saved) == saves
        assert not [message for message in room.link.sent if isinstance(message, Redeem | Settle)]
        assert room.shell._queue.qsize() <= _ROOM + 1
