"""Posts: added with a slug and a name, and given new secrets."""

from __future__ import annotations

import pytest

from hub.domain.errors import Conflict, Invalid, NotFound
from hub.usecases.posts import add_post, rotate_secret, unlock
from hub.wire.terms import Action
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
