"""Signing in and out over the API, and what guessing brings."""

from __future__ import annotations

from typing import Any

from hub.domain.accounts import Role
from hub.usecases.accounts.operators import OperatorChange, change_operator
from hub.usecases.accounts.throttle import FORGET_S, TRIES_OF_A_NAME, TRIES_OF_AN_ADDRESS
from tests.hub.adapters.web.desk import PASSWORD, Answer, TestDesk
from tests.support.room import DESK


async def sign_in(desk: TestDesk, name: str = "marie", password: str = PASSWORD) -> Answer:
    return await desk.post("/auth/token", {"username": name, "password": password}, role=None)


async def entries(desk: TestDesk, action: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await desk.get(f"/logs?action={action}")).body["items"]
    return found


async def test_a_token_is_good_until_it_is_revoked(desk: TestDesk) -> None:
    made = await sign_in(desk)
    assert made.status == 200
    assert made.body["operator"] == {"name": "marie", "role": "operator"}
    assert made.body["expires_at"] == "2026-12-23T09:00:00Z"
    headers = {"Authorization": f"Bearer {made.body['token']}"}
    assert (await desk.get("/posts", role=None, headers=headers)).status == 200
    assert (await desk.ask("DELETE", "/auth/token", role=None, headers=headers)).status == 204
    assert (await desk.get("/posts", role=None, headers=headers)).status == 401


async def test_only_the_tokens_hash_is_kept(desk: TestDesk) -> None:
    token = (await sign_in(desk)).body["token"]
    assert len(token) >= 43
    assert token not in str(desk.room.rows("SELECT * FROM token"))


async def test_sign_ins_are_journalled_without_a_password(desk: TestDesk) -> None:
    await sign_in(desk)
    await sign_in(desk, password="hunter2 hunter2")
    await sign_in(desk, name="hunter3", password="x")
    (good,) = await entries(desk, "operator_login")
    assert (good["operator"], good["ip_address"]) == ("marie", "127.0.0.1")
    unknown, wrong = await entries(desk, "operator_login_failed")
    assert (wrong["operator"], unknown["operator"]) == ("marie", None)
    assert "hunter" not in str(desk.room.rows("SELECT * FROM log_entry"))


async def test_wrong_password_and_unknown_name_are_answered_alike(desk: TestDesk) -> None:
    wrong, unknown = await sign_in(desk, password="wrong"), await sign_in(desk, name="nobody")
    assert (wrong.status, wrong.reason) == (401, "bad_credentials")
    assert wrong.body == unknown.body


async def test_a_disabled_account_is_answered_like_a_wrong_password(desk: TestDesk) -> None:
    await change_operator(desk.accounts, desk.operators[Role.OPERATOR].id, OperatorChange(disabled=True), DESK)
    assert (await sign_in(desk)).reason == "bad_credentials"


async def test_guessing_at_a_name_locks_it_for_longer_and_longer(desk: TestDesk) -> None:
    for _ in range(TRIES_OF_A_NAME):
        assert (await sign_in(desk, password="guess")).status == 401
    locked = await sign_in(desk)
    assert (locked.status, locked.reason, locked.headers["Retry-After"]) == (429, "throttled", "30")
    assert (await sign_in(desk, name="ada")).status == 200
    desk.room.clock.advance(29)
    assert (await sign_in(desk)).headers["Retry-After"] == "1"
    desk.room.clock.advance(1)
    assert (await sign_in(desk, password="guess")).status == 401
    assert (await sign_in(desk)).headers["Retry-After"] == "60"
    desk.room.clock.advance(60)
    assert (await sign_in(desk)).status == 200


async def test_what_waits_is_not_journalled_again_and_again(desk: TestDesk) -> None:
    for _ in range(TRIES_OF_A_NAME + 5):
        await sign_in(desk, password="guess")
    assert len(await entries(desk, "operator_login_failed")) == TRIES_OF_A_NAME


async def test_an_address_that_tries_many_names_is_locked(desk: TestDesk) -> None:
    for number in range(TRIES_OF_AN_ADDRESS):
        assert (await sign_in(desk, name=f"name{number}")).status == 401
    assert (await sign_in(desk)).status == 429
    desk.room.clock.advance(FORGET_S + 30)
    assert (await sign_in(desk)).status == 200


async def test_bad_sign_ins_name_the_field_and_never_its_value(desk: TestDesk) -> None:
    refused = await desk.post("/auth/token", {"username": "marie", "password": ["s3cret"], "otp": "1"}, role=None)
    assert refused.status == 422
    assert sorted(refused.fields) == ["otp", "password"]
    assert "s3cret" not in str(refused.body)
