"""Greeting the hub, telling settlements until they are confirmed, incidents (R6, R11, R19)."""

from __future__ import annotations

from dataclasses import replace

from hub.wire.codec import encode
from hub.wire.messages import Grant, Hello, HubReport, Incident, Lease, Notice, Sync
from hub.wire.terms import PROTOCOL, HubLink, LeaseState, SettleReason
from node.core.events import BrokerFound, BrokerLost, FaultSeen, Key, KeypadLost
from node.core.ledger import ClosedLease
from tests.node.core.driver import (
    BOOT,
    ENGLISH,
    EPOCH,
    HUB_EPOCH,
    LEASE,
    PostUnderTest,
    kinds,
    only,
    saves,
    sent,
    settles,
    uid,
)

ONLINE = HubReport(True, HUB_EPOCH)


def ended() -> PostUnderTest:
    """A post whose lease is closed and not yet confirmed."""
    post = PostUnderTest()
    post.run(600)
    post.press(Key.END)
    return post


def test_a_hub_that_appears_is_greeted() -> None:
    post = PostUnderTest(linked=False)
    assert post.report().hub_link is HubLink.NO_BROKER
    assert post.do(BrokerFound()) == []
    assert post.report().hub_link is HubLink.NO_HUB
    hello = only(sent(post.hear(ONLINE), Hello))
    assert (hello.boot_id, hello.state_epoch, hello.version, hello.protocol) == (BOOT, EPOCH, "0.1.0", PROTOCOL)
    assert (hello.ip, hello.hardware, hello.leases) == ("10.0.0.11", {"model": "test"}, ())
    assert post.report().hub_link is HubLink.OK


def test_the_greeting_repeats_until_a_sync_comes() -> None:
    post = PostUnderTest(linked=False)
    post.do(BrokerFound())
    post.hear(ONLINE)
    assert len(sent(post.wait(30), Hello)) == 3
    post.sync()
    assert sent(post.wait(100), Hello) == []


def test_a_sync_for_another_card_is_not_obeyed_but_answered_with_a_greeting() -> None:
    post = PostUnderTest()
    stale = Sync(HUB_EPOCH, "2026-11-22T10:00:00Z", maintenance=Grant(uid(4), 600), state_epoch=uid(5))
    effects = post.hear(stale)
    assert only(sent(effects, Hello)).state_epoch == EPOCH
    assert not post.powered()
    assert saves(effects) == []


def test_the_same_hub_told_again_is_not_greeted_again() -> None:
    post = PostUnderTest()
    assert post.hear(ONLINE) == []


def test_a_new_hub_epoch_a_hub_that_was_away_and_a_new_connection_are_greeted() -> None:
    post = PostUnderTest()
    assert len(sent(post.hear(HubReport(True, uid(7))), Hello)) == 1
    post.hear(HubReport(False))
    assert post.report().hub_link is HubLink.NO_HUB
    assert len(sent(post.hear(HubReport(True, uid(7))), Hello)) == 1
    post.do(BrokerLost())
    assert post.report().hub_link is HubLink.NO_BROKER
    post.do(BrokerFound())
    assert len(sent(post.hear(HubReport(True, uid(7))), Hello)) == 1


def test_a_running_stay_goes_on_without_hub_and_broker() -> None:
    post = PostUnderTest()
    post.run(600)
    post.do(BrokerLost())
    post.wait(599)
    assert post.powered()
    assert post.report().remaining_s == 1


def test_a_settlement_repeats_every_ten_seconds_until_it_is_confirmed() -> None:
    post = ended()
    assert settles(post.wait(9.999)) == []
    assert len(settles(post.wait(20.001))) == 3
    assert only(saves(post.settle())).closed == ()
    assert settles(post.wait(60)) == []


def test_no_settlement_is_told_to_nobody() -> None:
    post = ended()
    post.do(BrokerLost())
    assert post.wait(60) == []
    hello = only(sent(post.link_up(), Hello))
    assert only(hello.leases).state is LeaseState.CLOSED
    assert len(settles(post.wait(10))) == 1


def test_a_confirmation_of_something_else_changes_nothing() -> None:
    post = ended()
    assert post.settle(uid(5)) == []
    assert len(post.disk.closed) == 1


def test_nothing_is_forgotten_while_a_request_is_awaited() -> None:
    post = ended()
    post.ask()
    assert post.settle() == []
    assert post.sync(settled=(LEASE,)) == []
    post.wait(20)
    assert only(saves(post.sync(settled=(LEASE,)))).closed == ()


def test_a_sync_can_revoke_the_open_lease() -> None:
    post = PostUnderTest()
    post.run(600)
    assert only(settles(post.sync(revoked=(uid(5), LEASE)))).reason is SettleReason.REVOKED


def test_a_sync_that_revokes_what_is_not_held_changes_nothing() -> None:
    post = PostUnderTest()
    post.run(600)
    assert post.sync(revoked=(uid(5),)) == []


def test_the_lease_in_a_sync_is_the_one_that_runs() -> None:
    post = PostUnderTest()
    post.run(600)
    assert post.sync(lease=Lease(LEASE, 1, 600)) == []
    post.sync(lease=Lease(LEASE, 2, 660))
    assert post.report().remaining_s == 660


def test_changed_settings_are_kept() -> None:
    post = PostUnderTest()
    changed = replace(ENGLISH, idle_text="Bonjour")
    assert only(saves(post.sync(settings=changed))).settings == changed
    assert post.sync(settings=changed) == []
    post.power_cut()
    assert post.post.settings == changed


def test_a_hello_tells_at_most_32_closed_leases_the_oldest_first_and_fits_a_message() -> None:
    closed = tuple(ClosedLease(uid(n), 2**40, 2**31 - 1, 2**31 - 1, SettleReason.NOT_ACCEPTED) for n in range(40))
    post = PostUnderTest(record=replace(PostUnderTest().disk, closed=closed))
    hello = only(sent(post.log, Hello))
    assert [told.lease_id for told in hello.leases] == [uid(n) for n in range(32)]
    assert encode(hello)
    assert len(settles(post.wait(10))) == 40


def test_incidents_wait_for_the_hub_and_only_the_last_sixteen() -> None:
    post = PostUnderTest(linked=False)
    for number in range(20):
        post.do(KeypadLost(f"pad {number}"))
    told = sent(post.link_up(), Incident)
    assert [incident.detail for incident in told] == [f"pad {number}" for number in range(4, 20)]
    assert sent(post.link_up(uid(9)), Incident) == []


def test_an_incident_has_a_detail_that_fits() -> None:
    post = PostUnderTest()
    told = only(sent(post.do(KeypadLost("p" * 500)), Incident))
    assert encode(told)
    assert len(told.detail) == 200


def test_faults_of_hardware_are_incidents_once() -> None:
    post = PostUnderTest()
    assert kinds(post.do(FaultSeen("screen"))) == ["Send"]
    assert post.do(FaultSeen("screen")) == []
    assert kinds(post.do(FaultSeen("relay:display"))) == ["Send"]
    assert post.do(FaultSeen("other")) == []
    assert post.report().faults == ("other", "relay:display", "screen")


def test_a_notice_needs_no_greeting() -> None:
    post = PostUnderTest()
    assert post.hear(Notice(uid(1), "Closing at six", 30)) == []
    assert "Closing at six" in post.text
