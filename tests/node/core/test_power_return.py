"""What becomes of a stay when mains power returns: it goes on, or waits for its code (R5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.wire.messages import Lease
from hub.wire.terms import SLICE_S, Phase, PowerReturn, SettleReason
from node.core.effects import PowerOn
from node.core.ledger import DEBIT_S, ClosedLease, OpenLease, Record, StaffGrant
from tests.node.core.driver import CODE, ENGLISH, EPOCH, GRANT, LEASE, PostUnderTest, kinds, only, saves, settles

PAUSING = replace(ENGLISH, on_power_return=PowerReturn.PAUSE)
BROKEN_OFF = Record(EPOCH, lease=OpenLease(LEASE, 3, 600, 300), settings=PAUSING)


def running(total_s: int = 600) -> PostUnderTest:
    """A stay in a house that pauses after a power cut."""
    post = PostUnderTest()
    post.sync(settings=PAUSING)
    post.run(total_s)
    return post


def test_a_house_that_says_nothing_has_the_stay_go_on() -> None:
    post = PostUnderTest()
    post.run(600)
    post.power_cut()
    assert post.powered()


def test_a_stay_that_a_power_cut_broke_off_is_paused_and_never_powered() -> None:
    post = PostUnderTest(record=BROKEN_OFF, linked=False)
    assert PowerOn() not in post.log
    assert kinds(post.log) == ["PowerOff", "Save", "Send", "Beep"]
    assert post.disk.lease is None
    assert only(post.disk.closed) == ClosedLease(LEASE, 3, 600, 300, SettleReason.PAUSED_HERE)
    assert "Type your code to go on." in post.text.replace(" / ", " ")


def test_what_was_written_ahead_is_charged_a_slice_at_most() -> None:
    post = running()
    post.wait(12.5)
    post.power_cut()
    assert 12_500 <= only(post.disk.closed).debited_s * 1000 <= 12_500 + SLICE_S * 1000


def test_the_words_stay_for_a_minute_and_go_with_the_first_sign() -> None:
    post = PostUnderTest(record=BROKEN_OFF)
    post.wait(59)
    assert post.text.startswith("Stay paused")
    post.wait(1)
    assert post.text == "Type your code"
    post = PostUnderTest(record=BROKEN_OFF)
    post.type("K")
    assert post.picture().big == "K"


def test_the_same_code_goes_on_with_what_is_left() -> None:
    post = PostUnderTest(record=BROKEN_OFF)
    assert only(settles(post.wait(10))).debited_s == 300
    post.settle()
    post.ask(CODE)
    post.hear(Lease(GRANT, 1, 300, req_id=post.post.wait.message.req_id if post.post.wait else None))
    assert post.powered()
    assert post.report().remaining_s == 300


def test_an_orderly_restart_of_the_program_always_goes_on() -> None:
    post = running()
    post.wait(12.5)
    post.stop()
    assert post.disk.orderly
    post.boot()
    assert post.powered()
    assert post.report().remaining_s == 587
    assert not post.disk.orderly


def test_a_power_cut_after_an_orderly_restart_is_one() -> None:
    post = running()
    post.stop()
    post.boot()
    post.power_cut()
    assert not post.powered()
    assert only(post.disk.closed).reason is SettleReason.PAUSED_HERE


def test_a_journal_that_fell_back_knows_of_no_orderly_end() -> None:
    record = replace(BROKEN_OFF, orderly=True)
    post = PostUnderTest(record=record, older=True, linked=False)
    assert only(post.disk.closed).debited_s == 300 + SLICE_S
    assert not post.powered()


def test_a_lease_with_nothing_left_is_over_and_not_paused() -> None:
    post = PostUnderTest(record=replace(BROKEN_OFF, lease=OpenLease(LEASE, 3, 600, 600)), linked=False)
    assert only(post.disk.closed).reason is SettleReason.EXPIRED


def test_staff_power_goes_on_whatever_the_house_says_of_stays() -> None:
    post = PostUnderTest(record=Record(EPOCH, grant=StaffGrant(GRANT, 600, 9), settings=PAUSING), linked=False)
    assert post.powered()
    assert post.disk.grant == StaffGrant(GRANT, 600, 9 + DEBIT_S)


def test_a_stay_is_paused_as_soon_as_the_journal_can_say_so() -> None:
    post = running()
    post.broken_disk = True
    post.power_cut()
    assert post.report().phase is Phase.FAULT
    post.wait(30)
    assert not post.powered()
    post.broken_disk = False
    post.wait(10)
    assert not post.powered()
    assert only(post.disk.closed).reason is SettleReason.PAUSED_HERE


def test_a_restart_before_the_journal_could_say_so_does_not_undo_the_pause() -> None:
    post = running()
    post.broken_disk = True
    post.power_cut()
    post.broken_disk = False
    post.stop()
    post.boot()
    assert not post.powered()
    assert only(post.disk.closed).reason is SettleReason.PAUSED_HERE


@pytest.mark.parametrize("times", [1, 3])
def test_power_cuts_in_a_row_charge_once(times: int) -> None:
    post = running()
    charged_s = only(saves(post.log)[-1:]).lease
    for _ in range(times):
        post.power_cut()
    assert charged_s is not None
    assert [past.debited_s for past in post.disk.closed] == [charged_s.debited_s]
