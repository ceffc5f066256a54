"""Asking for a lease, and what is taken of the answers (R1, R4, R7, R15, R20)."""

from __future__ import annotations

import pytest

from hub.wire.messages import Deny, Lease, Redeem, Settle
from hub.wire.terms import REQUEST_TTL_S, DenyReason, LeaseState, Phase, SettleReason
from node.core.effects import PowerOn, Save, Send
from node.core.events import BrokerLost, Key
from tests.node.core.driver import (
    CODE,
    EPOCH,
    LEASE,
    OTHER_LEASE,
    PostUnderTest,
    kinds,
    only,
    saves,
    sent,
    settles,
    uid,
)


def test_the_request_is_durable_before_it_is_sent() -> None:
    post = PostUnderTest()
    post.type(CODE)
    save, send = post.press(Key.CONFIRM)
    assert isinstance(save, Save)
    assert isinstance(send, Send)
    assert isinstance(send.message, Redeem)
    assert save.record.request == send.message.req_id
    assert (send.message.code, send.message.state_epoch, send.message.start_id) == (CODE, EPOCH, None)
    assert post.report().phase is Phase.CHECKING
    assert "Checking" in post.text


def test_a_code_is_in_nothing_but_the_redeem() -> None:
    post = PostUnderTest()
    post.type(CODE)
    assert CODE not in repr(post.post)
    post.press(Key.CONFIRM)
    assert CODE not in repr(post.post)
    assert CODE not in repr(post.log)
    assert CODE not in repr(post.report())
    assert CODE not in post.text


def test_the_same_request_is_repeated_every_three_seconds_then_given_up() -> None:
    post = PostUnderTest()
    first = post.ask()
    effects = post.wait(REQUEST_TTL_S - 0.001)
    assert sent(effects, Redeem) == [first] * 4
    assert post.report().phase is Phase.CHECKING
    effects = post.wait(0.001)
    assert [record.request for record in saves(effects)] == [None]
    assert sent(effects, Redeem) == []
    assert post.text.startswith("No answer")
    assert post.report().phase is Phase.IDLE


def test_without_a_hub_nothing_is_sent_and_the_screen_says_so() -> None:
    post = PostUnderTest()
    post.do(BrokerLost())
    post.type(CODE)
    assert post.press(Key.CONFIRM) == []
    assert "Desk out of reach" in post.text
    post.wait(6)
    assert post.report().phase is Phase.IDLE


def test_keys_typed_while_waiting_are_not_taken() -> None:
    post = PostUnderTest()
    post.ask()
    post.type("ABC")
    assert post.press(Key.CONFIRM) == []
    assert "Checking" in post.text


def test_an_answer_after_the_time_is_refused() -> None:
    post = PostUnderTest()
    asked = post.ask()
    post.stall(REQUEST_TTL_S)
    effects = post.hear(Lease(LEASE, 1, 600, LeaseState.OPEN, asked.req_id))
    assert not post.powered()
    assert only(settles(effects)) == Settle(LEASE, 1, 600, 0, EPOCH, SettleReason.NOT_ACCEPTED)


@pytest.mark.parametrize("req_id", [None, uid(99)])
def test_a_lease_that_nobody_awaits_is_refused_durably(req_id: str | None) -> None:
    post = PostUnderTest()
    save, send = post.hear(Lease(LEASE, 1, 600, LeaseState.OPEN, req_id))
    assert isinstance(save, Save)
    assert save.twice
    assert only(settles([send])).reason is SettleReason.NOT_ACCEPTED
    assert only(post.disk.closed).debited_s == 0


@pytest.mark.parametrize(("total_s", "state"), [(0, LeaseState.OPEN), (600, LeaseState.REVOKED)])
def test_an_awaited_lease_that_cannot_be_run_is_refused(total_s: int, state: LeaseState) -> None:
    post = PostUnderTest()
    post.ask()
    assert only(settles(post.offer(total_s, state=state))).reason is SettleReason.NOT_ACCEPTED
    assert post.text.startswith("Not this time")
    assert post.disk.request is None
    assert post.report().phase is Phase.IDLE


def test_another_lease_is_refused_while_one_is_open() -> None:
    post = PostUnderTest()
    post.run(600)
    post.ask()
    assert only(settles(post.offer(600, lease_id=OTHER_LEASE))).lease_id == OTHER_LEASE
    assert post.report().lease_id == LEASE
    assert post.report().phase is Phase.RUNNING


def test_a_refusal_and_a_close_can_stand_side_by_side() -> None:
    post = PostUnderTest()
    post.run(600)
    post.hear(Lease(OTHER_LEASE, 1, 600))
    post.press(Key.END)
    assert [past.lease_id for past in post.disk.closed] == [OTHER_LEASE, LEASE]


def test_a_closed_lease_never_opens_again_and_is_settled_again() -> None:
    post = PostUnderTest()
    post.run(600)
    post.press(Key.END)
    post.ask()
    effects = post.offer(600)
    assert PowerOn() not in effects
    assert only(settles(effects)).reason is SettleReason.ENDED_HERE
    assert post.text.startswith("Not this time")
    assert post.report().phase is Phase.IDLE


