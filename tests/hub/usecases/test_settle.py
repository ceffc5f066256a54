"""Settle: a node's word closes a lease, as far as it can be believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.domain.session import OnEnd
from hub.usecases.add_time import add_time
from hub.usecases.recall import end, suspend
from hub.wire.messages import Lease, Settle, Settled
from hub.wire.terms import Action, SessionStatus, SettleReason
from tests.support.room import DESK, Node, TestRoom, new_id


@pytest.mark.parametrize(
    ("asked", "on_end", "debited_s", "reason", "late", "status", "why"),
    [
        (None, OnEnd.BANK, 600, SettleReason.PAUSED_HERE, False, SessionStatus.SUSPENDED, None),
        (None, OnEnd.BANK, 600, SettleReason.ENDED_HERE, False, SessionStatus.SUSPENDED, None),
        (None, OnEnd.BURN, 600, SettleReason.ENDED_HERE, False, SessionStatus.ENDED, "ended_here"),
        (None, OnEnd.BURN, 600, SettleReason.PAUSED_HERE, False, SessionStatus.SUSPENDED, None),
        (None, OnEnd.BANK, 3600, SettleReason.EXPIRED, False, SessionStatus.EXPIRED, "used_up"),
        (None, OnEnd.BURN, 3600, SettleReason.EXPIRED, False, SessionStatus.EXPIRED, "used_up"),
        (None, OnEnd.BANK, 600, SettleReason.EXPIRED, False, SessionStatus.SUSPENDED, None),
        (None, OnEnd.BANK, 600, SettleReason.PAUSED_HERE, True, SessionStatus.EXPIRED, "validity_past"),
        (None, OnEnd.BANK, 3600, SettleReason.PAUSED_HERE, True, SessionStatus.EXPIRED, "used_up"),
        (suspend, OnEnd.BANK, 600, SettleReason.REVOKED, False, SessionStatus.SUSPENDED, None),
        (suspend, OnEnd.BURN, 600, SettleReason.REVOKED, False, SessionStatus.SUSPENDED, None),
        (suspend, OnEnd.BANK, 3600, SettleReason.EXPIRED, False, SessionStatus.EXPIRED, "used_up"),
        (end, OnEnd.BANK, 600, SettleReason.REVOKED, False, SessionStatus.ENDED, "ended_by_desk"),
        (end, OnEnd.BANK, 600, SettleReason.PAUSED_HERE, False, SessionStatus.ENDED, "ended_by_desk"),
        (end, OnEnd.BANK, 3600, SettleReason.EXPIRED, True, SessionStatus.ENDED, "ended_by_desk"),
        (None, OnEnd.BANK, 0, SettleReason.NOT_ACCEPTED, False, SessionStatus.SUSPENDED, None),
    ],
)
async def test_the_status_follows_from_what_is_left_not_from_the_nodes_word(
    room: TestRoom,
    node: Node,
    asked: object,
    on_end: OnEnd,
    debited_s: int,
    reason: SettleReason,
    late: bool,
    status: SessionStatus,
    why: str | None,
) -> None:
    issued = await room.issued(3600, on_end=on_end, valid_until=room.clock.now() + timedelta(hours=2))
    lease = await node.gets(issued.code)
    if asked in (suspend, end):
        await (suspend if asked is suspend else end)(room.room, issued.session.id, DESK)
    room.clock.advance(7200 if late else 3600)
    assert await node.settles(lease, debited_s, reason) == [Settled(lease.lease_id)]
    stay = await room.session(issued)
    assert (stay.status, stay.end_reason, stay.consumed_s) == (status, why, debited_s)
    assert stay.ended_at == (room.clock.now() if why else None)


async def test_time_added_while_expired_was_on_its_way_leaves_a_suspended_stay_with_time(
    room: TestRoom, node: Node
) -> None:
    issued = await room.issued(60)
    lease = await node.gets(issued.code)
    await add_time(room.room, issued.session.id, 300, DESK)
    await node.settles(lease, 60, SettleReason.EXPIRED)
    stay = await room.session(issued)
    assert (stay.status, stay.unallocated_s) == (SessionStatus.SUSPENDED, 300)


async def test_a_repeated_settlement_is_answered_again_and_charged_once(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    for _ in range(3):
        assert await node.settles(lease, 600, SettleReason.PAUSED_HERE) == [Settled(lease.lease_id)]
    assert (await room.session(issued)).consumed_s == 600
    assert len(room.entries(Action.SESSION_SUSPENDED)) == 1


async def test_a_late_repeat_touches_no_later_lease_of_the_same_stay(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    first = await node.gets(issued.code)
    await node.settles(first, 600, SettleReason.PAUSED_HERE)
    second = await node.gets(issued.code)
    assert await node.settles(first, 3600) == [Settled(first.lease_id)]
    assert (await room.lease(second)).open
    assert (await room.session(issued)).consumed_s == 600


async def test_the_journal_says_what_was_charged_and_why(room: TestRoom, node: Node) -> None:
    first, second = await room.issued(), await room.issued()
    await node.settles(await node.gets(first.code), 600, SettleReason.PAUSED_HERE)
    (entry,) = room.entries(Action.SESSION_SUSPENDED)
    assert (entry.operator, entry.details) == (None, {"reason": "paused_here", "charged_s": 600})
    lease = await node.gets(second.code)
    await end(room.room, second.session.id, DESK)
    await node.settles(lease, 60, SettleReason.REVOKED)
    (entry,) = room.entries(Action.SESSION_ENDED)
    assert (entry.operator, entry.details) == ("marie", {"reason": "ended_by_desk", "charged_s": 60})


async def test_a_charge_is_never_below_what_was_reported_and_a_lower_figure_is_an_incident(
    room: TestRoom, node: Node
) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    await node.reports(lease, 900)
    await node.settles(lease, 300, SettleReason.PAUSED_HERE)
    assert (await room.session(issued)).consumed_s == 900
    (entry,) = room.entries(Action.INCIDENT)
    assert entry.details == {"kind": "lower_debit", "lease": lease.lease_id, "seconds": 600}


async def test_a_figure_above_the_total_is_charged_and_flagged(room: TestRoom, node: Node) -> None:
    issued = await room.issued(600)
    lease = await node.gets(issued.code)
    await node.settles(lease, 700)
    stay = await room.session(issued)
    assert (stay.consumed_s, stay.status, stay.flag) == (700, SessionStatus.EXPIRED, "surplus")


async def test_a_settlement_of_more_than_we_remember_granting_grows_the_budget_flagged(
    room: TestRoom, node: Node
) -> None:
    issued = await room.issued(600)
    lease = await node.gets(issued.code)
    await node.settles(lease, 800, rev=2, total_s=900)
    stay = await room.session(issued)
    assert (stay.budget_s, stay.consumed_s, stay.unallocated_s, stay.flag) == (900, 800, 100, "adopted")
    assert room.incidents() == ["adopted_total"]


async def test_a_refusal_of_a_lease_never_held_gives_everything_back(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    assert await node.settles(lease, 0, SettleReason.NOT_ACCEPTED) == [Settled(lease.lease_id)]
    assert (await node.gets(issued.code)).total_s == 3600
    assert room.incidents() == []


@pytest.mark.parametrize("swapped", [True, False])
async def test_a_refusal_from_another_card_or_of_a_held_lease_is_flagged_once_and_not_believed(
    room: TestRoom, node: Node, swapped: bool
) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    facts = {"state_epoch": new_id()} if swapped else {}
    if not swapped:
        await node.reports(lease, 10)
    for _ in range(3):
        heard = await node.settles(lease, 0, SettleReason.NOT_ACCEPTED, **facts)
        assert heard == [Settled(lease.lease_id)]
    assert (await room.lease(lease)).open
    assert (await room.session(issued)).status is SessionStatus.ACTIVE
    assert room.incidents() == ["refusal_not_believed"]


async def test_an_unknown_lease_that_was_used_becomes_a_flagged_stay(room: TestRoom, node: Node) -> None:
    unknown = Lease(new_id(), 2, 3600)
    for _ in range(2):
        assert await node.settles(unknown, 900) == [Settled(unknown.lease_id)]
    ((key, status, flag),) = room.sessions()
    stay = await room.session(key)
    assert (status, flag) == ("ended", "unknown_lease")
    assert (stay.initial_s, stay.consumed_s, stay.end_reason) == (3600, 900, "unknown_lease")
    lease = await room.lease(unknown)
    assert (lease.rev, lease.charged_s, lease.post_id, lease.open) == (2, 900, "p01", False)
    assert room.incidents() == ["unknown_lease"]


async def test_an_unknown_lease_that_cost_nothing_is_noted_and_answered(room: TestRoom, node: Node) -> None:
    unknown = Lease(new_id(), 1, 3600)
    assert await node.settles(unknown, 0, SettleReason.NOT_ACCEPTED) == [Settled(unknown.lease_id)]
    assert room.sessions() == []
    assert room.incidents() == ["unknown_lease"]


async def test_another_posts_lease_is_not_closed_by_this_one(room: TestRoom, node: Node, other: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    assert await other.settles(lease, 3600) == [Settled(lease.lease_id)]
    assert (await room.lease(lease)).open
    assert (await room.session(issued)).consumed_s == 0
    (entry,) = room.entries(Action.INCIDENT)
    assert (entry.post_id, entry.details["kind"]) == ("p02", "foreign_lease")


async def test_a_settled_lease_never_opens_again(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    await node.settles(lease, 600, SettleReason.PAUSED_HERE)
    closed = await room.lease(lease)
    await node.reports(lease, 610)
    await node.says(Settle(lease.lease_id, 9, 9999, 0, node.epoch, SettleReason.PAUSED_HERE))
    assert await room.lease(lease) == closed
    assert replace(closed, closed_at=None).open
