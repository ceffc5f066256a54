"""Programs' tokens over the API."""

from __future__ import annotations

from typing import Any

import pytest

from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import Answer, TestDesk

KEY = {"Idempotency-Key": "7f3c"}
WISH = {"name": "home assistant", "role": "viewer", "expires_at": None}


async def make(desk: TestDesk, **wish: Any) -> Answer:
    return await desk.post("/tokens", WISH | wish, role=Role.ADMIN)


async def use(desk: TestDesk, secret: str, method: str = "GET", path: str = "/posts", body: Any = None) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return (await desk.ask(method, path, body, role=None, headers=headers)).status


async def test_a_token_is_shown_once_and_listed_without_it(desk: TestDesk) -> None:
    made = await make(desk, expires_at="2026-11-24T09:00:00Z")
    assert made.status == 201
    secret = made.body.pop("token")
    assert made.body == {
        "id": made.body["id"],
        "name": "home assistant",
        "role": "viewer",
        "operator": "ada",
        "created_at": "2026-11-23T09:00:00Z",
        "expires_at": "2026-11-24T09:00:00Z",
        "last_used_at": None,
    }
    desk.room.clock.advance(60)
    assert await use(desk, secret) == 200
    listed = (await desk.get("/tokens", role=Role.ADMIN)).body
    assert listed["items"] == [made.body | {"last_used_at": "2026-11-23T09:01:00Z"}]
    assert secret not in str(listed)
    desk.room.clock.advance(86_400)
    assert await use(desk, secret) == 401
    assert (await desk.get("/tokens", role=Role.ADMIN)).body["total"] == 1


async def test_a_token_may_what_its_role_may(desk: TestDesk) -> None:
    viewer, operator = (await make(desk)).body["token"], (await make(desk, role="operator")).body["token"]
    wish = {"duration_s": 60}
    assert await use(desk, viewer, "POST", "/sessions", wish) == 403
    assert await use(desk, operator, "POST", "/sessions", wish) == 201
    assert await use(desk, operator, "GET", "/tokens") == 403


async def test_a_viewers_token_sees_no_codes_whoever_it_speaks_for(desk: TestDesk) -> None:
    session, secret = await desk.issue(), (await make(desk)).body["token"]
    headers = {"Authorization": f"Bearer {secret}"}
    assert (await desk.get(f"/sessions/{session['id']}", role=None, headers=headers)).body["code"] is None


async def test_a_token_is_revoked(desk: TestDesk) -> None:
    made = (await make(desk)).body
    assert (await desk.ask("DELETE", f"/tokens/{made['id']}", role=Role.ADMIN)).status == 204
    assert await use(desk, made["token"]) == 401
    assert (await desk.get("/tokens", role=Role.ADMIN)).body["items"] == []
    assert (await desk.ask("DELETE", f"/tokens/{made['id']}", role=Role.ADMIN)).status == 404


async def test_a_repeated_order_makes_one_token_and_does_not_show_it_again(desk: TestDesk) -> None:
    first = await desk.post("/tokens", WISH, role=Role.ADMIN, headers=KEY)
    again = await desk.post("/tokens", WISH, role=Role.ADMIN, headers=KEY)
    assert (first.status, again.status, again.reason) == (201, 409, "shown_once")
    assert first.body["token"] not in str(again.body)
    assert (await desk.get("/tokens", role=Role.ADMIN)).body["total"] == 1
    other = await desk.post("/tokens", WISH | {"name": "other"}, role=Role.ADMIN, headers=KEY)
    assert (other.status, other.reason) == (422, "idempotency_key_reused")


async def test_an_end_is_said_or_left_out_on_purpose(desk: TestDesk) -> None:
    refused = await desk.post("/tokens", {"name": "x", "role": "viewer"}, role=Role.ADMIN)
    assert (refused.status, refused.fields) == (422, ["expires_at"])


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\x1b[2J"}, "name"),
        ({"role": "root"}, "role"),
        ({"expires_at": "2026-11-23T09:00:00Z"}, "expires_at"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"operator": "marie"}, "operator"),
    ],
)
async def test_what_is_no_token_is_told_by_field(desk: TestDesk, wish: dict[str, Any], field: str) -> None:
    refused = await make(desk, **wish)
    assert (refused.status, refused.fields) == (422, [field])


async def test_a_token_falls_with_its_operators_role(desk: TestDesk) -> None:
    made = (await make(desk, role="admin")).body
    await desk.post("/operators", {"name": "eve", "role": "admin", "password": "long enough"}, role=Role.ADMIN)
    own = desk.operators[Role.ADMIN].id
    assert (await desk.ask("PATCH", f"/operators/{own}", {"role": "viewer"}, role=Role.ADMIN)).status == 200
    assert await use(desk, made["token"], "GET", "/tokens") == 403
    assert await use(desk, made["token"]) == 200
