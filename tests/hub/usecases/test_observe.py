"""Observe: a status keeps the board alive, and shows what has to be told again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub.usecases.add_time import add_time
from hub.usecases.maintenance import maintenance_off, maintenance_on
from hub.usecases.observe import is_routine, observe
from hub.usecases.presence import Presence
from hub.wire.codec import Nonsense
from hub.wire.messages import Lease, PostReport, Redeem, Sync
from hub.wire.terms import Action, LeaseState, Phase, SettleReason
from tests.fakes.hub_clock import START
from tests.support.room import DESK, Node, TestRoom, new_id, only


async def test_the_last_status_is_kept_with_its_time(room: TestRoom, node: Node) -> None:
    room.clock.advance(10)
    await node.reports(faults=("keypad",))
    seen = room.presence.last("p01")
    assert seen is not None
    assert (seen.report.faults, seen.at) == (("keypad",), room.clock.now())
    assert room.feed.posts[-1] == "p01"


async def test_listeners_hear_of_a_status_where_it_is_more_than_time_running_down(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)

    async def heard(after_s: int, debited_s: int, **facts: Any) -> tuple[list[str], list[str]]:
        room.clock.advance(after_s)
        room.feed.posts.clear()
        room.feed.sessions.clear()
        await node.reports(lease, debited_s, **facts)
        assert (await room.lease(lease)).debited_s == debited_s, "told or not, it is kept"
        return room.feed.posts, room.feed.sessions

    told, untold = (["p01"], [issued.session.id]), (list[str](), list[str]())
    assert await heard(0, 1) == told
    assert await heard(10, 10) == untold
    assert await heard(10, 22) == untold
    assert await heard(10, 30) == untold
    assert await heard(10, 39, faults=("keypad",)) == told
    assert await heard(10, 49) == told
    assert await heard(10, 57) == told, "slower than the clock"
    assert await heard(10, 67) == untold
    assert await heard(10, 77, phase=Phase.GRACE) == told
    assert await heard(30, 107, phase=Phase.GRACE) == untold
    assert await heard(19, 126, phase=Phase.GRACE) == untold
    assert await heard(1, 127, phase=Phase.GRACE) == told, "it is there"


async def test_statuses_of_several_posts_are_kept_together(room: TestRoom, node: Node, other: Node) -> None:
    running, idle = await node.gets((await room.issued()).code), await room.node("p03")
    await node.reports(running)
    await other.reports()
    room.clock.advance(10)
    room.feed.posts.clear()
    debited = PostReport(
        online=True, state_epoch=node.epoch, phase=Phase.RUNNING, lease_id=running.lease_id, rev=1,
        total_s=running.total_s, remaining_s=running.total_s - 10, debited_s=10,
    )  # fmt: skip
    shows_none = PostReport(online=True, state_epoch=other.epoch, faults=("keypad",))
    gone = PostReport(online=False)
    await observe(room.room, {"p01": debited, "p02": shows_none, "p03": gone})
    assert (await room.lease(running)).debited_s == 10
    assert room.feed.posts == ["p02", "p03"], "what is no news is kept without a word"
    assert not room.presence.online(idle.post_id, room.clock.now())
    assert room.presence.last("p01") is not None
    assert [entry.post_id for entry in room.entries(Action.POST_DISCONNECTED)] == ["p03"]


async def test_a_post_that_is_not_ours_among_them_leaves_the_others_to_be_asked_one_by_one(
    room: TestRoom, node: Node
) -> None:
    lease = await node.gets((await room.issued()).code)
    report = PostReport(
        online=True, state_epoch=node.epoch, phase=Phase.RUNNING, lease_id=lease.lease_id, rev=1, debited_s=10
    )
    with pytest.raises(Nonsense):
        await observe(room.room, {"p01": report, "nowhere": report})
    assert (await room.lease(lease)).debited_s == 0
    assert room.presence.last("nowhere") is None


async def test_only_a_status_that_is_no_news_can_wait(room: TestRoom, node: Node) -> None:
    idle = PostReport(online=True, state_epoch=node.epoch)
    assert not is_routine(room.room, "p02", idle), "nothing is known of it yet"
    await node.says(idle)
    room.clock.advance(10)
    assert is_routine(room.room, "p01", idle)
    assert not is_routine(room.room, "p01", replace(idle, faults=("keypad",)))
    assert not is_routine(room.room, "p01", Redeem(new_id(), node.epoch, code="AAAAAA"))


async def test_coming_and_going_are_journalled_once_each(room: TestRoom) -> None:
    node = await room.node(online=False)
    await node.says(PostReport(online=False))
    assert room.entries(Action.POST_DISCONNECTED) == []
    await node.hello()
    for _ in range(3):
        await node.reports()
    assert len(room.entries(Action.POST_CONNECTED)) == 1
    room.clock.advance(5)
    for _ in range(2):
        await node.says(PostReport(online=False))
    assert len(room.entries(Action.POST_DISCONNECTED)) == 1
    assert (await room.post()).last_seen_at == room.clock.now()


async def test_a_lease_that_the_status_does_not_show_is_offered_again_under_its_request(
    room: TestRoom, node: Node
) -> None:
    lease = await node.gets((await room.issued()).code)
    assert await node.reports() == [lease]


async def test_a_status_that_shows_the_lease_proves_it_held_and_keeps_the_highest_debit(
    room: TestRoom, node: Node
) -> None:
    lease = await node.gets((await room.issued()).code)
    for debited_s, highest_s in ((10, 10), (30, 30), (20, 30)):
        assert await node.reports(lease, debited_s) == []
        stored = await room.lease(lease)
        assert (stored.held, stored.debited_s) == (True, highest_s)


async def test_a_node_with_an_older_revision_is_told_again(room: TestRoom, node: Node) -> None:
    issued = await room.issued()
    lease = await node.gets(issued.code)
    await add_time(room.room, issued.session.id, 300, DESK)
    newer = replace(lease, rev=2, total_s=3900, req_id=None)
    assert await node.reports(lease, 10) == [newer]
    assert await node.reports(newer, 10) == []


async def test_a_node_that_shows_a_closed_lease_is_told_to_let_go(room: TestRoom, node: Node) -> None:
    lease = await node.gets((await room.issued()).code)
    await node.settles(lease, 60, SettleReason.PAUSED_HERE)
    sync = only(await node.reports(lease, 70), Sync)
    assert (sync.revoked, sync.lease) == ((lease.lease_id,), None)


async def test_a_node_that_shows_another_posts_lease_is_told_to_let_go(room: TestRoom, node: Node, other: Node) -> None:
    lease = await node.gets((await room.issued()).code)
    assert only(await other.reports(lease, 10), Sync).revoked == (lease.lease_id,)
    assert (await room.lease(lease)).debited_s == 0


async def test_a_lease_that_nobody_knows_waits_for_the_hello(room: TestRoom, node: Node) -> None:
    assert await node.reports(Lease(new_id(), 1, 600), 10) == []
    assert room.sessions() == []


async def test_another_card_is_not_believed_but_made_to_greet(room: TestRoom, node: Node) -> None:
    lease = await node.gets((await room.issued()).code)
    told = only(await node.reports(state_epoch=new_id()), Sync)
    assert told.state_epoch == (await room.post()).state_epoch
    assert only(await node.reports(lease, 500, state_epoch=new_id()), Sync) == told
    assert (await room.lease(lease)).debited_s == 0


async def test_a_post_that_has_never_greeted_is_left_to_do_so(room: TestRoom) -> None:
    node = await room.node(online=False)
    assert await node.reports() == []


async def test_maintenance_that_a_post_has_missed_is_told_again(room: TestRoom, node: Node) -> None:
    await maintenance_on(room.room, "p01", DESK)
    assert only(await node.reports(), Sync).maintenance is not None
    assert await node.reports(phase=Phase.MAINTENANCE) == []
    await maintenance_off(room.room, "p01", DESK)
    assert only(await node.reports(phase=Phase.MAINTENANCE), Sync).maintenance is None
    assert await node.reports() == []


async def test_a_lease_that_a_silent_post_was_not_seen_to_take_is_never_closed_by_the_hub(
    room: TestRoom, node: Node
) -> None:
    lease = await node.gets((await room.issued()).code)
    room.clock.advance(86_400)
    await node.says(PostReport(online=False))
    assert (await room.lease(lease)).open
    assert (await node.hello()).lease == lease
    assert lease.state is LeaseState.OPEN


def test_a_post_is_online_while_it_speaks() -> None:
    presence, now = Presence(), START
    assert not presence.online("p01", now)
    assert presence.last("p01") is None
    presence.saw("p01", PostReport(online=True), now)
    presence.saw("p02", PostReport(online=False), now)
    assert presence.online("p01", now + timedelta(seconds=45))
    assert not presence.online("p01", now + timedelta(seconds=46))
    assert not presence.online("p02", now)
    assert set(presence.all()) == {"p01", "p02"}


def test_a_post_that_falls_silent_is_named_once() -> None:
    presence, now = Presence(), START
    presence.saw("p01", PostReport(online=True, phase=Phase.RUNNING), now)
    presence.saw("p02", PostReport(online=False), now)
    later = now + timedelta(seconds=46)
    assert presence.fallen_silent(now) == {}
    assert presence.fallen_silent(later) == presence.fallen_silent(later) == {"p01": now}
    presence.note_silent(now)
    assert presence.fallen_silent(later) == {"p01": now}
    presence.note_silent(later)
    assert presence.fallen_silent(later) == {}
    seen = presence.last("p01")
    assert seen is not None
    assert (seen.report.online, seen.report.phase, seen.at) == (False, Phase.RUNNING, now)
    assert presence.is_news("p01", PostReport(online=True, phase=Phase.RUNNING), later)
