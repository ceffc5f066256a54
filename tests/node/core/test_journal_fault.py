"""A journal that cannot be written: no new code, and power only for time that is already durable."""

from __future__ import annotations

from hub.wire.messages import Grant, Hello, Incident
from hub.wire.terms import DenyReason, Phase
from node.core.effects import PowerOff, PowerOn
from node.core.events import FaultGone, FaultSeen, Key
from node.core.ledger import DEBIT_S, OpenLease, StaffGrant
from tests.node.core.driver import CODE, GRANT, LEASE, PostUnderTest, kinds, saves, sent


def broken(total_s: int = 600, after_s: float = 4) -> PostUnderTest:
    """A running post whose disk fails from now on."""
    post = PostUnderTest()
    post.run(total_s)
    post.wait(after_s)
    post.broken_disk = True
    return post


def test_the_power_goes_off_when_the_durable_seconds_are_over() -> None:
    post = broken()
    post.wait(4.999)
    assert post.powered()
    assert post.report().faults == ("journal",)
    post.wait(0.001)
    assert not post.powered()
    assert post.enjoyed_ms == DEBIT_S * 1000
    assert post.report().phase is Phase.FAULT
    assert post.text.startswith("Out of order")


def test_a_stay_goes_on_where_it_was_when_the_journal_is_back() -> None:
    post = broken()
    post.wait(100)
    post.broken_disk = False
    post.wait(5)
    assert post.powered()
    assert post.report().faults == ()
    assert post.report().remaining_s in range(586, 592)


def test_a_journal_that_is_back_in_time_costs_no_flicker() -> None:
    post = broken()
    post.wait(4.2)
    post.broken_disk = False
    effects = post.wait(10)
    assert PowerOff() not in effects
    assert post.powered()


def test_the_hub_is_greeted_again_for_what_could_not_be_taken() -> None:
    post = PostUnderTest()
    post.do(FaultSeen("journal"))
    assert post.sync(maintenance=Grant(GRANT, 60)) == []
    assert len(sent(post.do(FaultGone("journal")), Hello)) == 1


def test_no_code_is_taken_meanwhile() -> None:
    post = PostUnderTest()
    post.do(FaultSeen("journal"))
    assert post.text.startswith("Out of order")
    post.type(CODE)
    assert post.press(Key.CONFIRM) == []
    assert post.text.startswith("Out of order")
    assert post.start() == []


def test_a_code_whose_request_cannot_be_saved_is_not_sent() -> None:
    post = PostUnderTest()
    post.broken_disk = True
    post.type(CODE)
    assert kinds(post.press(Key.CONFIRM)) == ["PowerOff"]
    assert post.report().faults == ("journal",)
    assert post.disk.request is None


def test_a_lease_that_cannot_be_saved_gives_no_power() -> None:
    post = PostUnderTest()
    post.ask()
    post.broken_disk = True
    assert PowerOn() not in post.offer(600)
    assert not post.powered()
    post.wait(20)
    assert post.post.wait is None


def test_an_end_that_cannot_be_saved_is_no_end_and_the_relays_follow() -> None:
    post = broken()
    assert kinds(post.press(Key.END)) == ["PowerOff", "PowerOn"]
    assert post.report().phase is Phase.RUNNING
    assert post.press(Key.END) == []
    assert post.text.startswith("Out of order")
    post.wait(5)
    assert not post.powered()


def test_a_denial_is_heard_all_the_same() -> None:
    post = PostUnderTest()
    post.ask()
    post.do(FaultSeen("journal"))
    assert post.deny(DenyReason.UNKNOWN_CODE) == []
    assert post.post.wait is None


def test_the_journal_is_tried_every_five_seconds_and_more_often_under_power() -> None:
    post = PostUnderTest()
    post.do(FaultSeen("journal"))
    post.now += 4_999
    assert saves(post.do(FaultSeen("other"))) == []
    post.now += 1
    assert saves(post.do(FaultSeen("other"))) == [post.disk]
    running = broken()
    running.do(FaultSeen("journal"))
    running.broken_disk = False
    assert len(saves(running.wait(0.5))) == 1


def test_grace_that_is_durable_runs_and_then_waits_dark_for_the_journal() -> None:
    post = broken(total_s=60, after_s=65)
    post.wait(54.999)
    assert post.powered()
    post.wait(0.001)
    assert not post.powered()
    assert post.report().lease_id == LEASE
    post.broken_disk = False
    post.wait(6)
    assert post.disk.lease is None
    assert not post.powered()


def test_staff_power_goes_off_and_comes_back() -> None:
    post = PostUnderTest()
    post.sync(maintenance=Grant(GRANT, 600))
    post.broken_disk = True
    post.wait(20)
    assert post.enjoyed_ms == DEBIT_S * 1000
    assert not post.powered()
    post.broken_disk = False
    post.wait(6)
    assert post.powered()
    assert post.disk.grant == StaffGrant(GRANT, 600, 2 * DEBIT_S)


def test_a_start_without_a_journal_keeps_the_lease_dark_and_pays_on_later() -> None:
    post = PostUnderTest()
    post.run(600)
    post.wait(4)
    post.broken_disk = True
    effects = post.power_cut()
    assert PowerOn() not in effects
    assert post.report().phase is Phase.FAULT
    assert post.disk.lease == OpenLease(LEASE, 1, 600, DEBIT_S)
    post.broken_disk = False
    post.wait(6)
    assert post.powered()
    assert post.disk.lease == OpenLease(LEASE, 1, 600, 2 * DEBIT_S)


def test_other_faults_neither_stop_nor_hide_anything() -> None:
    post = PostUnderTest()
    post.do(FaultSeen("screen"))
    assert post.report().phase is Phase.IDLE
    post.run(60)
    assert post.powered()
    post.do(FaultGone("screen"))
    post.do(FaultGone("screen"))
    assert post.report().faults == ()
    assert len(sent(post.log, Incident)) == 1
