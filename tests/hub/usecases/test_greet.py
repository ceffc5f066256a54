"""Greet: the hub learns what a node holds, and tells it the state that it should have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.domain.house import House
from hub.usecases.add_time import add_time
from hub.usecases.force_release import force_release
from hub.usecases.recall import suspend, transfer
from hub.wire.codec import Nonsense
from hub.wire.messages import Hello, Lease, Start
from hub.wire.terms import Action, Intent, Language, LeaseState, SessionStatus, SettleReason
from tests.support.room import DESK, HUB_EPOCH, Node, TestRoom, new_id, only, told

CLOSED = LeaseState.CLOSED


async def test_a_hello_is_answered_with_the_state_the_post_should_have(room: TestRoom, node: Node) -> None:
    await room.save(House(language=Language.EN, grace_s=30, warn_at_s=(120,)))
    sync = await node.hello()
    assert (sync.hub_epoch, sync.utc) == (HUB_EPOCH, "2026-11-23T09:00:00Z")
    assert (sync.lease, sync.revoked, sync.settled, sync.maintenance) == (None, (), (), None)
    assert (sync.settings.language, sync.settings.grace_s, sync.settings.warn_at_s) == (Language.EN, 30, (120,))


async def test_the_hub_remembers_who_greeted(room: TestRoom, node: Node) -> None:
    room.clock.advance(60)
    await node.says(Hello(new_id(), node.epoch, "0.2.0", (1, 1), ip="10.0.0.12", mac="dc:a6:32:00:00:01"))
    post = await room.post()
    assert (post.client_version, post.ip_address, post.mac_address) == ("0.2.0", "10.0.0.12", "dc:a6:32:00:00:01")
    assert post.state_epoch == node.epoch
    assert post.last_seen_at == post.greeted_at == room.clock.now()


async def test_a_lease_that_the_hello_does_not_show_is_published_again_under_its_request(
    room: TestRoom, node: Node
) -> None:
    lease = await node.gets((await room.issued()).code)
    assert (await node.hello()).lease == lease


async def test_a_lease_that_the_node_holds_is_stated_without_a_request(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    sync = await node.hello(told(lease, 120))
    assert sync.lease == replace(lease, req_id=None)
    stored = await room.lease(lease)
    assert (stored.held, stored.debited_s) == (True, 120)


async def test_a_node_that_missed_a_change_hears_of_it(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    await add_time(room.room, issued.session.id, 300, DESK)
    sync = await node.hello(told(lease, 120))
    assert sync.lease == replace(lease, rev=2, total_s=3900, req_id=None)
    await suspend(room.room, issued.session.id, DESK)
    sync = await node.hello(told(lease, 130))
    assert sync.lease is not None
    assert (sync.lease.state, sync.lease.intent, sync.lease.rev) == (LeaseState.REVOKED, Intent.SUSPEND, 3)


async def test_a_hello_that_brings_nothing_new_writes_no_lease(room: TestRoom, node: Node) -> None:
    lease = await node.gets((await room.issued()).code)
    await node.hello(told(lease, 120))
    room.feed.sessions.clear()
    await node.hello(told(lease, 120))
    assert room.feed.sessions == []


async def test_closed_leases_in_a_hello_are_settled(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    sync = await node.hello(told(lease, 600, CLOSED, SettleReason.PAUSED_HERE))
    assert (sync.settled, sync.lease, sync.revoked) == ((lease.lease_id,), None, ())
    stay = await room.session(issued)
    assert (stay.status, stay.consumed_s) == (SessionStatus.SUSPENDED, 600)
    again = await node.hello(told(lease, 600, CLOSED, SettleReason.PAUSED_HERE))
    assert again.settled == (lease.lease_id,)
    assert (await room.session(issued)).consumed_s == 600


async def test_one_hello_may_tell_a_closed_lease_and_the_open_one_after_it(room: TestRoom, node: Node) -> None:
    first, second = await room.issued(), await room.issued()
    old = await node.gets(first.code)
    await node.settles(old, 60, SettleReason.PAUSED_HERE)
    new = await node.gets(second.code)
    sync = await node.hello(told(old, 60, CLOSED, SettleReason.PAUSED_HERE), told(new, 30))
    assert sync.settled == (old.lease_id,)
    assert sync.lease is not None
    assert sync.lease.lease_id == new.lease_id


async def test_a_new_card_is_charged_by_the_clock_with_an_incident(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    room.clock.advance(600)
    new_card = Node(room, "p01")
    sync = await new_card.hello()
    assert sync.lease is None
    stored = await room.lease(lease)
    assert (stored.open, stored.charged_s, stored.forced) == (False, 600, True)
    stay = await room.session(issued)
    assert (stay.status, stay.unallocated_s) == (SessionStatus.SUSPENDED, 3000)
    assert room.incidents() == ["new_card"]
    (entry,) = room.entries(Action.LEASE_RELEASED)
    assert entry.details == {"reason": "new_card", "charged_s": 600}
    assert (await new_card.gets(issued.code)).total_s == 3000


async def test_a_new_card_that_still_holds_the_lease_keeps_it(room: TestRoom, node: Node) -> None:
    lease = await node.gets((await room.issued()).code)
    restored = Node(room, "p01")
    sync = await restored.hello(told(lease, 120))
    assert sync.revoked == ()
    assert (await room.lease(lease)).open


async def test_the_old_card_coming_back_tells_the_true_figure(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    room.clock.advance(600)
    await Node(room, "p01").hello()
    sync = await node.hello(told(lease, 200))
    assert sync.revoked == (lease.lease_id,)
    await node.settles(lease, 250, SettleReason.REVOKED)
    stay = await room.session(issued)
    assert (stay.consumed_s, stay.flag) == (250, "corrected")


async def test_a_new_card_cannot_refuse_its_way_to_a_refund(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    room.clock.advance(600)
    new_card = Node(room, "p01")
    await new_card.hello()
    await new_card.settles(lease, 0, SettleReason.NOT_ACCEPTED)
    assert (await room.session(issued)).consumed_s == 600
    assert room.incidents() == ["new_card", "refusal_not_believed"]


async def test_a_lease_that_is_closed_here_or_belongs_elsewhere_is_revoked(
    room: TestRoom, node: Node, other: Node
) -> None:
    lease = await node.gets((await room.issued()).code)
    assert (await other.hello(told(lease, 60))).revoked == (lease.lease_id,)
    assert (await room.lease(lease)).post_id == "p01"
    await force_release(room.room, "p01", "", DESK)
    assert (await node.hello(told(lease, 60))).revoked == (lease.lease_id,)


async def test_an_unknown_open_lease_is_adopted_as_a_flagged_stay(room: TestRoom, node: Node) -> None:
    unknown = Lease(new_id(), 3, 1800)
    sync = await node.hello(told(unknown, 600))
    assert sync.lease == unknown
    assert sync.revoked == ()
    ((key, status, flag),) = room.sessions()
    assert (status, flag) == ("active", "unknown_lease")
    assert room.incidents() == ["unknown_lease"]
    await node.settles(unknown, 900, SettleReason.PAUSED_HERE)
    stay = await room.session(key)
    assert (stay.status, stay.unallocated_s) == (SessionStatus.SUSPENDED, 900)


async def test_an_unknown_open_lease_takes_the_place_of_the_one_we_believed_in(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    believed, unknown = await node.gets(issued.code), Lease(new_id(), 1, 1800)
    room.clock.advance(300)
    sync = await node.hello(told(unknown, 600))
    assert sync.lease == unknown
    assert not (await room.lease(believed)).open
    assert (await room.session(issued)).consumed_s == 300
    (entry,) = room.entries(Action.LEASE_RELEASED)
    assert entry.details["reason"] == "node_holds_another"


async def test_a_higher_total_and_revision_are_adopted_flagged(room: TestRoom, node: Node) -> None:
    issued = await room.issued(600)
    lease = await node.gets(issued.code)
    sync = await node.hello(told(lease, 500, rev=4, total_s=900))
    assert sync.lease is not None
    assert (sync.lease.rev, sync.lease.total_s) == (4, 900)
    stay = await room.session(issued)
    assert (stay.budget_s, stay.allocated_s, stay.flag) == (900, 900, "adopted")
    assert room.incidents() == ["adopted_total"]


async def test_a_hello_can_hand_over_to_the_next_post(room: TestRoom, node: Node, other: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    await transfer(room.room, issued.session.id, "p02", DESK)
    await node.hello(told(lease, 60, CLOSED, SettleReason.REVOKED))
    assert only(room.heard("p02"), Start).ttl_s == 30


async def test_two_open_leases_at_once_are_nonsense(room: TestRoom, node: Node) -> None:
    with pytest.raises(Nonsense, match="more than one"):
        await node.hello(told(Lease(new_id(), 1, 60), 0), told(Lease(new_id(), 1, 60), 0))


async def test_a_closed_lease_without_a_reason_is_nonsense_and_undoes_the_whole_hello(
    room: TestRoom, node: Node
) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    with pytest.raises(Nonsense, match="without a reason"):
        await node.hello(told(lease, 60, CLOSED, SettleReason.EXPIRED), told(Lease(new_id(), 1, 60), 0, CLOSED))
    assert (await room.lease(lease)).open


@pytest.mark.parametrize("state", [LeaseState.REVOKED])
async def test_a_state_that_no_node_tells_needs_a_reason_like_a_closed_one(
    room: TestRoom, node: Node, state: LeaseState
) -> None:
    with pytest.raises(Nonsense):
        await node.hello(told(Lease(new_id(), 1, 60), 0, state))
