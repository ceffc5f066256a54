"""Issue: what a new code is, and which orders make no sense."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub.domain.access_code import CodeFormat
from hub.domain.errors import Conflict, Invalid, NotFound
from hub.domain.house import House
from hub.domain.session import OnEnd
from hub.usecases.issue import IssueOrder, issue
from hub.usecases.ports import Collision
from hub.wire.terms import Action, SessionStatus
from tests.support.room import DESK, Node, TestRoom


async def test_a_new_session_waits_with_all_its_time_for_its_code(room: TestRoom) -> None:
    issued = await room.issued(5400, category="child", notes="homework", on_end=OnEnd.BURN)
    stored = await room.session(issued)
    assert stored == issued.session
    assert (stored.status, stored.initial_s, stored.unallocated_s) == (SessionStatus.PENDING, 5400, 5400)
    assert (stored.category, stored.notes, stored.on_end, stored.operator) == ("child", "homework", OnEnd.BURN, "marie")
    assert stored.started_at is None


async def test_a_code_is_valid_for_a_day_unless_the_house_or_the_order_says_otherwise(room: TestRoom) -> None:
    now, day, hour = room.clock.now(), timedelta(days=1), timedelta(hours=1)
    assert (await room.issued()).session.valid_until == now + day
    assert (await room.issued(valid_from=now + hour)).session.valid_until == now + hour + day
    assert (await room.issued(valid_until=now + hour)).session.valid_until == now + hour
    await room.save(House(validity_s=60))
    assert (await room.issued()).session.valid_until == now + timedelta(minutes=1)


async def test_a_code_whose_validity_began_long_ago_is_still_good_for_the_usual_time(room: TestRoom) -> None:
    now = room.clock.now()
    session = (await room.issued(valid_from=now - timedelta(days=7))).session
    assert session.valid_until == now + timedelta(days=1)


async def test_codes_have_the_houses_format(room: TestRoom) -> None:
    assert len((await room.issued()).code) == 6
    await room.save(House(code=CodeFormat(9, "0123456789")))
    code = (await room.issued()).code
    assert (len(code), code.isdigit()) == (9, True)


async def test_a_code_can_be_read_again_from_the_database_only_by_the_mint(room: TestRoom) -> None:
    issued = await room.issued()
    stored = await room.session(issued)
    assert stored.code_sealed is not None
    assert room.mint.open_code(stored.code_sealed) == issued.code
    assert issued.code not in str(room.rows("SELECT * FROM session"))
    assert issued.code not in repr(issued)


async def test_a_batch_is_so_many_sessions_with_so_many_codes_in_one_transaction(room: TestRoom) -> None:
    batch = await issue(room.room, IssueOrder(1800, count=20, category="workshop"), DESK)
    assert len({issued.code for issued in batch}) == len({issued.session.id for issued in batch}) == 20
    assert {(await room.session(issued)).category for issued in batch} == {"workshop"}
    assert len(room.entries(Action.CODE_ISSUED)) == 20


async def test_a_code_that_is_taken_is_drawn_anew(room: TestRoom) -> None:
    first = await room.issued()
    room.mint.next_codes.extend([first.code, first.code, "ZZZZZZ"])
    assert (await room.issued()).code == "ZZZZZZ"


async def test_when_no_code_is_free_the_whole_batch_is_refused(room: TestRoom) -> None:
    room.mint.next_codes.extend(["QQQQQQ"] * 50)
    with pytest.raises(Collision):
        await issue(room.room, IssueOrder(600, count=2), DESK)
    assert room.sessions() == []
    assert room.feed.entries == []


async def test_the_journal_says_who_issued_how_much_from_where(room: TestRoom, node: Node) -> None:
    user = await room.user()
    room.feed.posts.clear()
    issued = await room.issued(600, post_id="p01", user_id=user.id)
    (entry,) = room.entries(Action.CODE_ISSUED)
    assert (entry.session_id, entry.post_id, entry.user_id) == (issued.session.id, "p01", user.id)
    assert (entry.operator, entry.ip_address, entry.details) == ("marie", "10.0.0.5", {"seconds": 600})
    assert issued.session.id in room.feed.sessions
    assert room.feed.posts == ["p01"]


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"duration_s": 0}, "duration_s"),
        ({"duration_s": -1}, "duration_s"),
        ({"duration_s": 86_401}, "duration_s"),
        ({"duration_s": 2**63}, "duration_s"),
        ({"count": 0}, "count"),
        ({"count": 201}, "count"),
        ({"valid_until": 0}, "valid_until"),
        ({"valid_until": -60}, "valid_until"),
        ({"valid_from": 7200, "valid_until": 3600}, "valid_until"),
        ({"valid_from": 3600, "valid_until": 3600}, "valid_until"),
    ],
)
async def test_an_order_out_of_range_is_invalid_and_changes_nothing(
    room: TestRoom, order: dict[str, Any], field: str
) -> None:
    instants = {"valid_from", "valid_until"}
    facts: dict[str, Any] = {
        name: room.clock.now() + timedelta(seconds=value) if name in instants else value
        for name, value in order.items()
    }
    made = IssueOrder(**({"duration_s": 600} | facts))
    with pytest.raises(Invalid) as caught:
        await issue(room.room, made, DESK)
    assert caught.value.field == field
    assert room.sessions() == []


@pytest.mark.parametrize("duration_s", [1, 86_400])
async def test_the_shortest_and_the_longest_stay_are_issued(room: TestRoom, duration_s: int) -> None:
    assert (await room.issued(duration_s)).session.initial_s == duration_s


async def test_nobody_is_bound_to_what_does_not_exist(room: TestRoom) -> None:
    with pytest.raises(NotFound, match="no post 'p09'"):
        await room.issued(post_id="p09")
    with pytest.raises(NotFound, match="no user 'nobody'"):
        await room.issued(user_id="nobody")


async def test_a_blocked_user_gets_no_code(room: TestRoom) -> None:
    user = await room.user(blocked=True)
    with pytest.raises(Conflict) as caught:
        await room.issued(user_id=user.id)
    assert caught.value.reason == "user_blocked"
    assert (room.sessions(), room.feed.entries) == ([], [])


async def test_no_code_is_bound_to_a_retired_post(room: TestRoom, node: Node) -> None:
    await room.save(replace(await room.post(), retired=True))
    with pytest.raises(Conflict) as caught:
        await room.issued(post_id="p01")
    assert caught.value.reason == "post_retired"


async def test_what_ending_does_is_the_houses_unless_said(room: TestRoom) -> None:
    await room.save(House(on_end=OnEnd.BURN))
    assert (await room.issued()).session.on_end is OnEnd.BURN
    assert (await room.issued(on_end=OnEnd.BANK)).session.on_end is OnEnd.BANK