def test_a_closed_lease_that_is_told_unasked_is_settled_again() -> None:
    post = PostUnderTest()
    post.run(600)
    post.press(Key.END)
    assert kinds(post.hear(Lease(LEASE, 1, 600))) == ["Send"]


def test_a_lease_may_come_in_a_sync_too() -> None:
    post = PostUnderTest()
    asked = post.ask()
    post.sync(lease=Lease(LEASE, 1, 600, LeaseState.OPEN, asked.req_id))
    assert post.powered()


@pytest.mark.parametrize("reason", list(DenyReason))
def test_a_denial_ends_the_wait_and_says_why_for_six_seconds(reason: DenyReason) -> None:
    post = PostUnderTest()
    post.ask()
    effects = post.deny(reason, detail="Post 3")
    assert [record.request for record in saves(effects)] == [None]
    said = post.text
    assert said != "Type your code"
    assert ("Post 3" in said) == (reason is DenyReason.ALREADY_IN_USE)
    post.wait(40)
    assert post.text == "Type your code"


def test_a_denial_of_another_request_is_ignored() -> None:
    post = PostUnderTest()
    post.ask()
    assert post.hear(Deny(uid(99), DenyReason.UNKNOWN_CODE)) == []
    assert post.report().phase is Phase.CHECKING
    post.deny(DenyReason.UNKNOWN_CODE)
    assert post.hear(Deny(uid(99), DenyReason.LOCKED_OUT)) == []
    assert post.report().phase is Phase.IDLE


def test_a_change_is_taken_when_its_revision_is_newer() -> None:
    post = PostUnderTest()
    post.run(600)
    assert only(saves(post.change(900, rev=2))).lease.total_s == 900  # type: ignore[union-attr]
    assert post.change(600, rev=2) == []
    assert post.change(600, rev=1) == []
    assert (post.report().rev, post.report().total_s) == (2, 900)


def test_a_total_is_never_below_what_is_debited() -> None:
    post = PostUnderTest()
    post.run(600)
    post.wait(100)
    debited_s = post.disk.lease.debited_s  # type: ignore[union-attr]
    post.change(10, rev=2)
    assert post.disk.lease.total_s == debited_s  # type: ignore[union-attr]


@pytest.mark.parametrize("rev", [0, 1, 2, 7])
def test_a_revoke_closes_whatever_its_revision(rev: int) -> None:
    post = PostUnderTest()
    post.run(600)
    post.wait(10)
    effects = post.change(600, rev, LeaseState.REVOKED)
    assert kinds(effects) == ["PowerOff", "Save", "Send", "Beep"]
    settle = only(settles(effects))
    assert (settle.reason, settle.debited_s) == (SettleReason.REVOKED, 10)


def top_up() -> PostUnderTest:
    """A running post that waits for the answer to a second code."""
    post = PostUnderTest()
    post.run(600)
    post.ask("ABCDEF")
    return post


@pytest.mark.parametrize(("seconds", "said"), [(900, "+15 min"), (90, "+90 s")])
def test_a_top_up_adds_its_time_and_says_how_much(seconds: int, said: str) -> None:
    post = top_up()
    effects = post.offer(600 + seconds, rev=2, seconds_added=seconds)
    assert post.text.startswith(said)
    assert post.report().remaining_s == 600 + seconds
    assert only(saves(effects)).request is None


def test_the_own_code_shows_the_balance() -> None:
    post = top_up()
    assert [record.request for record in saves(post.offer(600, rev=1))] == [None]
    assert post.text.startswith("Your balance / 10:00")
    assert post.report().phase is Phase.RUNNING


def test_an_answer_overtaken_by_a_newer_revision_ends_the_wait_and_changes_no_number() -> None:
    post = top_up()
    post.change(1200, rev=3)
    post.offer(900, rev=2, seconds_added=300)
    assert (post.report().rev, post.report().total_s) == (3, 1200)
    assert post.post.wait is None


def test_a_revoke_can_be_the_answer() -> None:
    post = top_up()
    post.offer(600, rev=2, state=LeaseState.REVOKED)
    assert post.report().phase is Phase.IDLE
    assert not post.powered()


def test_a_lease_that_closes_under_a_top_up_leaves_it_waiting() -> None:
    post = top_up()
    post.press(Key.PAUSE)
    assert post.report().phase is Phase.CHECKING
    post.deny(DenyReason.LEASE_CHANGED)
    assert post.text.startswith("Not this time")


def test_the_end_of_a_stay_is_said_over_what_was_added() -> None:
    post = top_up()
    post.offer(900, rev=2, seconds_added=300)
    post.change(900, 3, LeaseState.REVOKED)
    assert post.text.startswith("Stay closed")


def test_start_here_asks_with_the_start_id_and_drops_what_was_typed() -> None:
    post = PostUnderTest()
    post.type("K7")
    asked = only(sent(post.start(), Redeem))
    assert (asked.start_id, asked.code, asked.lease_id) == (uid(0x57), None, None)
    assert post.disk.request == asked.req_id
    post.offer(60)
    assert post.powered()


def test_start_here_is_ignored_where_it_cannot_be() -> None:
    running, waiting, cut_off = PostUnderTest(), PostUnderTest(), PostUnderTest()
    running.run(60)
    waiting.ask()
    cut_off.do(BrokerLost())
    assert [post.start() for post in (running, waiting, cut_off)] == [[], [], []]
