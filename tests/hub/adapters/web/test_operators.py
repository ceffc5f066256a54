"""The desk's accounts over the API, by an admin."""

from __future__ import annotations

from typing import Any

import pytest

from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import PASSWORD, Answer, TestDesk

KEY = {"Idempotency-Key": "7f3c"}
ZOE = {"name": "zoé", "role": "operator", "password": "long enough"}


async def admin(desk: TestDesk, method: str, path: str, body: Any = None, **more: Any) -> Answer:
    return await desk.ask(method, path, body, role=Role.ADMIN, **more)


async def sign_in(desk: TestDesk, name: str, password: str) -> int:
    return (await desk.post("/auth/token", {"username": name, "password": password}, role=None)).status


async def changes(desk: TestDesk) -> list[tuple[str, str, str]]:
    entries = (await desk.get("/logs?action=operator_changed&ordering=at")).body["items"]
    return [(one["operator"], one["details"]["name"], one["details"]["change"]) for one in entries]


async def test_an_account_is_made_and_told_without_its_password(desk: TestDesk) -> None:
    made = await admin(desk, "POST", "/operators", ZOE)
    assert made.status == 201
    assert made.body == {
        "id": made.body["id"],
        "name": "zoé",
        "role": "operator",
        "disabled": False,
        "totp": False,
        "last_login_at": None,
        "created_at": "2026-11-23T09:00:00Z",
        "updated_at": "2026-11-23T09:00:00Z",
    }
    assert (await admin(desk, "GET", f"/operators/{made.body['id']}")).body == made.body
    assert await sign_in(desk, "zoé", "long enough") == 200
    assert await changes(desk) == [("ada", "zoé", "added")]


async def test_accounts_are_listed_in_pages_and_orders(desk: TestDesk) -> None:
    listed = (await admin(desk, "GET", "/operators")).body
    assert ([one["name"] for one in listed["items"]], listed["total"]) == (["ada", "marie", "vera", "wall"], 4)
    listed = (await admin(desk, "GET", "/operators?ordering=-name&page=2&page_size=3")).body
    assert [one["name"] for one in listed["items"]] == ["ada"]
    refused = await admin(desk, "GET", "/operators?ordering=password_hash")
    assert (refused.status, refused.fields) == (422, ["ordering"])


async def test_a_repeated_order_makes_one_account_and_keeps_no_trace_of_the_password(desk: TestDesk) -> None:
    first = await admin(desk, "POST", "/operators", ZOE, headers=KEY)
    again = await admin(desk, "POST", "/operators", ZOE, headers=KEY)
    assert (again.status, again.body) == (201, first.body)
    other = await admin(desk, "POST", "/operators", ZOE | {"password": "other enough"}, headers=KEY)
    assert other.reason == "idempotency_key_reused"
    kept = str(desk.room.rows("SELECT * FROM idempotency"))
    assert "long enough" not in kept


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " zoé"}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 257}, "password"),
        ({"password": None}, "password"),
        ({"role": "root"}, "role"),
        ({"role": None}, "role"),
        ({"admin": True}, "admin"),
    ],
)
async def test_what_is_no_account_is_told_by_field_and_never_by_its_password(
    desk: TestDesk, wish: dict[str, Any], field: str
) -> None:
    refused = await admin(desk, "POST", "/operators", ZOE | wish)
    assert (refused.status, refused.fields) == (422, [field])
    assert "long enough" not in str(refused.body)
    assert (await admin(desk, "GET", "/operators")).body["total"] == 4


async def test_a_taken_name_is_a_conflict(desk: TestDesk) -> None:
    refused = await admin(desk, "POST", "/operators", ZOE | {"name": "marie"})
    assert (refused.status, refused.reason) == (409, "operator_exists")


async def test_a_role_counts_at_once(desk: TestDesk) -> None:
    path = f"/operators/{desk.operators[Role.OPERATOR].id}"
    assert (await admin(desk, "PATCH", path, {"role": "viewer"})).body["role"] == "viewer"
    assert (await desk.post("/sessions", {"duration_s": 60})).status == 403
    assert await changes(desk) == [("ada", "marie", "role")]


