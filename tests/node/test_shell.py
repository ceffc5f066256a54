"""The shell among fakes: keys become power, and nothing that breaks gives power away or takes it wrongly."""

from __future__ import annotations

import asyncio
from typing import NoReturn

import pytest

from hub.wire.messages import Redeem, Settle
from hub.wire.terms import HubLink, Phase, Relay, SettleReason
from node.core.events import Key, KeyPressed, SignTyped
from node.core.ledger import OpenLease, Record
from node.ports import JournalError
from node.shell import ShellDied
from tests.node.shell_driver import BOOT, CODE, LEASE, Room, uid


async def test_a_code_becomes_power_and_the_debit_is_durable_before() -> None:
    room = Room()
    async with room.running():
        await room.greet()
        await room.powered(600)
        lease = room.journal.saved[-1].lease
        assert lease is not None
        assert (lease.lease_id, lease.total_s, lease.debited_s > 0) == (LEASE, 600, True)
        assert not any(room.journal.power_at_save)
        assert (await room.sent(Redeem)).code == CODE
        await room.until(lambda: room.screen.says("10:00"))
        await room.until(lambda: room.link.last.phase is Phase.RUNNING)
        assert room.link.last.relays == {"display": Relay.ON}


async def test_a_first_start_has_a_durable_epoch_before_anyone_hears_of_it() -> None:
    room = Room()
    async with room.running():
        first, *_ = room.journal.saved
        assert first.lease is None
        await room.until(lambda: bool(room.link.reports))
        assert room.link.reports[0][0].state_epoch == first.state_epoch
        assert room.link.reports[0][0].boot_id == BOOT


async def test_a_stay_goes_on_after_a_power_cut() -> None:
    room = Room(Record(uid(7), OpenLease(LEASE, rev=1, total_s=600, debited_s=100)))
    async with room.running():
        await room.until(lambda: room.power.is_on)
        lease = room.journal.saved[-1].lease
        assert lease is not None
        assert 100 < lease.debited_s <= 110


async def test_an_orderly_stop_cuts_journals_and_tells() -> None:
    room = Room()
    async with room.running() as task:
        await room.greet()
        await room.powered(600)
        room.clock.advance(3_500)
        room.shell.stop()
        await room.until(task.done)
        await task
    assert not room.power.is_on
    lease = room.journal.saved[-1].lease
    assert lease is not None
    assert lease.debited_s == 4  # what was used, rounded up; the lease stays open for the next start
    assert room.link.closed
    assert room.screen.closed
    assert room.link.last.relays == {"display": Relay.OFF}


async def test_an_orderly_stop_cuts_once_and_for_all_though_the_journal_is_full() -> None:
    room = Room()
    async with room.running() as task:
        await room.greet()
        await room.powered(600)
        room.journal.broken = True
        room.shell.stop()
        await room.until(task.done)
        await task
    assert room.power.history == [Relay.OFF, Relay.ON, Relay.OFF]
    assert room.link.closed


async def test_a_stop_waits_for_no_timer() -> None:
    room = Room(Record(uid(7)))
    async with room.running() as task:
        await room.greet()
        room.shell.stop()
        await room.until(task.done)
        await task


async def test_being_killed_cuts_and_journals_nothing() -> None:
    room = Room()
    async with room.running() as task:
        await room.greet()
        await room.powered(600)
        saved = len(room.journal.saved)
        task.cancel()
        await asyncio.wait({task})
    assert not room.power.is_on
    assert len(room.journal.saved) == saved
    assert not room.link.closed


async def test_relays_found_on_go_off_before_the_journal_is_read() -> None:
    room = Room(Record(uid(7)))
    room.power.on()
    async with room.running():
        assert room.power.history == [Relay.OFF, Relay.ON, Relay.OFF]


async def test_the_end_key_settles() -> None:
    room = Room()
    async with room.running():
        await room.greet()
        await room.powered(600)
        room.keypad.press([KeyPressed(Key.END)])
        settled = await room.sent(Settle)
        assert (settled.lease_id, settled.reason) == (LEASE, SettleReason.ENDED_HERE)
        assert not room.power.is_on


async def test_a_debit_that_cannot_be_written_gives_no_power() -> None:
    room = Room()
    async with room.running():
        await room.greet()
        room.enter()
        await room.sent(Redeem)
        room.journal.broken = True
        await room.redeem()
        await room.until(lambda: room.link.last.faults == ("journal",))
        assert room.power.history == [Relay.OFF]
        room.journal.broken = False
        await room.time_passes(11_000, lambda: room.link.last.faults == ())


