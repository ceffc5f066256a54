"""Starting from the journal: what was open is paid on or closed, and nothing is gained (R5, R24)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.wire.messages import Hello, Incident
from hub.wire.terms import SLICE_S, IncidentKind, LeaseState, Phase, SettleReason
from node.core.effects import PowerOn, Save
from node.core.events import Moment
from node.core.ledger import DEBIT_S, OpenLease, Record, StaffGrant
from node.core.post import boot
from tests.node.core.driver import (
    ENGLISH,
    EPOCH,
    GRANT,
    LEASE,
    ME,
    PostUnderTest,
    kinds,
    only,
    sent,
    settles,
    uid,
)

FRESH = Record(EPOCH, settings=ENGLISH)
HALF_SPENT = replace(FRESH, lease=OpenLease(LEASE, 3, 600, 300))


def test_a_fresh_journal_starts_an_idle_post_that_writes_nothing() -> None:
    post = PostUnderTest(linked=False)
    assert post.log == []
    assert post.report().phase is Phase.IDLE
    assert not post.powered()


def test_an_open_lease_is_paid_on_before_the_power_comes_back() -> None:
    post = PostUnderTest(record=HALF_SPENT, linked=False)
    assert kinds(post.log) == ["Save", "PowerOn"]
    assert post.disk.lease == OpenLease(LEASE, 3, 600, 300 + DEBIT_S)
    assert post.report().remaining_s == 300


def test_a_power_cycle_is_told_once_the_hub_is_there() -> None:
    post = PostUnderTest(record=HALF_SPENT)
    assert only(sent(post.log, Incident)).kind is IncidentKind.POWER_CYCLE
    told = only(only(sent(post.log, Hello)).leases)
    assert (told.lease_id, told.rev, told.total_s, told.debited_s, told.state) == (LEASE, 3, 600, 300, LeaseState.OPEN)


def test_a_restart_in_order_is_no_power_cycle() -> None:
    post = PostUnderTest(record=replace(HALF_SPENT, orderly=True))
    assert post.powered()
    assert sent(post.log, Incident) == []


def test_a_lease_with_nothing_left_is_closed() -> None:
    post = PostUnderTest(record=replace(FRESH, lease=OpenLease(LEASE, 1, 60, 60, grace_given=True)), linked=False)
    assert not post.powered()
    assert PowerOn() not in post.log
    assert only(settles(post.log)).reason is SettleReason.EXPIRED
    assert post.post.incidents == ()


@pytest.mark.parametrize("cut_after_s", [0, 0.5, 7.9, 8, 8.5, 9, 30, 59])
def test_a_power_cut_costs_at_most_one_slice_and_gains_nothing(cut_after_s: float) -> None:
    post = PostUnderTest()
    post.run(600)
    post.wait(cut_after_s)
    post.power_cut()
    lost_ms = (600 - post.report().remaining_s) * 1000 - post.enjoyed_ms
    assert 0 <= lost_ms <= SLICE_S * 1000


def test_a_request_in_the_journal_is_void_after_a_start() -> None:
    post = PostUnderTest()
    post.ask()
    assert post.disk.request is not None
    post.power_cut()
    assert post.post.wait is None
    assert post.post.record.request is None


def test_the_older_generation_counts_one_slice_more_and_says_so() -> None:
    post = PostUnderTest(record=HALF_SPENT, older=True)
    assert post.disk.lease == OpenLease(LEASE, 3, 600, 300 + SLICE_S + DEBIT_S)
    told = sent(post.log, Incident)
    assert [incident.kind for incident in told] == [IncidentKind.JOURNAL_QUARANTINED, IncidentKind.POWER_CYCLE]
    assert len({incident.incident_id for incident in told}) == 2


def test_a_journal_that_was_put_aside_is_told_by_its_name() -> None:
    post, effects = boot(FRESH, ME, Moment(1_000, uid(1)), aside="journal-a.bad-1, journal-b.bad-1")
    assert effects == []
    assert [(told.kind, told.detail) for told in post.incidents] == [
        (IncidentKind.JOURNAL_QUARANTINED, "journal-a.bad-1, journal-b.bad-1")
    ]


def test_the_older_generation_never_counts_beyond_the_total() -> None:
    post = PostUnderTest(record=replace(FRESH, lease=OpenLease(LEASE, 1, 60, 55)), older=True)
    assert only(settles(post.log)).debited_s == 60


def test_the_older_generation_counts_a_slice_of_a_grant_too() -> None:
    post = PostUnderTest(record=replace(FRESH, grant=StaffGrant(GRANT, 600, 100)), older=True, linked=False)
    assert post.disk.grant == StaffGrant(GRANT, 600, 100 + SLICE_S + DEBIT_S)


def test_a_grant_with_seconds_left_is_paid_on() -> None:
    post = PostUnderTest(record=replace(FRESH, grant=StaffGrant(GRANT, 600, 100)), linked=False)
    assert isinstance(post.log[0], Save)
    assert post.powered()
    assert post.disk.grant == StaffGrant(GRANT, 600, 100 + DEBIT_S)
    assert post.report().phase is Phase.MAINTENANCE


def test_a_grant_waits_for_the_lease_that_is_open_as_well() -> None:
    post = PostUnderTest(record=replace(HALF_SPENT, grant=StaffGrant(GRANT, 600)), linked=False)
    assert post.report().phase is Phase.RUNNING
    assert post.disk.grant == StaffGrant(GRANT, 600)


def test_closed_leases_survive_and_are_told() -> None:
    post = PostUnderTest()
    post.run(60)
    post.wait(200)
    post.power_cut()
    told = only(only(sent(post.link_up(uid(2)), Hello)).leases)
    assert (told.state, told.debited_s, told.reason) == (LeaseState.CLOSED, 60, SettleReason.EXPIRED)
