"""Users over the API."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import JSON, Answer, TestDesk
from tests.support.room import Node

NOBODY = "00000000-0000-0000-0000-0000000000ff"
ADA = {"display_name": "Ada Lovelace", "card_number": "C-1", "contact": "ada@example.org", "category": "student"}
CSV = {"Accept": "text/csv"}


async def made(desk: TestDesk, **facts: Any) -> dict[str, Any]:
    answer = await desk.post("/users", ADA | facts)
    assert answer.status == 201, answer.body
    user: dict[str, Any] = answer.body
    return user


async def patch(desk: TestDesk, user: dict[str, Any], body: Any, **more: Any) -> Answer:
    return await desk.ask("PATCH", f"/users/{user['id']}", body, **more)


async def test_a_user_is_registered_and_shown_whole(desk: TestDesk) -> None:
    user = await made(desk, notes="kind\nand loud", quota_day_s=3600)
    assert user == ADA | {
        "id": user["id"],
        "notes": "kind\nand loud",
        "blocked": False,
        "quota_day_s": 3600,
        "quota_week_s": None,
        "anonymised_at": None,
        "created_at": "2026-11-23T09:00:00Z",
        "updated_at": "2026-11-23T09:00:00Z",
    }
    assert (await desk.get(f"/users/{user['id']}", role=Role.VIEWER)).body == user


async def test_a_repeated_registration_makes_one_user(desk: TestDesk) -> None:
    keys = {"Idempotency-Key": "k-1"}
    first, second = await desk.post("/users", ADA, headers=keys), await desk.post("/users", ADA, headers=keys)
    assert first.body == second.body
    assert (await desk.get("/users")).body["total"] == 1


async def test_only_what_is_named_is_changed_and_null_empties(desk: TestDesk) -> None:
    user = await made(desk, quota_week_s=7200)
    desk.room.clock.advance(60)
    changed = await patch(desk, user, {"contact": None, "blocked": True, "quota_week_s": None})
    assert changed.status == 200
    assert changed.body == user | {
        "contact": None,
        "blocked": True,
        "quota_week_s": None,
        "updated_at": "2026-11-23T09:01:00Z",
    }
    assert (await patch(desk, user, {})).body == changed.body


async def test_two_who_change_one_user_do_not_undo_each_other(desk: TestDesk) -> None:
    user = await made(desk)
    etag = (await desk.get(f"/users/{user['id']}")).headers["ETag"]
    assert (await patch(desk, user, {"notes": "a"}, headers={"If-Match": etag})).status == 200
    stale = await patch(desk, user, {"notes": "b"}, headers={"If-Match": etag})
    assert (stale.status, stale.reason) == (412, "stale")
    assert (await desk.get(f"/users/{user['id']}")).body["notes"] == "a"


async def test_a_taken_card_is_a_conflict(desk: TestDesk) -> None:
    await made(desk)
    other = await made(desk, card_number=None)
    for answer in (await desk.post("/users", ADA), await patch(desk, other, {"card_number": "C-1"})):
        assert (answer.status, answer.reason) == (409, "card_taken")


async def test_deleted_or_anonymised(desk: TestDesk) -> None:
    user, other = await made(desk), await made(desk, card_number=None)
    await desk.issue(user_id=user["id"])
    refused = await desk.ask("DELETE", f"/users/{user['id']}")
    assert (refused.status, refused.reason) == (409, "user_has_history")
    forgotten = await desk.post(f"/users/{user['id']}/anonymise")
    assert (forgotten.body["display_name"], forgotten.body["card_number"], forgotten.body["contact"]) == (
        "",
        None,
        None,
    )
    assert (forgotten.body["category"], forgotten.body["anonymised_at"]) == ("student", "2026-11-23T09:00:00Z")
    assert (await desk.ask("DELETE", f"/users/{other['id']}")).status == 204
    assert (await desk.get("/users")).body["items"] == [forgotten.body]
    logged = (await desk.get(f"/logs?user={other['id']}&ordering=at")).body["items"]
    assert [entry["action"] for entry in logged] == ["user_created", "user_deleted"]


async def test_filters_order_and_pages(desk: TestDesk) -> None:
    names = ["Charles", "ada", "Béatrice"]
    for number, name in enumerate(names):
        desk.room.clock.advance(1)
        facts = {"display_name": name, "card_number": f"C-{number}", "contact": None, "category": name[0].lower()}
        await made(desk, **facts, blocked=name == "ada", notes="50% off" if name == "ada" else "")

    async def found(query: str) -> list[str]:
        listed = (await desk.get(f"/users?{query}")).body
        assert listed["total"] == len(listed["items"])
        return [user["display_name"] for user in listed["items"]]

    assert await found("ordering=-created_at") == names[::-1]
    assert await found("q=CHARL") == ["Charles"]
    assert await found("q=c-1") == ["ada"]
    assert await found("q=50%25") == ["ada"]
    assert await found("q=%25%25") == []
    assert await found("category=c") == ["Charles"]
    assert await found("blocked=true") == ["ada"]
    assert sorted(await found("blocked=false")) == ["Béatrice", "Charles"]
    page = (await desk.get("/users?page=2&page_size=2&ordering=created_at")).body
    assert ([user["display_name"] for user in page["items"]], page["total"]) == (["Béatrice"], 3)


@pytest.mark.parametrize(
    "query", ["blocked=1", "blocked=", "ordering=contact", "ordering=-", "colour=red", "q=", "category="]
)
async def test_a_bad_query(desk: TestDesk, query: str) -> None:
    assert (await desk.get(f"/users?{query}")).status == 422


BODIES: dict[str, tuple[Any, int]] = {
    "no name": ({"notes": "x"}, 422),
    "an empty name": (ADA | {"display_name": ""}, 422),
    "a name of spaces": (ADA | {"display_name": "   "}, 422),
    "null for a name": (ADA | {"display_name": None}, 422),
    "a name of a number": (ADA | {"display_name": 7}, 422),
    "a long name": (ADA | {"display_name": "x" * 65}, 422),
    "a null byte": (ADA | {"display_name": "a\x00"}, 422),
    "an escape sequence": (ADA | {"contact": "\x1b[2J"}, 422),
    "a long contact": (ADA | {"contact": "x" * 201}, 422),
    "a long card": (ADA | {"card_number": "1" * 65}, 422),
    "an empty card": (ADA | {"card_number": ""}, 422),
    "long notes": (ADA | {"notes": "x" * 1001}, 422),
    "text for yes": (ADA | {"blocked": "true"}, 422),
    "one for yes": (ADA | {"blocked": 1}, 422),
    "no quota at all": (ADA | {"quota_day_s": 0}, 422),
    "a negative quota": (ADA | {"quota_day_s": -1}, 422),
    "more than a day": (ADA | {"quota_day_s": 86_401}, 422),
    "more than a week": (ADA | {"quota_week_s": 604_801}, 422),
    "2^63": (ADA | {"quota_week_s": 2**63}, 422),
    "a broken number": (ADA | {"quota_day_s": 1.5}, 422),
    "true for a number": (ADA | {"quota_day_s": True}, 422),
    "an unknown field": (ADA | {"colour": "red"}, 422),
    "what only the hub sets": (ADA | {"anonymised_at": None}, 422),
    "a list": ([], 422),
    "NaN": (b'{"display_name": "Ada", "quota_day_s": NaN}', 400),
    "a lone surrogate": (b'{"display_name": "\\ud800"}', 400),
    "a key twice": (b'{"display_name": "Ada", "display_name": "Eve"}', 400),
    "deep": (b'{"display_name": ' + b"[" * 30_000 + b"]" * 30_000 + b"}", 400),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_bad_body_changes_nothing(desk: TestDesk, name: str) -> None:
    said, status = BODIES[name]
    data = said if isinstance(said, bytes) else json.dumps(said).encode()
    user = await made(desk, card_number="C-0")
    for method, path in (("POST", "/users"), ("PATCH", f"/users/{user['id']}")):
        answer = await desk.ask(method, path, data=data, headers={"Content-Type": JSON})
        if (name, method) == ("no name", "PATCH"):
            continue
        assert answer.status == status, answer.body
        assert answer.headers["Content-Type"] == "application/problem+json"
    listed = (await desk.get("/users")).body["items"]
    assert listed == [user] or name == "no name"


@pytest.mark.parametrize("name", ["x", "%00", "p01", NOBODY.upper(), "..%2fposts"])
async def test_an_id_that_cannot_be_or_is_nobodys(desk: TestDesk, name: str) -> None:
    for user_id in (name, NOBODY):
        assert (await desk.get(f"/users/{user_id}")).status == 404
        assert (await desk.ask("PATCH", f"/users/{user_id}", {})).status == 404
        assert (await desk.ask("DELETE", f"/users/{user_id}")).status == 404
        assert (await desk.post(f"/users/{user_id}/anonymise")).status == 404


async def test_a_viewer_looks_and_touches_nothing(desk: TestDesk) -> None:
    user = await made(desk)
    path = f"/users/{user['id']}"
    asked = [("POST", "/users", ADA), ("PATCH", path, {}), ("DELETE", path, None), ("POST", f"{path}/anonymise", None)]
    for method, where, body in asked:
        assert (await desk.ask(method, where, body, role=Role.VIEWER)).status == 403
    assert (await desk.get("/users", role=Role.DISPLAY)).status == 403
    assert (await desk.get("/users", role=None)).status == 401


async def test_csv_has_every_user_and_no_formula(desk: TestDesk) -> None:
    for number in range(203):
        await made(desk, display_name=f"=cmd{number}", card_number=f"C-{number}", notes="a;=1+1", contact=None)
    answer = await desk.get("/users?category=student", headers=CSV)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="users.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.body)))
    assert sorted(row["display_name"] for row in rows) == sorted(f"'=cmd{number}" for number in range(203))
    assert {row["notes"] for row in rows} == {"a;'=1+1"}
    assert len((await desk.get("/users?blocked=true", headers=CSV)).body.splitlines()) == 1


async def test_the_desk_is_told_of_a_quota(desk: TestDesk, node: Node) -> None:
    user = await made(desk, quota_day_s=1800)
    refused = await desk.post("/sessions", {"duration_s": 3600, "user_id": user["id"]})
    assert (refused.status, refused.reason) == (409, "quota")
    assert "1800 s" in refused.body["detail"]
    assert (await desk.post("/posts/p01/start", {"duration_s": 1801, "user_id": user["id"]})).reason == "quota"