async def test_who_is_shut_is_out_and_comes_in_again_by_the_door(desk: TestDesk) -> None:
    path = f"/operators/{desk.operators[Role.OPERATOR].id}"
    assert (await admin(desk, "PATCH", path, {"disabled": True})).body["disabled"]
    assert (await desk.get("/posts")).status == 401
    assert await sign_in(desk, "marie", PASSWORD) == 401
    assert not (await admin(desk, "PATCH", path, {"disabled": False})).body["disabled"]
    assert (await desk.get("/posts")).status == 401
    assert await sign_in(desk, "marie", PASSWORD) == 200


async def test_an_admin_gives_another_password_and_that_ends_sign_ins(desk: TestDesk) -> None:
    path = f"/operators/{desk.operators[Role.OPERATOR].id}"
    refused = await admin(desk, "PATCH", path, {"password": "short", "role": "admin"})
    assert (refused.status, refused.fields) == (422, ["password"])
    assert (await admin(desk, "GET", path)).body["role"] == "operator"
    assert (await admin(desk, "PATCH", path, {"password": "another horse"})).status == 200
    assert (await desk.get("/posts")).status == 401
    assert await sign_in(desk, "marie", PASSWORD) == 401
    assert await sign_in(desk, "marie", "another horse") == 200


@pytest.mark.parametrize("change", [{"password": "another horse"}, {"totp": False}])
async def test_who_finds_an_admins_open_panel_cannot_get_round_the_password(desk: TestDesk, change: Any) -> None:
    refused = await admin(desk, "PATCH", f"/operators/{desk.operators[Role.ADMIN].id}", change)
    assert (refused.status, refused.reason) == (409, "own_account")
    assert await sign_in(desk, "ada", PASSWORD) == 200


async def test_a_lost_second_factor_is_taken_away_and_none_is_given(desk: TestDesk) -> None:
    marie = desk.operators[Role.OPERATOR]
    await desk.accounts.factors.offer(marie.id, b"sealed")
    await desk.accounts.factors.turn_on(marie.id, b"sealed", 1, ["hash"])
    path = f"/operators/{marie.id}"
    assert (await admin(desk, "GET", path)).body["totp"]
    assert (await admin(desk, "PATCH", path, {"totp": True})).status == 422
    assert not (await admin(desk, "PATCH", path, {"totp": False})).body["totp"]
    assert await sign_in(desk, "marie", PASSWORD) == 200


async def test_the_last_admin_stays(desk: TestDesk) -> None:
    path = f"/operators/{desk.operators[Role.ADMIN].id}"
    for method, body in (("PATCH", {"disabled": True}), ("PATCH", {"role": "operator"}), ("DELETE", None)):
        refused = await admin(desk, method, path, body)
        assert (refused.status, refused.reason) == (409, "last_admin")


async def test_an_account_without_a_history_can_go(desk: TestDesk) -> None:
    path = f"/operators/{desk.operators[Role.VIEWER].id}"
    assert (await admin(desk, "DELETE", path)).status == 204
    assert (await admin(desk, "GET", path)).status == 404
    assert (await desk.get("/posts", role=Role.VIEWER)).status == 401
    await desk.issue()
    refused = await admin(desk, "DELETE", f"/operators/{desk.operators[Role.OPERATOR].id}")
    assert (refused.status, refused.reason) == (409, "operator_has_history")


@pytest.mark.parametrize("operator_id", ["0", "99", "-1", "x", "1e3", "9" * 12, "%00", "٣"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_who_is_not_there_is_not_found(desk: TestDesk, method: str, operator_id: str) -> None:
    body: dict[str, str] | None = {} if method == "PATCH" else None
    assert (await admin(desk, method, f"/operators/{operator_id}", body)).status == 404
