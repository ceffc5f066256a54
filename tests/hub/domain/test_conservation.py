"""I3: unallocated + out on open leases + consumed = budget, whatever happens in whatever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hub.domain.lease import Lease, extended
from hub.domain.session import (
    OVER,
    Cause,
    Session,
    after_settlement,
    granted,
    lent,
    merged,
    over,
    reopened,
    settled,
)
from hub.wire.terms import SessionStatus

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
seconds = st.integers(1, 86_400)
shares = st.floats(0, 1)


class TwoStays(RuleBasedStateMachine):
    """Two sessions with at most one lease each, moved only by the functions of the domain."""

    def __init__(self) -> None:
        super().__init__()
        self.stays = [Session("a", NOW, 3600), Session("b", NOW, 1800)]
        self.leases: list[Lease | None] = [None, None]
        self.given_s = 5400

    @rule(which=st.integers(0, 1))
    def grant(self, which: int) -> None:
        stay = self.stays[which]
        if stay.status in (SessionStatus.PENDING, SessionStatus.SUSPENDED):
            self.leases[which] = Lease(f"l{which}", stay.id, "p01", NOW, stay.unallocated_s, "r", "e")
            self.stays[which] = granted(stay, NOW)

    @rule(which=st.integers(0, 1), share=shares, close=st.sampled_from([None, "ended_by_desk"]))
    def settle(self, which: int, share: float, close: str | None) -> None:
        lease = self.leases[which]
        if lease is not None:
            charge_s = int(lease.total_s * share)
            self.stays[which] = after_settlement(settled(self.stays[which], lease.total_s, charge_s), NOW, close=close)
            self.leases[which] = None

    @rule(which=st.integers(0, 1), more_s=seconds)
    def add_time(self, which: int, more_s: int) -> None:
        stay, lease = self.stays[which], self.leases[which]
        if stay.status in OVER:
            return
        self.given_s += more_s
        if lease is None:
            self.stays[which] = replace(stay, added_s=stay.added_s + more_s)
        else:
            self.stays[which], self.leases[which] = lent(stay, more_s), extended(lease, more_s)

    @precondition(lambda self: self.leases[0] and not self.leases[1] and self.stays[1].status not in OVER)
    @rule()
    def merge(self) -> None:
        assert self.leases[0] is not None
        left_s = self.stays[1].unallocated_s
        self.stays[1], self.stays[0] = merged(self.stays[1], self.stays[0], NOW)
        self.leases[0] = extended(self.leases[0], left_s)

    @rule(which=st.integers(0, 1))
    def end(self, which: int) -> None:
        if self.leases[which] is None and self.stays[which].status not in OVER:
            self.stays[which] = over(self.stays[which], Cause.CLOSED, NOW, "ended_by_desk")

    @rule(which=st.integers(0, 1))
    def undo(self, which: int) -> None:
        stay = self.stays[which]
        if stay.end_reason == "ended_by_desk" and stay.unallocated_s > 0:
            self.stays[which] = reopened(stay)

    @invariant()
    def every_second_is_somewhere(self) -> None:
        for stay, lease in zip(self.stays, self.leases, strict=True):
            assert stay.allocated_s == (lease.total_s if lease else 0)
            assert stay.unallocated_s + stay.allocated_s + stay.consumed_s == stay.budget_s
            assert min(stay.unallocated_s, stay.allocated_s, stay.consumed_s) >= 0

    @invariant()
    def no_second_is_made_or_lost(self) -> None:
        assert sum(stay.budget_s for stay in self.stays) == self.given_s

    @invariant()
    def an_open_lease_is_an_active_stay(self) -> None:
        for stay, lease in zip(self.stays, self.leases, strict=True):
            assert (lease is not None) == (stay.status is SessionStatus.ACTIVE)


TestTwoStays = TwoStays.TestCase
TestTwoStays.settings = settings(max_examples=60, stateful_step_count=30)


@given(seconds, seconds, st.integers(-86_400, 86_400), st.data())
def test_a_merge_conserves_budget_and_consumption(
    initial_s: int, other_s: int, added_s: int, data: st.DataObject
) -> None:
    added_s = max(added_s, 1 - initial_s)
    spent_s = data.draw(st.integers(0, initial_s + added_s - 1))
    joining = Session("a", NOW, initial_s, status=SessionStatus.SUSPENDED, added_s=added_s, consumed_s=spent_s)
    running = granted(Session("b", NOW, other_s), NOW)
    joined, after = merged(joining, running, NOW)
    assert joined.budget_s + after.budget_s == joining.budget_s + running.budget_s
    assert joined.consumed_s + after.consumed_s == joining.consumed_s + running.consumed_s
    assert joined.unallocated_s == 0
    assert after.unallocated_s == running.unallocated_s
