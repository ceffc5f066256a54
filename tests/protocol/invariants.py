"""The invariants of the protocol, looked up in the hub's database, on the posts' disks and at their relays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.wire.terms import SLICE_S
from tests.protocol.sim_post import SimPost
from tests.protocol.world import World

_SESSIONS = "SELECT id, joined_id, initial_s + added_s AS budget_s, consumed_s, allocated_s, flag FROM session"
_LEASES = "SELECT id, session_id, total_s, charged_s, closed_at IS NULL AS is_open, forced FROM lease"


@dataclass
class Stay:
    """Sessions that were merged share their seconds: they are one stay here."""

    budget_s: int = 0
    flagged: bool = False
    leases: list[Mapping[str, Any]] = field(default_factory=list)


def stays(world: World) -> Iterator[Stay]:
    """All stays whose figures must be right, with what the hub has on disk; raises when a ledger is wrong (I3).

    A stay of which a lease was closed without its node's word is exempt from the rest: its surplus is flagged.
    """
    sessions = {row["id"]: row for row in world.place.records(_SESSIONS)}
    leases = world.place.records(_LEASES)
    world.forced |= {lease["id"] for lease in leases if lease["forced"]}
    found: dict[str, Stay] = defaultdict(Stay)
    for row in sessions.values():
        mine = [lease for lease in leases if lease["session_id"] == row["id"]]
        _check_ledger(row, mine)
        root = row
        while root["joined_id"] is not None:
            root = sessions[root["joined_id"]]
        stay = found[root["id"]]
        stay.budget_s += row["budget_s"]
        stay.flagged |= row["flag"] is not None or any(lease["id"] in world.forced for lease in mine)
        stay.leases += mine
    return (stay for stay in found.values() if not stay.flagged)


def _check_ledger(row: Mapping[str, Any], leases: list[Mapping[str, Any]]) -> None:
    allocated_s = sum(lease["total_s"] for lease in leases if lease["is_open"])
    consumed_s = sum(lease["charged_s"] for lease in leases if not lease["is_open"])
    assert row["allocated_s"] == allocated_s, f"I3: {row['allocated_s']} s allocated, {allocated_s} s on open leases"
    assert row["consumed_s"] == consumed_s, f"I3: {row['consumed_s']} s consumed, {consumed_s} s charged"
    if row["flag"] is None:
        assert row["budget_s"] >= allocated_s + consumed_s, "I3: more was given out than the budget"
    assert sum(lease["is_open"] for lease in leases) <= 1, "I2: two open leases for one session"


def check(world: World) -> None:
    """Raise AssertionError that names the invariant when one is broken now."""
    for stay in stays(world):
        ids = {lease["id"] for lease in stay.leases}
        used_ms = sum(post.used_ms[lease_id] for post in world.posts for lease_id in ids)
        grace_ms = sum(post.grace_ms[lease_id] for post in world.posts for lease_id in ids)
        allowed_ms = stay.budget_s * 1000 + grace_ms
        assert used_ms <= allowed_ms, f"I1: {used_ms} ms used of {allowed_ms}"
        powered = [post for post in world.posts if post.powered and post.lease_id in ids]
        assert len(powered) <= 1, "I2: two posts powered for one stay"
        over = {lease["id"] for lease in stay.leases if not lease["is_open"]}
        assert all(post.lease_id not in over for post in world.posts), "I6: a settled lease is open at its post"
    for post in world.posts:
        if post.powered:
            _check_power(post)


def _check_power(post: SimPost) -> None:
    """I5, against what is on the disk and not what the core believes."""
    record = post.journal.load().record
    assert record is not None, "I5: power without a journal"
    lease, grant = record.lease, record.grant
    if lease is not None:
        covered_ms = lease.debited_s * 1000 + (post.grace_ms[lease.lease_id] if lease.grace_given else 0)
        used_ms = post.used_ms[lease.lease_id]
    else:
        assert grant is not None, "I5: power without a lease or a grant"
        covered_ms, used_ms = grant.debited_s * 1000, post.staff_ms[grant.grant_id]
    assert used_ms <= covered_ms, f"I5: {used_ms} ms of power, {covered_ms} ms covered on disk"


def check_quiet(world: World) -> None:
    """When all is settled: what was charged and not enjoyed is one slice a power cut at most (I4)."""
    for stay in stays(world):
        for lease in stay.leases:
            lease_id = lease["id"]
            assert not lease["is_open"], "a lease is still open when all is quiet"
            used_ms = sum(post.used_ms[lease_id] for post in world.posts)
            cuts = sum(post.cuts[lease_id] for post in world.posts)
            # An orderly close, and an orderly stop, round the seconds up.
            rounded_ms = 999 * (1 + sum(post.stops[lease_id] for post in world.posts))
            lost_ms = lease["charged_s"] * 1000 - used_ms
            assert lost_ms <= cuts * SLICE_S * 1000 + rounded_ms, f"I4: {lost_ms} ms lost in {cuts} power cuts"
