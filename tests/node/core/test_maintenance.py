"""Staff power: a grant, debited like a lease, never beside one (R14)."""

from __future__ import annotations

from hub.wire.messages import Grant, Lease
from hub.wire.terms import LeaseState, Phase, SettleReason
from node.core.events import Key
from node.core.ledger import DEBIT_S, MOST_PAST_GRANTS, StaffGrant
from tests.node.core.driver import CODE, GRANT, OTHER_GRANT, PostUnderTest, kinds, only, saves, settles


def granted(total_s: int = 600) -> PostUnderTest:
    """A post in maintenance."""
    post = PostUnderTest()
    post.sync(maintenance=Grant(GRANT, total_s))
    return post


def test_a_grant_is_debited_before_the_power_comes_on() -> None:
    post = PostUnderTest()
    effects = post.sync(maintenance=Grant(GRANT, 600))
    assert kinds(effects) == ["Save", "Save", "PowerOn"]
    assert post.disk.grant == StaffGrant(GRANT, 600, DEBIT_S)
    assert post.report().phase is Phase.MAINTENANCE
    assert post.text.startswith("Maintenance")


def test_it_ends_by_itself_and_stays_closed_to_codes() -> None:
    post = granted(60)
    post.wait(100)
    assert not post.powered()
    assert post.enjoyed_ms == 60_000
    assert post.report().phase is Phase.MAINTENANCE
    post.type(CODE)
    assert post.press(Key.CONFIRM) == []
    assert post.press(Key.HELP) == []


def test_the_same_grant_told_again_changes_nothing() -> None:
    post = granted(60)
    post.wait(100)
    assert post.sync(maintenance=Grant(GRANT, 60)) == []


def test_its_end_switches_off() -> None:
    post = granted()
    assert kinds(post.sync(maintenance=None)) == ["PowerOff", "Save"]
    assert post.disk.grant is None
    assert post.report().phase is Phase.IDLE
    assert post.sync(maintenance=None) == []


def test_a_grant_stated_again_after_its_end_goes_on_where_it_stood() -> None:
    post = granted(60)
    post.wait(20)
    post.sync(maintenance=None)
    post.sync(maintenance=Grant(GRANT, 60))
    assert post.powered()
    post.wait(100)
    assert post.enjoyed_ms == 60_000
    post.sync(maintenance=None)
    post.sync(maintenance=Grant(GRANT, 60))
    assert not post.powered()


def test_old_grants_are_remembered_but_not_for_ever() -> None:
    post = granted(60)
    for number in range(20):
        post.sync(maintenance=Grant(f"12345678-0000-0000-0000-{number:012}", 60))
    assert len(post.disk.past_grants) == MOST_PAST_GRANTS


def test_a_grant_of_nothing_only_closes_the_post() -> None:
    post = granted(0)
    assert not post.powered()
    assert post.report().phase is Phase.MAINTENANCE
    post.sync(maintenance=None)
    assert post.report().phase is Phase.IDLE


def test_one_grant_follows_another_without_a_flicker() -> None:
    post = granted(600)
    post.wait(5)
    assert kinds(post.sync(maintenance=Grant(OTHER_GRANT, 30))) == ["Save"]
    post.wait(100)
    assert post.enjoyed_ms == 35_000


def test_a_grant_of_nothing_after_one_with_power_switches_off() -> None:
    post = granted(600)
    assert kinds(post.sync(maintenance=Grant(OTHER_GRANT, 0))) == ["PowerOff", "Save"]


def test_a_grant_that_comes_during_a_stay_waits_for_its_end() -> None:
    post = PostUnderTest()
    post.run(600)
    assert kinds(post.sync(maintenance=Grant(GRANT, 60))) == ["Save"]
    assert post.report().phase is Phase.RUNNING
    post.press(Key.END)
    assert post.report().phase is Phase.MAINTENANCE
    assert post.powered()


def test_a_grant_that_is_taken_back_during_a_stay_leaves_it_running() -> None:
    post = PostUnderTest()
    post.run(600)
    post.sync(maintenance=Grant(GRANT, 60))
    assert kinds(post.sync(maintenance=None)) == ["Save"]
    assert post.report().phase is Phase.RUNNING


def test_it_clears_what_was_typed_and_what_was_awaited() -> None:
    typing, waiting = PostUnderTest(), PostUnderTest()
    typing.type("K7")
    asked = waiting.ask()
    for post in (typing, waiting):
        post.sync(maintenance=Grant(GRANT, 60))
        assert post.report().phase is Phase.MAINTENANCE
    late = waiting.hear(Lease(OTHER_GRANT, 1, 600, LeaseState.OPEN, asked.req_id))
    assert only(settles(late)).reason is SettleReason.NOT_ACCEPTED


def test_start_here_is_ignored_in_it() -> None:
    assert granted().start() == []


def test_stopping_gives_back_what_was_written_ahead() -> None:
    post = granted(600)
    post.wait(12.5)
    post.stop()
    assert post.disk.grant == StaffGrant(GRANT, 600, 13)
    assert not post.powered()


def test_a_stalled_loop_is_charged() -> None:
    post = granted(600)
    post.stall(100)
    grant = saves(post.log)[-1].grant
    assert grant is not None
    assert grant.debited_s == 100 + DEBIT_S
