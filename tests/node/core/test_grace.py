"""The grace: unpaid seconds to save one's work, once a lease (R13), and the top-up that is awaited in it (R21)."""

from __future__ import annotations

from dataclasses import replace

from hub.wire.messages import PostSettings
from hub.wire.terms import DenyReason, Language, LeaseState, Phase, SettleReason
from node.core.effects import PowerOff, PowerOn
from node.core.events import Key
from node.core.tables import PowerState
from tests.node.core.driver import ENGLISH, LEASE, PostUnderTest, kinds, only, saves, settles

NO_GRACE = PostSettings(language=Language.EN, grace_s=0)


def in_grace(total_s: int = 60) -> PostUnderTest:
    """A post ten seconds into its grace of sixty."""
    post = PostUnderTest()
    post.run(total_s)
    post.wait(total_s + 10)
    assert post.post.power is PowerState.GRACE
    return post


def test_the_grace_is_durable_a_second_before_it_begins() -> None:
    post = PostUnderTest()
    post.run(60)
    post.wait(58.999)
    assert not post.disk.lease.grace_given  # type: ignore[union-attr]
    post.wait(0.001)
    assert post.disk.lease.grace_given  # type: ignore[union-attr]
    assert post.report().phase is Phase.RUNNING
    post.wait(1)
    assert (post.report().phase, post.report().grace_left_s, post.report().remaining_s) == (Phase.GRACE, 60, 0)
    assert post.powered()


def test_at_its_end_the_power_goes_off_and_the_lease_settles() -> None:
    post = in_grace()
    assert kinds(post.wait(50)) == ["PowerOff", "Save", "Send", "Beep"]
    assert only(settles(post.log)).reason is SettleReason.EXPIRED


def test_a_house_without_grace_has_none() -> None:
    post = PostUnderTest()
    post.sync(settings=NO_GRACE)
    post.run(60)
    post.wait(60)
    assert post.post.power is PowerState.OFF


def test_a_grace_cut_to_nothing_just_before_it_begins_is_over_at_once() -> None:
    post = PostUnderTest()
    post.run(60)
    post.wait(59.5)
    post.sync(settings=NO_GRACE)
    post.wait(0.5)
    assert post.post.power is PowerState.OFF


def test_a_power_cut_does_not_renew_it() -> None:
    post = in_grace()
    effects = post.power_cut()
    assert PowerOn() not in effects
    assert only(settles(effects)).debited_s == 60


def test_time_added_in_it_returns_to_running_without_a_flicker() -> None:
    post = in_grace()
    effects = post.change(120, rev=2)
    assert kinds(effects) == ["Save"]
    assert post.report().phase is Phase.RUNNING
    assert post.report().remaining_s == 60


def test_it_comes_once_a_lease() -> None:
    post = in_grace()
    post.change(120, rev=2)
    effects = post.wait(60)
    assert PowerOff() in effects
    assert post.post.power is PowerState.OFF


def test_time_added_after_it_was_written_and_before_it_begins_keeps_it_for_later() -> None:
    post = PostUnderTest()
    post.run(60)
    post.wait(59.5)
    post.change(120, rev=2)
    assert post.report().remaining_s == 61
    post.wait(61)
    assert post.report().phase is Phase.GRACE


def test_news_of_the_lease_without_more_time_leaves_it_running_out() -> None:
    post = in_grace()
    assert saves(post.change(60, rev=2))[-1].lease.rev == 2  # type: ignore[union-attr]
    assert post.report().phase is Phase.GRACE


def test_a_revoke_in_it_closes_at_once() -> None:
    post = in_grace()
    assert only(settles(post.change(60, 2, LeaseState.REVOKED))).reason is SettleReason.REVOKED
    assert not post.powered()


def test_pause_in_it_closes_with_all_used() -> None:
    post = in_grace()
    assert only(settles(post.press(Key.PAUSE))).debited_s == 60


def test_while_a_top_up_is_awaited_the_power_goes_but_the_lease_is_not_settled() -> None:
    post = in_grace()
    post.wait(45)
    assert post.ask().lease_id == LEASE
    effects = post.wait(6)
    assert PowerOff() in effects
    assert settles(effects) == []
    assert post.post.power is PowerState.SPENT
    assert post.report().phase is Phase.GRACE


def test_the_top_up_that_comes_then_brings_the_power_back() -> None:
    post = in_grace()
    post.wait(45)
    post.ask()
    post.wait(6)
    effects = post.offer(360, rev=2, seconds_added=300)
    assert kinds(effects) == ["Save", "PowerOn"]
    assert post.powered()
    assert post.report().remaining_s == 300


def test_the_refusal_that_comes_then_closes_the_lease() -> None:
    post = in_grace()
    post.wait(45)
    post.ask()
    post.wait(6)
    assert only(settles(post.deny(DenyReason.UNKNOWN_CODE))).reason is SettleReason.EXPIRED
    assert post.post.power is PowerState.OFF


def test_no_answer_closes_the_lease_when_the_wait_is_over() -> None:
    post = in_grace()
    post.wait(45)
    post.ask()
    assert only(settles(post.wait(15))).reason is SettleReason.EXPIRED


def test_without_grace_the_awaited_top_up_holds_the_settlement_as_well() -> None:
    post = PostUnderTest(record=replace(PostUnderTest().disk, settings=replace(ENGLISH, grace_s=0)))
    post.run(60)
    post.wait(55)
    post.ask()
    effects = post.wait(6)
    assert PowerOff() in effects
    assert settles(effects) == []
    assert only(settles(post.wait(10))).debited_s == 60
