"""ETag and If-Match: of two operators who change one record, neither undoes the other unknowingly."""

from __future__ import annotations

import asyncio

import pytest

from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import Answer, TestDesk
from tests.support.room import Node


async def edit(desk: TestDesk, path: str, tag: str, **change: object) -> Answer:
    return await desk.ask("PATCH", path, change, headers={"If-Match": tag})


async def test_who_has_seen_the_present_state_may_change_it(desk: TestDesk) -> None:
    path = f"/sessions/{(await desk.issue())['id']}"
    tag = (await desk.get(path)).headers["ETag"]
    changed = await edit(desk, path, tag, notes="a")
    assert (changed.status, changed.body["notes"]) == (200, "a")
    assert changed.headers["ETag"] == (await desk.get(path)).headers["ETag"] != tag
    assert (await edit(desk, path, changed.headers["ETag"], notes="b")).status == 200


async def test_who_has_not_is_refused_and_nothing_is_lost(desk: TestDesk) -> None:
    path = f"/sessions/{(await desk.issue())['id']}"
    tag = (await desk.get(path)).headers["ETag"]
    await edit(desk, path, tag, notes="marie's")
    refused = await edit(desk, path, tag, notes="vera's", category="child")
    assert (refused.status, refused.reason) == (412, "stale")
    now = (await desk.get(path)).body
    assert (now["notes"], now["category"]) == ("marie's", None)


async def test_of_two_at_once_one_wins(desk: TestDesk) -> None:
    path = f"/sessions/{(await desk.issue())['id']}"
    for _ in range(5):
        tag = (await desk.get(path)).headers["ETag"]
        texts = [f"{tag} {number}" for number in range(4)]
        answers = await asyncio.gather(*(edit(desk, path, tag, notes=text) for text in texts))
        assert sorted(answer.status for answer in answers) == [200, 412, 412, 412]
        (won,) = (text for text, answer in zip(texts, answers, strict=True) if answer.status == 200)
        assert (await desk.get(path)).body["notes"] == won


async def test_of_two_admins_at_one_account_the_second_is_told(desk: TestDesk) -> None:
    path = f"/operators/{desk.operators[Role.OPERATOR].id}"
    tag = (await desk.get(path, role=Role.ADMIN)).headers["ETag"]

    async def change(**what: object) -> Answer:
        return await desk.ask("PATCH", path, what, role=Role.ADMIN, headers={"If-Match": tag})

    assert (await change(role="viewer")).status == 200
    refused = await change(password="another horse")
    assert (refused.status, refused.reason) == (412, "stale")
    now = (await desk.get(path, role=Role.ADMIN)).body
    assert (now["role"], now["disabled"]) == ("viewer", False)


async def test_what_happens_to_a_stay_is_a_change_too(desk: TestDesk, node: Node) -> None:
    session = await desk.issue()
    tag = (await desk.get(f"/sessions/{session['id']}")).headers["ETag"]
    added = await desk.post(f"/sessions/{session['id']}/add-time", {"seconds": 60})
    assert added.headers["ETag"] != tag
    await node.gets(session["code"])
    assert (await edit(desk, f"/sessions/{session['id']}", added.headers["ETag"], notes="x")).status == 412


async def test_what_a_post_tells_is_none(desk: TestDesk, node: Node) -> None:
    tag = (await desk.get("/posts/p01")).headers["ETag"]
    desk.room.clock.advance(60)
    await node.hello()
    await node.reports(faults=("screen",))
    assert (await desk.get("/posts/p01")).headers["ETag"] == tag


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("*", 200),
        ("{tag}", 200),
        ('"other", {tag}', 200),
        ('W/"other",{tag}', 200),
        ("W/{tag}", 412),
        ('"other"', 412),
        ('""', 412),
        ("", 400),
        ("other", 400),
        ('"other', 400),
        ('{tag}; "x"', 400),
    ],
)
async def test_what_if_match_may_say(desk: TestDesk, said: str, status: int) -> None:
    path = f"/sessions/{(await desk.issue())['id']}"
    tag = (await desk.get(path)).headers["ETag"]
    answer = await edit(desk, path, said.format(tag=tag), notes="x")
    assert answer.status == status, answer.body
    assert ((await desk.get(path)).body["notes"] == "x") == (status == 200)


async def test_of_two_new_passwords_for_one_account_the_second_is_refused(desk: TestDesk) -> None:
    body = {"name": "zoe", "role": "operator", "password": "a good password"}
    made = await desk.ask("POST", "/operators", body, role=Role.ADMIN)
    path, tag = f"/operators/{made.body['id']}", {"If-Match": made.headers["ETag"]}
    passwords = ("another good one", "a better one still")
    wishes = (desk.ask("PATCH", path, {"password": one}, role=Role.ADMIN, headers=tag) for one in passwords)
    assert sorted(answer.status for answer in await asyncio.gather(*wishes)) == [200, 412]


async def test_without_if_match_the_last_word_counts(desk: TestDesk) -> None:
    path = f"/sessions/{(await desk.issue())['id']}"
    for text in ("a", "b"):
        assert (await desk.ask("PATCH", path, {"notes": text})).body["notes"] == text


async def test_where_nothing_is_expected_if_match_says_nothing(desk: TestDesk) -> None:
    assert (await desk.get("/sessions", headers={"If-Match": "rubbish"})).status == 200


async def test_the_document_tells_of_it(desk: TestDesk) -> None:
    paths = (await desk.get("/openapi.json", role=None)).body["paths"]
    edit_it = paths["/api/v1/sessions/{id}"]["patch"]
    assert "If-Match" in {one["name"] for one in edit_it["parameters"]}
    assert "412" in edit_it["responses"]
    for one in (edit_it, paths["/api/v1/sessions/{id}"]["get"], paths["/api/v1/posts/{id}"]["get"]):
        assert "ETag" in one["responses"]["200"]["headers"]
    assert "headers" not in paths["/api/v1/sessions"]["get"]["responses"]["200"]