async def test_a_running_stay_ends_with_its_paid_time_when_the_journal_dies() -> None:
    room = Room()
    async with room.running():
        await room.greet()
        await room.powered(600)
        room.journal.broken = True
        begun = room.clock.now_ms()
        await room.time_passes(15_000, lambda: not room.power.is_on)
        assert room.clock.now_ms() - begun <= 10_200


async def test_a_journal_that_is_full_at_the_start_heals() -> None:
    room = Room(Record(uid(7), OpenLease(LEASE, rev=1, total_s=600, debited_s=100)))
    room.journal.broken = True
    async with room.running():
        await room.until(lambda: bool(room.link.reports) and room.link.last.faults == ("journal",))
        assert not room.power.is_on
        room.journal.broken = False
        await room.time_passes(11_000, lambda: room.power.is_on)


async def test_a_journal_that_cannot_be_read_ends_the_program() -> None:
    class Unreadable:
        def load(self) -> NoReturn:
            raise JournalError("journal: Permission denied")

        def save(self, record: Record) -> None: ...

    room = Room()
    room.shell = room.new_shell(Unreadable())
    async with room.running() as task:
        with pytest.raises(JournalError, match="Permission denied"):
            await task


async def test_a_dead_screen_is_a_fault_that_heals_and_delays_nothing() -> None:
    room = Room()
    room.screen.broken = True
    async with room.running():
        await room.greet()
        await room.powered()
        await room.until(lambda: room.link.last.faults == ("screen",))
        room.screen.broken = False
        await room.time_passes(6_000, lambda: bool(room.screen.shown))
        await room.until(lambda: room.link.last.faults == ())


async def test_a_hanging_screen_delays_no_power() -> None:
    room = Room()
    room.screen.hang()
    try:
        async with room.running():
            await room.greet()
            await room.powered()
            await room.time_passes(3_000, lambda: room.link.last.faults == ("screen",))
            room.screen.let_go()
            await room.until(lambda: room.link.last.faults == ())
    finally:
        room.screen.let_go()


async def test_a_blinking_picture_is_shown_by_turns() -> None:
    room = Room(Record(uid(7)))
    async with room.running():
        await room.greet()
        await room.powered(5)
        await room.time_passes(10_000, lambda: len([shown for shown in room.screen.shown if shown.blink]) > 1)
        blinks = [shown.blink for shown in room.screen.shown if "up" in shown.title]
        assert blinks[:3] == [True, False, True]


async def test_a_stuck_broker_does_not_delay_the_cut() -> None:
    room = Room()
    async with room.running():
        await room.greet()
        await room.powered(600)
        room.link.stick()
        room.keypad.press([KeyPressed(Key.END)])
        await room.until(lambda: not room.power.is_on)
        room.link.unstick()
        await room.sent(Settle)


async def test_the_status_is_told_when_it_changes_and_each_ten_seconds() -> None:
    room = Room()
    async with room.running():
        await room.until(lambda: len(room.link.reports) == 1)
        assert room.link.reports[0][1] is False
        await room.time_passes(10_000, lambda: len(room.link.reports) == 2)
        told, periodic = room.link.reports[1]
        assert (periodic, told.uptime_s, told.seq) == (True, 10, 2)
        room.keypad.press([SignTyped("K")])
        await room.until(lambda: len(room.link.reports) == 3)
        told, periodic = room.link.reports[2]
        assert (periodic, told.phase, told.hub_link) == (False, Phase.ENTERING, HubLink.NO_BROKER)


async def test_a_countdown_alone_is_not_worth_a_message() -> None:
    room = Room()
    async with room.running():
        await room.greet()
        await room.powered(600)
        await room.until(lambda: room.link.last.phase is Phase.RUNNING)
        told = [report for report, periodic in room.link.reports if not periodic]
        await room.time_passes(5_000, lambda: room.screen.says("9:5"))
        assert room.shell.snapshot().remaining_s < 600
        assert [report for report, periodic in room.link.reports if not periodic] == told


async def test_a_source_that_dies_takes_the_program_down_with_its_power() -> None:
    room = Room()
    async with room.running() as task:
        await room.greet()
        await room.powered()
        room.keypad.die(RuntimeError("kernel bug"))
        with pytest.raises(ShellDied, match="the keypad failed: RuntimeError: kernel bug"):
            await task
    assert not room.power.is_on
