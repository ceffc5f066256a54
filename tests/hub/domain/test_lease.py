"""A lease: what is published of it, what it costs, whom the hub believes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.domain.lease import (
    Lease,
    believes_refusal,
    charge,
    closed,
    closing_reason,
    extended,
    forced_charge,
    offer,
    recalled,
    shown,
)
from hub.wire import messages as wire
from hub.wire.terms import Intent, LeaseState, SettleReason

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LEASE = Lease("l1", "s1", "p01", NOW, 3600, "r1", "e1")


def test_an_open_lease_is_offered_in_absolute_numbers() -> None:
    assert offer(LEASE) == wire.Lease("l1", 1, 3600, LeaseState.OPEN)
    assert offer(LEASE, "r2", 300) == wire.Lease("l1", 1, 3600, LeaseState.OPEN, "r2", seconds_added=300)


def test_more_time_is_a_new_revision() -> None:
    assert extended(LEASE, 300) == replace(LEASE, total_s=3900, rev=2)


def test_a_recalled_lease_is_a_new_revision_stays_open_and_is_offered_as_revoked() -> None:
    lease = recalled(LEASE, Intent.TRANSFER, "marie", "p02")
    assert (lease.rev, lease.open, lease.intent_by, lease.transfer_to) == (2, True, "marie", "p02")
    assert offer(lease) == wire.Lease("l1", 2, 3600, LeaseState.REVOKED, intent=Intent.TRANSFER)


def test_what_a_node_shows_beyond_us_is_adopted_and_nothing_below() -> None:
    assert shown(LEASE, 3, 4000, 50) == replace(LEASE, held=True, rev=3, total_s=4000, debited_s=50)
    ahead = replace(LEASE, rev=5, total_s=5000, debited_s=90)
    assert shown(ahead, 3, 4000, 50) == replace(ahead, held=True)


@pytest.mark.parametrize(
    ("epoch", "held", "believed"),
    [("e1", False, True), ("e2", False, False), ("e1", True, False), ("e2", True, False)],
)
def test_a_refusal_is_believed_from_the_card_that_asked_for_a_lease_it_never_held(
    epoch: str, held: bool, believed: bool
) -> None:
    assert believes_refusal(replace(LEASE, held=held), epoch) is believed


@pytest.mark.parametrize(("reported_s", "told_s", "charged_s"), [(0, 0, 0), (0, 70, 70), (70, 70, 70), (70, 60, 70)])
def test_a_settlement_never_costs_less_than_was_reported(reported_s: int, told_s: int, charged_s: int) -> None:
    assert charge(replace(LEASE, debited_s=reported_s), told_s) == charged_s


@pytest.mark.parametrize(
    ("after_s", "reported_s", "charged_s"),
    [
        (0, 0, 0),
        (0.1, 0, 1),
        (600, 0, 600),
        (600.5, 0, 601),
        (3600, 0, 3600),
        (9000, 0, 3600),
        (600, 700, 700),
        (-50, 0, 0),
    ],
)
def test_a_forced_charge_is_the_time_since_the_grant_within_the_total_and_above_what_was_reported(
    after_s: float, reported_s: int, charged_s: int
) -> None:
    lease = replace(LEASE, debited_s=reported_s)
    assert forced_charge(lease, NOW + timedelta(seconds=after_s)) == charged_s


def test_a_lease_closed_by_the_node_keeps_the_charge_as_its_last_word() -> None:
    lease = closed(replace(LEASE, debited_s=50), NOW, 70)
    assert (lease.open, lease.charged_s, lease.debited_s, lease.forced) == (False, 70, 50 + 20, False)


def test_a_lease_closed_by_force_keeps_what_the_node_really_reported() -> None:
    lease = closed(replace(LEASE, debited_s=50), NOW, 600, forced=True)
    assert (lease.open, lease.charged_s, lease.debited_s, lease.forced) == (False, 600, 50, True)


def test_a_stay_is_over_when_the_desk_asked_or_the_patron_burns_the_rest() -> None:
    ending = replace(LEASE, intent=Intent.END)
    for reason in SettleReason:
        assert closing_reason(ending, reason, burn=False) == "ended_by_desk"
        assert closing_reason(LEASE, reason, burn=False) is None
        burnt = "ended_here" if reason is SettleReason.ENDED_HERE else None
        assert closing_reason(LEASE, reason, burn=True) == burnt
        assert closing_reason(replace(LEASE, intent=Intent.SUSPEND), reason, burn=True) == burnt
