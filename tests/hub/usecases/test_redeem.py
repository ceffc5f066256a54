"""Redeem: a code becomes a lease, once, at one post, or a clear word why not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.domain.access_code import Alphabet, CodeFormat
from hub.domain.errors import NotFound
from hub.domain.house import House
from hub.usecases.maintenance import maintenance_off, maintenance_on
from hub.usecases.recall import end, suspend
from hub.wire.codec import Nonsense
from hub.wire.messages import Deny, Lease, PostReport, Redeem
from hub.wire.terms import Action, DenyReason, LeaseState, SessionStatus
from tests.support.room import DESK, Node, TestRoom, new_id


def reason(answer: Lease | Deny) -> DenyReason:
    assert isinstance(answer, Deny)
    return answer.reason


async def test_all_that_is_left_of_a_session_goes_out_on_one_lease(room: TestRoom, node: Node) -> None:
    issued = await room.issued(3600)
    lease = await node.gets(issued.code)
    assert (lease.rev, lease.total_s, lease.state, lease.seconds_added) == (1, 3600, LeaseState.OPEN, None)
    stored = await room.lease(lease)
    assert (stored.session_id, stored.post_id, stored.state_epoch) == (issued.session.id, "p01", node.epoch)
    stay = await room.session(issued)
    assert (stay.status, stay.allocated_s, stay.unallocated_s) == (SessionStatus.ACTIVE, 3600, 0)
    (entry,) = room.entries(Action.SESSION_STARTED)
    assert (entry.session_id, entry.post_id, entry.details) == (issued.session.id, "p01", {"seconds": 3600})


async def test_a_repeated_request_gets_the_same_lease_and_opens_no_second_one(room: TestRoom, node: Node) -> None:
    code, req_id = (await room.issued()).code, new_id()
    first = await node.asks(code, req_id=req_id)
    assert await node.asks(code, req_id=req_id) == first
    assert len(room.rows("SELECT id FROM lease")) == 1
    assert len(room.entries(Action.SESSION_STARTED)) == 1


async def test_a_repeated_request_gets_the_same_refusal_though_the_world_has_changed(
    room: TestRoom, node: Node
) -> None:
    req_id = new_id()
    room.mint.next_codes.append("ZZZZZZ")
    first = await node.asks("ZZZZZZ", req_id=req_id)
    await room.issued()
    assert await node.asks("ZZZZZZ", req_id=req_id) == first == Deny(req_id, DenyReason.UNKNOWN_CODE)
    assert len(room.entries(Action.CODE_REFUSED)) == 1


async def test_a_repeated_request_shows_what_the_lease_has_become_since(room: TestRoom, node: Node) -> None:
    issued, req_id = await room.issued(), new_id()
    await node.asks(issued.code, req_id=req_id)
    await suspend(room.room, issued.session.id, DESK)
    again = await node.asks(issued.code, req_id=req_id)
    assert isinstance(again, Lease)
    assert (again.state, again.rev) == (LeaseState.REVOKED, 2)


async def test_a_repeated_request_whose_lease_is_closed_does_not_open_it_again(room: TestRoom, node: Node) -> None:
    issued, req_id = await room.issued(), new_id()
    lease = await node.asks(issued.code, req_id=req_id)
    assert isinstance(lease, Lease)
    await node.settles(lease, 60)
    assert await node.asks(issued.code, req_id=req_id) == Deny(req_id, DenyReason.LEASE_CHANGED)
    assert (await room.session(issued)).status is SessionStatus.SUSPENDED


async def test_another_posts_request_id_is_nonsense(room: TestRoom, node: Node, other: Node) -> None:
    issued, req_id = await room.issued(), new_id()
    await node.asks(issued.code, req_id=req_id)
    with pytest.raises(Nonsense, match="another post's"):
        await other.asks(issued.code, req_id=req_id)


async def test_the_same_post_asking_again_is_offered_the_same_lease_under_the_new_request(
    room: TestRoom, node: Node
) -> None:
    code = (await room.issued()).code
    first, again = await node.gets(code), await node.gets(code)
    assert again == replace(first, req_id=again.req_id)
    assert again.req_id != first.req_id
    assert (await room.lease(first)).req_id == again.req_id


async def test_another_post_asking_gets_already_in_use_and_the_posts_name(
    room: TestRoom, node: Node, other: Node
) -> None:
    code = (await room.issued()).code
    await node.gets(code)
    answer = await other.asks(code)
    assert isinstance(answer, Deny)
    assert (answer.reason, answer.detail) == (DenyReason.ALREADY_IN_USE, "Post 1")


async def test_many_posts_asking_for_one_code_at_once_get_one_lease(room: TestRoom) -> None:
    nodes = [await room.node(f"p0{number}") for number in range(1, 6)]
    code = (await room.issued()).code
    await asyncio.gather(*(node.says(Redeem(new_id(), node.epoch, code=code)) for node in nodes))
    assert len(room.rows("SELECT id FROM lease WHERE closed_at IS NULL")) == 1
    refusals = [entry.details["reason"] for entry in room.entries(Action.CODE_REFUSED)]
    assert refusals == [DenyReason.ALREADY_IN_USE] * 4


async def test_a_post_that_has_a_lease_gets_no_second_one(room: TestRoom, node: Node) -> None:
    await node.gets((await room.issued()).code)
    assert reason(await node.asks((await room.issued()).code)) is DenyReason.POST_BUSY


async def test_a_code_of_a_stay_that_is_over_says_so(room: TestRoom, node: Node) -> None:
    spent, ended = await room.issued(60), await room.issued()
    await node.settles(await node.gets(spent.code), 60)
    assert reason(await node.asks(spent.code)) is DenyReason.USED_UP
    await end(room.room, ended.session.id, DESK)
    assert reason(await node.asks(ended.code)) is DenyReason.CLOSED


async def test_a_code_works_within_its_validity_only(room: TestRoom, node: Node) -> None:
    hour = timedelta(hours=1)
    issued = await room.issued(60, valid_from=room.clock.now() + hour, valid_until=room.clock.now() + 2 * hour)
    assert reason(await node.asks(issued.code)) is DenyReason.NOT_YET_VALID
    room.clock.advance(7200)
    assert reason(await node.asks(issued.code)) is DenyReason.CODE_EXPIRED
    room.clock.advance(-3600)
    assert (await node.gets(issued.code)).total_s == 60


async def test_validity_never_closes_an_open_lease(room: TestRoom, node: Node) -> None:
    issued = await room.issued(7200, valid_until=room.clock.now() + timedelta(hours=1))
    lease = await node.gets(issued.code)
    room.clock.advance(5400)
    assert await node.reports(lease, 5400) == []
    assert (await node.gets(issued.code)).lease_id == lease.lease_id
    assert (await room.session(issued)).status is SessionStatus.ACTIVE


async def test_a_bound_code_works_at_its_post_only(room: TestRoom, node: Node, other: Node) -> None:
    code = (await room.issued(post_id="p02")).code
    assert reason(await node.asks(code)) is DenyReason.WRONG_POST
    assert (await other.gets(code)).total_s == 3600


async def test_a_reserved_post_takes_only_the_code_it_is_reserved_for_while_that_is_valid(
    room: TestRoom, node: Node
) -> None:
    later = room.clock.now() + timedelta(hours=1)
    bound = await room.issued(60, post_id="p01", valid_from=later, valid_until=later + timedelta(hours=1))
    walk_in = await room.issued(60)
    await node.settles(await node.gets(walk_in.code), 10)
    room.clock.advance(3600)
    assert reason(await node.asks(walk_in.code)) is DenyReason.POST_RESERVED
    await node.settles(await node.gets(bound.code), 10)
    await node.settles(await node.gets(walk_in.code), 10)


async def test_a_blocked_patrons_code_is_closed(room: TestRoom, node: Node) -> None:
    user = await room.user()
    issued = await room.issued(user_id=user.id)
    lease = await node.gets(issued.code)
    await node.settles(lease, 10)
    await room.save(replace(user, blocked=True))
    assert reason(await node.asks(issued.code)) is DenyReason.CLOSED


async def test_a_post_in_maintenance_or_retired_takes_no_code(room: TestRoom, node: Node) -> None:
    code = (await room.issued()).code
    await maintenance_on(room.room, "p01", DESK)
    assert reason(await node.asks(code)) is DenyReason.POST_MAINTENANCE
    await maintenance_off(room.room, "p01", DESK)
    await room.save(replace(await room.post(), retired=True))
    assert reason(await node.asks(code)) is DenyReason.POST_MAINTENANCE


async def test_a_card_that_has_not_greeted_has_to_wait(room: TestRoom, node: Node) -> None:
    code = (await room.issued()).code
    cloned = Node(room, "p01")
    assert reason(await cloned.asks(code)) is DenyReason.HUB_BUSY
    await cloned.hello()
    await cloned.gets(code)


async def test_a_refusal_is_journalled_with_its_reason_and_without_the_code(room: TestRoom, node: Node) -> None:
    room.codes.append("KQKQKQ")
    await node.asks("KQKQKQ")
    (entry,) = room.entries(Action.CODE_REFUSED)
    assert (entry.post_id, entry.details) == ("p01", {"reason": "unknown_code"})


async def test_a_code_read_from_paper_is_found_though_letters_were_taken_for_its_digits(
    room: TestRoom, node: Node
) -> None:
    await room.save(House(code=CodeFormat(9, Alphabet.DIGITS)))
    room.mint.next_codes.append("401234567")
    await room.issued()
    assert (await node.gets("4OL234567")).total_s == 3600


async def test_a_code_of_former_signs_is_still_found_as_it_was_typed(room: TestRoom, node: Node) -> None:
    room.mint.next_codes.append("OIOIOI")
    await room.issued()
    await room.save(House(code=CodeFormat(9, Alphabet.DIGITS)))
    assert (await node.gets("OIOIOI")).total_s == 3600


async def test_a_code_that_nobody_has_is_one_guess_however_it_is_read(room: TestRoom, node: Node) -> None:
    await room.save(House(code=CodeFormat(9, Alphabet.DIGITS)))
    assert reason(await node.asks("4O1234567")) is DenyReason.UNKNOWN_CODE
    assert len(room.entries(Action.CODE_REFUSED)) == 1


@pytest.mark.parametrize("both", [True, False])
async def test_a_request_has_a_code_or_a_start_never_both_nor_neither(room: TestRoom, node: Node, both: bool) -> None:
    request = Redeem(new_id(), node.epoch)
    if both:
        request = replace(request, code="K7M2QX", start_id=new_id())
    with pytest.raises(Nonsense, match="one of them"):
        await node.says(request)
    assert room.rows("SELECT * FROM request") == []


async def test_a_post_that_the_house_does_not_have_speaks_nonsense(room: TestRoom) -> None:
    stranger = Node(room, "p77")
    with pytest.raises(Nonsense, match="unknown post"):
        await stranger.says(Redeem(new_id(), stranger.epoch, code="K7M2QX"))
    with pytest.raises(Nonsense, match="unknown post"):
        await stranger.says(PostReport(online=True))
    with pytest.raises(NotFound, match="no post"):
        await maintenance_off(room.room, "p77", DESK)
