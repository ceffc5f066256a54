"""Paid time waits for the relays: nobody pays for a disk, a delay or a supply's rest, and the cut is never early."""

from __future__ import annotations

import pytest

from hub.wire.messages import Grant, PostSettings
from hub.wire.terms import SLICE_S, Language, Phase, SettleReason
from node.core.events import Key, Powered, Tick
from node.core.ledger import DEBIT_S
from tests.node.core.driver import GRANT, OTHER_GRANT, PostUnderTest, only, saves, settles

NO_GRACE = PostSettings(language=Language.EN, grace_s=0)


def in_the_dark(total_s: int = 60) -> PostUnderTest:
    """A post that has a lease, and relays that have not closed yet."""
    post = PostUnderTest(slow_relays=True)
    post.sync(settings=NO_GRACE)
    post.run(total_s)
    assert not post.powered()
    return post


@pytest.mark.parametrize("dark_s", [0.001, 0.06, 5, 30])
@pytest.mark.parametrize("total_s", [1, 9, 60])
def test_power_lasts_for_the_seconds_of_the_lease_however_late_it_comes(total_s: int, dark_s: float) -> None:
    post = in_the_dark(total_s)
    post.wait(dark_s)
    post.close_relays()
    post.wait(total_s + 1)
    assert not post.powered()
    assert post.enjoyed_ms == total_s * 1000


def test_nothing_is_spent_shown_or_told_while_the_relays_are_open() -> None:
    post = in_the_dark()
    assert saves(post.wait(600)) == []
    told = post.report()
    assert (told.phase, told.remaining_s, told.debited_s) == (Phase.RUNNING, 60, 0)
    assert "1:00" in post.text


def test_the_relays_own_moment_counts_and_not_when_it_is_heard_of() -> None:
    post = in_the_dark()
    post.now += 200
    closed_ms = post.now
    post.now += 70
    post.do(Powered(closed_ms))
    assert post.post.paid_until_ms == closed_ms + DEBIT_S * 1000


def test_word_of_an_earlier_closing_starts_no_time() -> None:
    post = in_the_dark()
    earlier_ms = post.now
    post.wait(1)
    post.press(Key.PAUSE)
    post.settle()
    post.now += 1000
    post.run(60)
    post.do(Powered(earlier_ms))
    post.wait(5)
    assert post.report().remaining_s == 60


def test_an_end_in_the_dark_costs_nothing() -> None:
    post = in_the_dark()
    post.wait(20)
    settled = only(settles(post.press(Key.END)))
    assert (settled.debited_s, settled.reason) == (0, SettleReason.ENDED_HERE)


def test_a_stop_in_the_dark_gives_the_slice_back() -> None:
    post = in_the_dark()
    post.wait(20)
    post.stop()
    assert post.disk.lease is not None
    assert post.disk.lease.debited_s == 0


def test_a_power_cut_in_the_dark_costs_a_slice_and_no_more() -> None:
    post = in_the_dark()
    post.wait(20)
    post.power_cut()
    assert post.disk.lease is not None
    assert post.disk.lease.debited_s <= 2 * SLICE_S
    post.wait(600)
    post.close_relays()
    post.wait(600)
    assert post.enjoyed_ms == (60 - DEBIT_S) * 1000


def test_relays_that_close_when_there_is_nothing_to_power_change_nothing() -> None:
    post = PostUnderTest()
    before = post.report()
    assert post.do(Powered(post.now)) == []
    assert post.report() == before


def test_staff_power_waits_for_the_relays_too() -> None:
    post = PostUnderTest(slow_relays=True)
    post.sync(maintenance=Grant(GRANT, 7))
    post.wait(30)
    post.close_relays()
    post.wait(60)
    assert post.enjoyed_ms == 7_000


def test_a_grant_that_replaces_another_in_the_dark_is_whole_when_the_power_comes() -> None:
    post = PostUnderTest(slow_relays=True)
    post.sync(maintenance=Grant(GRANT, 7))
    post.wait(30)
    post.sync(maintenance=Grant(OTHER_GRANT, 5))
    post.wait(30)
    post.close_relays()
    post.wait(60)
    assert post.enjoyed_ms == 5_000


def test_time_added_in_the_dark_is_there_when_the_power_comes() -> None:
    post = in_the_dark()
    post.wait(30)
    post.change(90, rev=2)
    post.do(Tick())
    post.close_relays()
    post.wait(120)
    assert post.enjoyed_ms == 90_000
