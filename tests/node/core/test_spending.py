"""Spending a lease: debit before use, exact cuts, warnings, orderly ends (R5)."""

from __future__ import annotations

import pytest

from hub.wire.messages import PostSettings, Settle
from hub.wire.terms import SLICE_S, Language, Phase, SettleReason
from node.core.effects import PowerOn, Save, Sound
from node.core.events import Key
from node.core.ledger import DEBIT_S, ClosedLease
from tests.node.core.driver import EPOCH, LEASE, PostUnderTest, beeps, kinds, only, saves, settles

NO_GRACE = PostSettings(language=Language.EN, grace_s=0)


def test_a_lease_is_durable_twice_with_its_first_slice_before_the_power_comes_on() -> None:
    post = PostUnderTest()
    first, second = post.run(3600)
    assert isinstance(first, Save)
    assert first.twice
    assert first.record.lease is not None
    assert (first.record.lease.debited_s, first.record.request) == (DEBIT_S, None)
    assert second == PowerOn()
    assert post.powered()


def test_each_slice_is_written_a_second_before_the_paid_time_is_over() -> None:
    post = PostUnderTest()
    post.run(3600)
    assert saves(post.wait(DEBIT_S - 1.001)) == []
    written = only(saves(post.wait(0.001)))
    assert written.lease is not None
    assert written.lease.debited_s == 2 * DEBIT_S


def test_the_last_slice_is_what_is_left() -> None:
    post = PostUnderTest()
    post.run(DEBIT_S + 2)
    post.wait(DEBIT_S)
    assert post.disk.lease is not None
    assert post.disk.lease.debited_s == DEBIT_S + 2


@pytest.mark.parametrize("total_s", [1, 2, 8, 9, 10, 11, 60, 3600])
def test_power_lasts_for_exactly_the_seconds_of_the_lease(total_s: int) -> None:
    post = PostUnderTest()
    post.sync(settings=NO_GRACE)
    post.run(total_s)
    post.wait(total_s + 5)
    assert not post.powered()
    assert post.enjoyed_ms == total_s * 1000
    assert only(settles(post.log)) == Settle(LEASE, 1, total_s, total_s, EPOCH, SettleReason.EXPIRED)


def test_a_close_goes_off_then_is_durable_twice_then_is_settled() -> None:
    post = PostUnderTest()
    post.sync(settings=NO_GRACE)
    post.run(60)
    *_, off, save, settle, beep = post.wait(60)
    assert kinds([off, save, settle, beep]) == ["PowerOff", "Save", "Send", "Beep"]
    assert isinstance(save, Save)
    assert save.twice
    assert save.record.closed == (ClosedLease(LEASE, 1, 60, 60, SettleReason.EXPIRED),)
    assert beeps([beep]) == [Sound.END]


def test_a_stalled_loop_is_charged_for_the_time_that_was_enjoyed() -> None:
    post = PostUnderTest()
    post.run(3600)
    post.stall(100)
    assert post.disk.lease is not None
    assert 100 <= post.disk.lease.debited_s <= 100 + SLICE_S
    assert post.report().remaining_s == 3500


def test_a_stall_beyond_the_end_charges_all_and_still_has_its_grace() -> None:
    post = PostUnderTest()
    post.run(60)
    post.stall(70)
    assert post.report().phase is Phase.GRACE
    assert post.report().grace_left_s == 50
    post.wait(50)
    assert not post.powered()
    assert post.enjoyed_ms == 120_000


def test_a_stall_beyond_the_grace_ends_at_once() -> None:
    post = PostUnderTest()
    post.run(60)
    post.stall(1000)
    assert not post.powered()
    assert only(settles(post.log)).debited_s == 60


@pytest.mark.parametrize(("key", "reason"), [(Key.PAUSE, SettleReason.PAUSED_HERE), (Key.END, SettleReason.ENDED_HERE)])
@pytest.mark.parametrize(("after_s", "used_s"), [(0, 0), (0.3, 1), (1, 1), (8.5, 9), (9, 9), (100.001, 101)])
def test_an_orderly_close_charges_what_was_used_rounded_up(
    key: Key, reason: SettleReason, after_s: float, used_s: int
) -> None:
    post = PostUnderTest()
    post.run(3600)
    post.wait(after_s)
    effects = post.press(key)
    assert kinds(effects) == ["PowerOff", "Save", "Send", "Beep"]
    assert only(settles(effects)) == Settle(LEASE, 1, 3600, used_s, EPOCH, reason)
    assert not post.powered()


def test_a_close_charges_no_less_than_any_report_or_hello_has_told() -> None:
    post = PostUnderTest()
    post.run(3600)
    told = 0
    for _ in range(40):
        post.wait(0.7)
        told = max(told, post.report().debited_s)
    assert only(settles(post.press(Key.PAUSE))).debited_s >= told


@pytest.mark.parametrize("key", [Key.PAUSE, Key.END, Key.BALANCE])
def test_pause_end_and_balance_mean_nothing_while_nothing_runs(key: Key) -> None:
    post = PostUnderTest()
    shown = post.text
    assert post.press(key) == []
    assert post.text == shown


def test_each_warning_sounds_once_and_blinks_for_ten_seconds() -> None:
    post = PostUnderTest()
    post.run(310)
    assert beeps(post.wait(9.9)) == []
    assert beeps(post.wait(0.1)) == [Sound.WARNING]
    assert post.picture().blink
    post.wait(10)
    assert not post.picture().blink
    assert beeps(post.wait(229)) == []
    assert beeps(post.wait(1)) == [Sound.WARNING]


def test_a_lease_that_begins_below_a_warning_is_not_warned_of_it() -> None:
    post = PostUnderTest()
    post.run(60)
    assert beeps(post.wait(59)) == []


def test_time_added_is_warned_of_again() -> None:
    post = PostUnderTest()
    post.run(61)
    assert beeps(post.wait(2)) == [Sound.WARNING]
    post.change(121, rev=2)
    assert beeps(post.wait(60)) == [Sound.WARNING]


def test_stopping_gives_back_what_was_written_ahead_and_keeps_the_lease_open() -> None:
    post = PostUnderTest()
    post.run(3600)
    post.wait(12.5)
    effects = post.stop()
    assert kinds(effects) == ["PowerOff", "Save"]
    assert post.disk.lease is not None
    assert post.disk.lease.debited_s == 13


def test_nothing_happens_to_a_post_that_has_stopped() -> None:
    post = PostUnderTest()
    post.run(3600)
    post.stop()
    stood = post.post
    assert post.press(Key.END) == []
    assert post.wait(100) == []
    assert post.post == stood
    assert not post.powered()


def test_stopping_while_idle_saves_and_stays_off() -> None:
    post = PostUnderTest()
    assert kinds(post.stop()) == ["PowerOff", "Save"]


def test_stopping_while_a_request_is_awaited_drops_it() -> None:
    post = PostUnderTest()
    post.ask()
    post.stop()
    assert post.disk.request is None


def test_a_restart_after_stopping_costs_less_than_a_second() -> None:
    post = PostUnderTest()
    post.run(100)
    post.wait(12.5)
    post.stop()
    post.power_cut(off_s=30)
    assert post.powered()
    assert post.report().remaining_s == 87
