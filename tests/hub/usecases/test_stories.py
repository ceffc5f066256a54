"""Stays, told from the desk to the end."""

from __future__ import annotations

from hub.usecases.add_time import add_time
from hub.usecases.edit_session import SessionChange, edit_session
from hub.usecases.force_release import force_release
from hub.usecases.recall import end, transfer, undo
from hub.usecases.start_here import start_here
from hub.usecases.sweep import sweep
from hub.wire.messages import Deny, Lease, Settled, Start
from hub.wire.terms import Action, DenyReason, Intent, LeaseState, Phase, SessionStatus, SettleReason
from tests.support.room import DESK, Node, TestRoom, only, sealed_codes


async def test_an_hour_with_a_pause_a_little_more_time_and_a_natural_end(
    room: TestRoom, node: Node, other: Node
) -> None:
    # The desk hands out an hour; nothing has begun until the patron types the code.
    issued = await room.issued(3600)
    assert issued.session.status is SessionStatus.PENDING

    # At post 1 the whole hour goes out on a lease.
    lease = await node.gets(issued.code)
    assert (lease.total_s, lease.state) == (3600, LeaseState.OPEN)
    stay = await room.session(issued)
    assert (stay.status, stay.allocated_s, stay.started_at) == (SessionStatus.ACTIVE, 3600, room.clock.now())

    # Twenty minutes later the patron pauses with a key, and goes for a coffee.
    room.clock.advance(1200)
    await node.reports(lease, 1205)
    assert await node.settles(lease, 1205, SettleReason.PAUSED_HERE) == [Settled(lease.lease_id)]
    stay = await room.session(issued)
    assert (stay.status, stay.consumed_s, stay.unallocated_s) == (SessionStatus.SUSPENDED, 1205, 2395)

    # Post 1 is taken by somebody else; the same code works at post 2 with what is left.
    await node.gets((await room.issued(600)).code)
    lease = await other.gets(issued.code)
    assert lease.total_s == 2395

    # The desk adds a quarter of an hour: the same lease, a higher revision.
    await add_time(room.room, stay.id, 900, DESK)
    lease = only(room.heard("p02"), Lease)
    assert (lease.rev, lease.total_s) == (2, 3295)

    # It is used up; nothing is left to undo or to type again.
    room.clock.advance(3295)
    await other.reports(lease, 3295, phase=Phase.GRACE)
    await other.settles(lease, 3295, SettleReason.EXPIRED)
    stay = await room.session(issued)
    assert (stay.status, stay.end_reason, stay.consumed_s) == (SessionStatus.EXPIRED, "used_up", 4500)
    answer = await other.asks(issued.code)
    assert isinstance(answer, Deny)
    assert answer.reason is DenyReason.USED_UP

    # A minute later the readable code is gone from the database.
    room.clock.advance(61)
    await sweep(room.room)
    assert sealed_codes(room)[stay.id] is None
    told = [entry.action for entry in room.feed.entries if entry.session_id == stay.id]
    assert told == [
        Action.CODE_ISSUED,
        Action.SESSION_STARTED,
        Action.SESSION_SUSPENDED,
        Action.SESSION_RESUMED,
        Action.TIME_ADDED,
        Action.SESSION_EXPIRED,
    ]


async def test_whose_stay_it_is_stands_in_every_line_of_its_story(room: TestRoom, node: Node, other: Node) -> None:
    user = await room.user()
    issued = await room.issued(3600, user_id=user.id)
    stay = issued.session.id
    await edit_session(room.room, stay, SessionChange(category="child"), DESK)
    await node.gets(issued.code)
    await add_time(room.room, stay, 900, DESK)
    await force_release(room.room, "p01", "dead", DESK)
    await end(room.room, stay, DESK)
    await undo(room.room, stay, DESK)
    await transfer(room.room, stay, "p02", DESK)
    room.clock.advance(86_400)
    await sweep(room.room)
    told = {entry.action: entry.user_id for entry in room.feed.entries if entry.session_id == stay}
    assert told == dict.fromkeys(
        (
            Action.CODE_ISSUED,
            Action.SESSION_CHANGED,
            Action.SESSION_STARTED,
            Action.TIME_ADDED,
            Action.LEASE_RELEASED,
            Action.SESSION_SUSPENDED,
            Action.SESSION_ENDED,
            Action.SESSION_TRANSFERRED,
            Action.SESSION_EXPIRED,
        ),
        user.id,
    )


async def test_a_stay_without_a_code_that_moves_to_another_post_and_takes_a_friends_time_along(
    room: TestRoom, node: Node, other: Node
) -> None:
    # The desk starts a child at post 1 for half an hour; the post asks for it by itself.
    issued = await start_here(room.room, "p01", 1800, DESK, notes="with her mother")
    lease = await node.obeys(only(room.heard("p01"), Start))
    assert isinstance(lease, Lease)
    assert lease.total_s == 1800

    # The screen flickers: the desk moves the stay to post 2, which starts when post 1 has let go.
    room.clock.advance(300)
    await node.reports(lease, 305)
    await other.reports()
    await transfer(room.room, issued.session.id, "p02", DESK)
    revoked = only(room.heard("p01"), Lease)
    assert (revoked.state, revoked.intent) == (LeaseState.REVOKED, Intent.TRANSFER)
    assert room.heard("p02") == []
    await node.settles(revoked, 305, SettleReason.REVOKED)
    lease = await other.obeys(only(room.heard("p02"), Start))
    assert isinstance(lease, Lease)
    assert lease.total_s == 1495

    # A friend leaves and gives her code: its rest joins the running stay.
    friend = await room.issued(600)
    joined = await other.gets(friend.code, topping_up=lease)
    assert (joined.lease_id, joined.total_s, joined.seconds_added) == (lease.lease_id, 2095, 600)
    assert (await room.session(friend)).merged_into == issued.session.id

    # She ends it with the key: the rest is banked, and the friend's code opens it too.
    await other.settles(joined, 1000, SettleReason.ENDED_HERE)
    stay = await room.session(issued)
    assert (stay.status, stay.budget_s, stay.consumed_s) == (SessionStatus.SUSPENDED, 2400, 1305)
    assert (await node.gets(friend.code)).total_s == 1095
