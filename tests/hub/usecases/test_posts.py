"""Posts: added with a slug and a name, and given new secrets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from hub.domain.errors import Conflict, Invalid, NotFound, Stale
from hub.domain.version import Expected, version
from hub.usecases.post_wishes import unlock
from hub.usecases.posts import PostChange, add_post, edit_post, remove_post, rotate_secret
from hub.usecases.start_here import start_here
from hub.wire.messages import Lease
from hub.wire.terms import Action, DenyReason
from tests.support.room import DESK, Node, TestRoom


async def test_a_new_post_is_stored_and_journalled_without_its_secret(room: TestRoom) -> None:
    post = await add_post(room.room, "p01", "  Post 1 ", "Hall", "$7$line", DESK)
    assert post == await room.post()
    assert (post.name, post.zone, post.secret) == ("Post 1", "Hall", "$7$line")
    (entry,) = room.entries(Action.POST_CHANGED)
    assert (entry.post_id, entry.operator, entry.details) == ("p01", "marie", {"change": "added"})
    assert "$7$" not in str(room.rows("SELECT * FROM log_entry"))


@pytest.mark.parametrize("post_id", ["", "hub", "monitor", "P1", "-p", "a" * 32, "p/1", "p 1", "é"])
async def test_an_id_that_is_no_slug_is_invalid(room: TestRoom, post_id: str) -> None:
    with pytest.raises(Invalid) as caught:
        await add_post(room.room, post_id, "Post", "", "x", DESK)
    assert caught.value.field == "id"


@pytest.mark.parametrize("name", ["", "   ", "x" * 65])
async def test_a_name_that_a_node_could_not_show_is_invalid(room: TestRoom, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        await add_post(room.room, "p01", name, "", "x", DESK)
    assert caught.value.field == "name"


async def test_a_zone_is_no_longer_than_the_desk_may_edit_it(room: TestRoom) -> None:
    with pytest.raises(Invalid) as caught:
        await add_post(room.room, "p01", "Post", "z" * 65, "x", DESK)
    assert caught.value.field == "zone"
    assert (await add_post(room.room, "p01", "Post", "z" * 64, "x", DESK)).zone == "z" * 64


async def test_the_longest_name_still_fits_into_a_refusal(room: TestRoom, node: Node) -> None:
    await add_post(room.room, "p02", "é" * 64, "", "x", DESK)
    other = Node(room, "p02")
    await other.hello()
    code = (await room.issued()).code
    await other.gets(code)
    assert getattr(await node.asks(code), "detail", None) == "é" * 64


async def test_a_taken_id_is_a_conflict(room: TestRoom, node: Node) -> None:
    with pytest.raises(Conflict) as caught:
        await add_post(room.room, "p01", "Another", "", "x", DESK)
    assert caught.value.reason == "post_exists"
    assert (await room.post()).name == "Post 1"


async def test_a_post_gets_a_new_secret(room: TestRoom, node: Node) -> None:
    assert (await rotate_secret(room.room, "p01", "$7$new", DESK)).secret == "$7$new"
    assert (await room.post()).secret == "$7$new"
    assert room.entries(Action.POST_CHANGED)[-1].details == {"change": "credentials"}


async def test_nobody_changes_a_post_that_does_not_exist(room: TestRoom) -> None:
    with pytest.raises(NotFound):
        await rotate_secret(room.room, "p77", "x", DESK)
    with pytest.raises(NotFound):
        await unlock(room.room, "p77", DESK)


async def test_what_the_desk_says_of_a_post_can_change(room: TestRoom, node: Node) -> None:
    post = await edit_post(room.room, "p01", PostChange(name=" Window ", zone="Attic", notes="for Ada"), DESK)
    assert post == await room.post()
    assert (post.name, post.zone, post.notes) == ("Window", "Attic", "for Ada")
    entry = room.entries(Action.POST_CHANGED)[-1]
    assert entry.details == {
        "change": "edited",
        "changed": ["name", "zone", "notes"],
        "name": "Window",
        "zone": "Attic",
    }


async def test_a_change_of_nothing_is_none(room: TestRoom, node: Node) -> None:
    before = len(room.entries(Action.POST_CHANGED))
    await edit_post(room.room, "p01", PostChange(name="Post 1"), DESK)
    await edit_post(room.room, "p01", PostChange(), DESK)
    assert len(room.entries(Action.POST_CHANGED)) == before


async def test_a_bad_name_changes_nothing(room: TestRoom, node: Node) -> None:
    with pytest.raises(Invalid):
        await edit_post(room.room, "p01", PostChange(name="  ", zone="Attic"), DESK)
    assert (await room.post()).zone == "Hall"


async def test_only_who_has_seen_a_post_may_change_or_delete_it(room: TestRoom, node: Node) -> None:
    seen = Expected(frozenset({version(await room.post())}))
    await edit_post(room.room, "p01", PostChange(zone="Attic"), DESK, seen)
    with pytest.raises(Stale):
        await edit_post(room.room, "p01", PostChange(zone="Cellar"), DESK, seen)
    with pytest.raises(Stale):
        await remove_post(room.room, "p01", DESK, seen)
    assert (await room.post()).zone == "Attic"


async def test_a_post_in_use_is_not_retired(room: TestRoom, node: Node) -> None:
    lease = await node.gets((await room.issued()).code)
    with pytest.raises(Conflict) as refused:
        await edit_post(room.room, "p01", PostChange(retired=True), DESK)
    assert refused.value.reason == "post_busy"
    await node.settles(lease, 3600)
    assert (await edit_post(room.room, "p01", PostChange(retired=True), DESK)).retired
    async with room.room.store.transaction() as tx:
        assert await tx.posts() == []


async def test_codes_for_a_retired_post_work_at_the_others(room: TestRoom, node: Node) -> None:
    other, code = await room.node("p02"), (await room.issued(post_id="p01")).code
    assert getattr(await other.asks(code), "reason", None) is DenyReason.WRONG_POST
    await edit_post(room.room, "p01", PostChange(retired=True), DESK)
    await other.gets(code)
    (changed,) = room.entries(Action.SESSION_CHANGED)
    assert (changed.operator, changed.post_id, changed.details) == ("marie", "p01", {"changed": ["bound_post_id"]})


async def test_a_retired_post_can_come_back(room: TestRoom, node: Node) -> None:
    await edit_post(room.room, "p01", PostChange(retired=True), DESK)
    assert not (await edit_post(room.room, "p01", PostChange(retired=False), DESK)).retired
    assert isinstance(await node.asks((await room.issued()).code), Lease)


async def test_a_post_that_was_never_used_can_be_deleted(room: TestRoom, node: Node, other: Node) -> None:
    await remove_post(room.room, "p01", DESK)
    with pytest.raises(NotFound):
        await remove_post(room.room, "p01", DESK)
    assert [row for (row,) in room.rows("SELECT id FROM post")] == ["p02"]
    entry = room.entries(Action.POST_CHANGED)[-1]
    assert (entry.post_id, entry.details) == ("p01", {"change": "removed", "name": "Post 1"})


async def leased(room: TestRoom, node: Node) -> None:
    await node.settles(await node.gets((await room.issued()).code), 1)


async def bound(room: TestRoom, _node: Node) -> None:
    await room.issued(post_id="p01")


async def refused(_room: TestRoom, node: Node) -> None:
    await node.asks("WRONGX")


async def started(room: TestRoom, _node: Node) -> None:
    await start_here(room.room, "p01", 60, DESK)


@pytest.mark.parametrize("past", [leased, bound, refused, started])
async def test_a_post_with_a_history_is_not_deleted(
    room: TestRoom, node: Node, past: Callable[[TestRoom, Node], Awaitable[None]]
) -> None:
    await past(room, node)
    with pytest.raises(Conflict, match="retire it instead") as conflict:
        await remove_post(room.room, "p01", DESK)
    assert conflict.value.reason == "post_has_history"
    assert (await room.post()).name == "Post 1"
