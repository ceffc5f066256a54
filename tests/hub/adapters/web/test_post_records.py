"""Posts over the API: new ones with their credentials, changes by two at once, retiring and deleting."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import Answer, TestDesk
from tests.support.room import Node

KEY = {"Idempotency-Key": "one"}


async def admin(desk: TestDesk, method: str, path: str, said: Any = None, **headers: str) -> Answer:
    return await desk.ask(method, path, said, role=Role.ADMIN, headers=headers)


async def test_a_new_post_comes_with_what_its_node_needs(desk: TestDesk) -> None:
    wish = {"id": "p01", "name": "Post 1", "zone": "Hall", "notes": "by the window", "host": "hub.example"}
    made = await admin(desk, "POST", "/posts", wish)
    assert made.status == 201
    assert made.body["credentials"] == {
        "host": "hub.example",
        "port": 8883,
        "username": "p01",
        "password": "password of p01",
        "ca": None,
    }
    assert (made.body["status"], made.body["zone"], made.body["notes"]) == ("offline", "Hall", "by the window")
    assert (await desk.room.post()).secret == "$7$fresh"
    shown = (await desk.get("/posts/p01")).body
    assert shown == {name: value for name, value in made.body.items() if name != "credentials"}
    assert "password of" not in str(desk.room.rows("SELECT * FROM log_entry"))


async def test_without_a_host_it_is_the_one_that_the_desk_has_found(desk: TestDesk) -> None:
    made = await admin(desk, "POST", "/posts", {"id": "p01", "name": "Post 1"}, Host="hub.example:8400")
    assert made.body["credentials"]["host"] == "hub.example"


async def test_credentials_are_shown_once_whatever_is_repeated(desk: TestDesk) -> None:
    wish = {"id": "p01", "name": "Post 1"}
    assert (await admin(desk, "POST", "/posts", wish, **KEY)).status == 201
    again = await admin(desk, "POST", "/posts", wish, **KEY)
    assert (again.status, again.reason) == (409, "shown_once")
    assert "password of" not in str(again.body)
    assert (await admin(desk, "POST", "/posts/p01/credentials", **KEY)).status == 200
    again = await admin(desk, "POST", "/posts/p01/credentials", **KEY)
    assert (again.status, again.reason) == (409, "shown_once")
    other = await admin(desk, "POST", "/posts", {"id": "p02", "name": "Post 2"}, **KEY)
    assert (other.status, other.reason) == (422, "idempotency_key_reused")
    assert "password of" not in str(desk.room.rows("SELECT * FROM idempotency"))


async def test_new_credentials_replace_the_old(desk: TestDesk, node: Node) -> None:
    before = (await desk.room.post()).secret
    made = await admin(desk, "POST", "/posts/p01/credentials", {"host": "10.0.0.2"})
    assert (made.status, made.body["host"], made.body["username"]) == (200, "10.0.0.2", "p01")
    assert (await desk.room.post()).secret != before
    assert (await admin(desk, "POST", "/posts/p77/credentials")).status == 404


async def test_a_taken_id_is_a_conflict(desk: TestDesk, node: Node) -> None:
    refused = await admin(desk, "POST", "/posts", {"id": "p01", "name": "Another"})
    assert (refused.status, refused.reason) == (409, "post_exists")


async def test_of_two_who_change_a_post_at_once_one_has_to_look_again(desk: TestDesk, node: Node) -> None:
    tag = (await desk.get("/posts/p01")).headers["ETag"]
    wishes: list[dict[str, Any]] = [{"name": "Window"}, {"zone": "Attic"}, {"notes": "x"}]
    answers = await asyncio.gather(*(admin(desk, "PATCH", "/posts/p01", wish, **{"If-Match": tag}) for wish in wishes))
    assert sorted(answer.status for answer in answers) == [200, 412, 412]
    won = next(wish for wish, answer in zip(wishes, answers, strict=True) if answer.status == 200)
    now = await desk.get("/posts/p01")
    before: dict[str, Any] = {"name": "Post 1", "zone": "Hall", "notes": ""}
    assert {name: now.body[name] for name in before} == before | won
    assert now.headers["ETag"] == next(answer for answer in answers if answer.status == 200).headers["ETag"]
    assert (await admin(desk, "DELETE", "/posts/p01", **{"If-Match": tag})).status == 412


async def test_a_retired_post_is_listed_apart(desk: TestDesk, node: Node, other: Node) -> None:
    retired = await admin(desk, "PATCH", "/posts/p01", {"retired": True})
    assert (retired.status, retired.body["retired"]) == (200, True)
    assert [post["id"] for post in (await desk.get("/posts")).body["items"]] == ["p02"]
    assert [post["id"] for post in (await desk.get("/posts?retired=true")).body["items"]] == ["p01"]
    assert (await desk.get("/posts/p01")).status == 200
    assert (await admin(desk, "PATCH", "/posts/p01", {"retired": False})).body["retired"] is False


async def test_a_post_without_a_history_is_deleted_and_one_with_is_not(desk: TestDesk, node: Node, other: Node) -> None:
    await desk.issue(post_id="p01")
    refused = await admin(desk, "DELETE", "/posts/p01")
    assert (refused.status, refused.reason) == (409, "post_has_history")
    assert (await admin(desk, "DELETE", "/posts/p02")).status == 204
    assert (await desk.get("/posts/p02")).status == 404
    assert (await admin(desk, "DELETE", "/posts/p02")).status == 404


BAD: list[tuple[str, str, Any, list[str]]] = [
    ("POST", "/posts", {}, ["id", "name"]),
    ("POST", "/posts", {"id": "hub", "name": "x"}, ["id"]),
    ("POST", "/posts", {"id": "P01", "name": "x"}, ["id"]),
    ("POST", "/posts", {"id": "p01\n", "name": "x"}, ["id"]),
    ("POST", "/posts", {"id": "a" * 32, "name": "x"}, ["id"]),
    ("POST", "/posts", {"id": 1, "name": "x"}, ["id"]),
    ("POST", "/posts", {"id": "p02", "name": ""}, ["name"]),
    ("POST", "/posts", {"id": "p02", "name": "  "}, ["name"]),
    ("POST", "/posts", {"id": "p02", "name": "x" * 65}, ["name"]),
    ("POST", "/posts", {"id": "p02", "name": "a\x00b"}, ["name"]),
    ("POST", "/posts", {"id": "p02", "name": "a\nb"}, ["name"]),
    ("POST", "/posts", {"id": "p02", "name": "x", "zone": "\x1b[2J"}, ["zone"]),
    ("POST", "/posts", {"id": "p02", "name": "x", "zone": "x" * 65}, ["zone"]),
    ("POST", "/posts", {"id": "p02", "name": "x", "notes": "x" * 1001}, ["notes"]),
    ("POST", "/posts", {"id": "p02", "name": "x", "host": "a b"}, ["host"]),
    ("POST", "/posts", {"id": "p02", "name": "x", "host": 'x"\nport = 1'}, ["host"]),
    ("POST", "/posts", {"id": "p02", "name": "x", "host": ""}, ["host"]),
    ("POST", "/posts", {"id": "p02", "name": "x", "secret": "y"}, ["secret"]),
    ("PATCH", "/posts/p01", {"name": None}, ["name"]),
    ("PATCH", "/posts/p01", {"zone": None}, ["zone"]),
    ("PATCH", "/posts/p01", {"retired": "yes"}, ["retired"]),
    ("PATCH", "/posts/p01", {"retired": 1}, ["retired"]),
    ("PATCH", "/posts/p01", {"id": "p02"}, ["id"]),
    ("PATCH", "/posts/p01", {"name": " "}, ["name"]),
    ("PATCH", "/posts/p01", {"name": "x" * 65}, ["name"]),
    ("POST", "/posts/p01/credentials", {"host": "-x"}, ["host"]),
    ("POST", "/posts/p01/maintenance", {}, ["on"]),
    ("POST", "/posts/p01/maintenance", {"on": "true"}, ["on"]),
    ("POST", "/posts/p01/maintenance", {"on": True, "reason": "x" * 201}, ["reason"]),
    ("POST", "/posts/p01/maintenance", {"on": True, "reason": "a\x00"}, ["reason"]),
    ("POST", "/posts/p01/maintenance", {"on": True, "until": "2026-11-23T09:00:00Z"}, ["until"]),
    ("POST", "/posts/p01/maintenance", {"on": True, "until": "2026-11-25T09:00:00Z"}, ["until"]),
    ("POST", "/posts/p01/maintenance", {"on": True, "until": "soon"}, ["until"]),
    ("POST", "/posts/p01/maintenance", {"on": False, "reason": "x"}, ["reason"]),
    ("POST", "/posts/p01/notice", {"text": "x"}, ["ttl_s"]),
    ("POST", "/posts/p01/notice", {"text": "", "ttl_s": 60}, ["text"]),
    ("POST", "/posts/p01/notice", {"text": " ", "ttl_s": 60}, ["text"]),
    ("POST", "/posts/p01/notice", {"text": "x" * 201, "ttl_s": 60}, ["text"]),
    ("POST", "/posts/p01/notice", {"text": "a\nb", "ttl_s": 60}, ["text"]),
    ("POST", "/posts/p01/notice", {"text": "x", "ttl_s": 0}, ["ttl_s"]),
    ("POST", "/posts/p01/notice", {"text": "x", "ttl_s": 3601}, ["ttl_s"]),
    ("POST", "/posts/p01/notice", {"text": "x", "ttl_s": 2**63}, ["ttl_s"]),
    ("POST", "/posts/p01/identify", {"ttl_s": 1}, ["ttl_s"]),
    ("POST", "/posts/p01/self-test", {"relays": True}, ["relays"]),
    ("POST", "/posts/p01/unlock", {"force": True}, ["force"]),
    ("POST", "/posts/p01/release", {}, ["reason"]),
    ("POST", "/posts/p01/release", {"reason": ""}, ["reason"]),
]


@pytest.mark.parametrize(("method", "path", "said", "fields"), BAD, ids=str)
async def test_bad_input_is_named_and_changes_nothing(
    desk: TestDesk, node: Node, method: str, path: str, said: Any, fields: list[str]
) -> None:
    before = desk.room.rows("SELECT * FROM post"), desk.room.rows("SELECT count(*) FROM log_entry")
    desk.room.link.take()
    refused = await admin(desk, method, path, said)
    assert (refused.status, sorted(refused.fields)) == (422, fields), refused.body
    assert (desk.room.rows("SELECT * FROM post"), desk.room.rows("SELECT count(*) FROM log_entry")) == before
    assert desk.room.link.take() == []


@pytest.mark.parametrize("path", ["/posts?retired=perhaps", "/posts?retired=", "/posts?retired=true&retired=true"])
async def test_a_bad_query(desk: TestDesk, path: str) -> None:
    refused = await desk.get(path)
    assert (refused.status, refused.fields) == (422, ["retired"])


ADMINS = [
    ("POST", "/posts", {"id": "p02", "name": "x"}),
    ("PATCH", "/posts/p01", {"name": "x"}),
    ("DELETE", "/posts/p01", None),
    ("POST", "/posts/p01/credentials", {}),
    ("POST", "/posts/p01/release", {"reason": "x"}),
]
OPERATORS = [
    ("POST", "/posts/p01/maintenance", {"on": True}),
    ("POST", "/posts/p01/notice", {"text": "x", "ttl_s": 1}),
    ("POST", "/posts/p01/identify", None),
    ("POST", "/posts/p01/self-test", None),
    ("POST", "/posts/p01/unlock", None),
]


@pytest.mark.parametrize(
    ("method", "path", "said", "least"),
    [(*one, Role.ADMIN) for one in ADMINS] + [(*one, Role.OPERATOR) for one in OPERATORS],
    ids=str,
)
async def test_each_act_has_its_role(
    desk: TestDesk, node: Node, method: str, path: str, said: Any, least: Role
) -> None:
    below = {Role.ADMIN: Role.OPERATOR, Role.OPERATOR: Role.VIEWER}[least]
    assert (await desk.ask(method, path, said, role=None)).status == 401
    assert (await desk.ask(method, path, said, role=below)).status == 403
    assert (await desk.ask(method, path, said, role=least)).status in (200, 201, 204, 409)
