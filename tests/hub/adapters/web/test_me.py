"""One's own account over the API."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.domain.accounts import Role, TokenKind
from hub.domain.totp import STEP_S, code_of, step_at
from hub.usecases.accounts.sign_in import token_hash
from hub.usecases.accounts.throttle import TRIES_OF_A_NAME
from tests.hub.adapters.web.desk import PASSWORD, Answer, TestDesk

KEY = {"Idempotency-Key": "7f3c"}
SAID = {"password": PASSWORD}


async def sign_in(desk: TestDesk, password: str = PASSWORD, **more: Any) -> Answer:
    return await desk.post("/auth/token", {"username": "marie", "password": password} | more, role=None)


async def signed_in(desk: TestDesk, agent: str = "curl") -> dict[str, str]:
    """The header of a fresh sign-in."""
    said = {"username": "marie", "password": PASSWORD}
    made = await desk.post("/auth/token", said, role=None, headers={"User-Agent": agent})
    return {"Authorization": f"Bearer {made.body['token']}"}


def code(desk: TestDesk, secret: str) -> str:
    return code_of(secret, step_at(desk.room.clock.now()))


async def set_up(desk: TestDesk) -> tuple[str, list[str]]:
    """A second factor that counts: its secret and the recovery codes."""
    secret = (await desk.post("/me/totp", SAID)).body["secret"]
    confirmed = await desk.post("/me/totp/confirm", {"code": code(desk, secret)})
    assert confirmed.status == 200
    desk.room.clock.advance(STEP_S)
    return secret, confirmed.body["recovery_codes"]


async def test_who_one_is(desk: TestDesk) -> None:
    me = (await desk.get("/me")).body
    assert (me["name"], me["role"], me["totp"], me["recovery_codes_left"]) == ("marie", "operator", False, 0)
    assert "password_hash" not in me


async def test_a_new_password_wants_the_old_and_ends_other_sign_ins(desk: TestDesk) -> None:
    elsewhere = await signed_in(desk)
    refused = await desk.post("/me/password", {"password": "wrong", "new_password": "another horse"})
    assert (refused.status, refused.fields) == (422, ["password"])
    assert (await desk.get("/me", role=None, headers=elsewhere)).status == 200
    changed = await desk.post("/me/password", SAID | {"new_password": "another horse"})
    assert (changed.status, changed.body["name"]) == (200, "marie")
    assert (await desk.get("/me")).status == 200
    assert (await desk.get("/me", role=None, headers=elsewhere)).status == 401
    assert (await sign_in(desk)).status == 401
    assert (await sign_in(desk, "another horse")).status == 200


async def test_a_bad_new_password_changes_nothing(desk: TestDesk) -> None:
    refused = await desk.post("/me/password", SAID | {"new_password": "short"})
    assert (refused.status, refused.fields) == (422, ["password"])
    assert (await sign_in(desk)).status == 200


async def test_guessing_at_the_password_of_an_open_panel_is_throttled(desk: TestDesk) -> None:
    for _ in range(TRIES_OF_A_NAME):
        await desk.post("/me/password", {"password": "wrong", "new_password": "another horse"})
    refused = await desk.post("/me/password", SAID | {"new_password": "another horse"})
    assert (refused.status, refused.headers["Retry-After"]) == (429, "30")


async def test_a_second_factor_is_offered_confirmed_and_asked_for(desk: TestDesk) -> None:
    offered = await desk.post("/me/totp", SAID)
    assert offered.status == 201
    secret, uri = offered.body["secret"], urlsplit(offered.body["uri"])
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/Poste%20Public%3Amarie")
    assert parse_qs(uri.query) == {"secret": [secret], "issuer": ["Poste Public"]}
    assert (await sign_in(desk)).status == 200
    wrong = await desk.post("/me/totp/confirm", {"code": "000"})
    assert (wrong.status, wrong.fields) == (422, ["code"])
    confirmed = await desk.post("/me/totp/confirm", {"code": code(desk, secret)})
    assert len(confirmed.body["recovery_codes"]) == 10
    me = (await desk.get("/me")).body
    assert (me["totp"], me["recovery_codes_left"]) == (True, 10)
    needed = await sign_in(desk)
    assert (needed.status, needed.reason) == (401, "totp_needed")
    desk.room.clock.advance(STEP_S)
    right = code(desk, secret)
    assert (await sign_in(desk, totp=right)).status == 200
    assert (await sign_in(desk, totp=right)).reason == "bad_credentials"
    assert (await sign_in(desk, totp=confirmed.body["recovery_codes"][0])).status == 200
    assert (await desk.get("/me")).body["recovery_codes_left"] == 9


async def test_a_wrong_password_and_a_second_factor_look_like_a_wrong_password(desk: TestDesk) -> None:
    wrong = await sign_in(desk, "wrong")
    await set_up(desk)
    assert (await sign_in(desk, "wrong")).body == wrong.body
    assert (await sign_in(desk, "wrong", totp="123456")).body == wrong.body


async def test_off_again_and_new_recovery_codes_want_the_password(desk: TestDesk) -> None:
    _, old = await set_up(desk)
    for path in ("/me/totp/off", "/me/totp/recovery-codes", "/me/totp"):
        refused = await desk.post(path, {"password": "wrong"})
        assert (refused.status, refused.fields) == (422, ["password"])
    fresh = (await desk.post("/me/totp/recovery-codes", SAID)).body["recovery_codes"]
    assert not set(fresh) & set(old)
    assert (await desk.post("/me/totp", SAID)).reason == "totp_on"
    assert not (await desk.post("/me/totp/off", SAID)).body["totp"]
    assert (await sign_in(desk)).status == 200
    assert (await desk.post("/me/totp/recovery-codes", SAID)).reason == "totp_off"


async def test_secrets_are_not_shown_again_for_a_repeated_key(desk: TestDesk) -> None:
    first = await desk.post("/me/totp", SAID, headers=KEY)
    again = await desk.post("/me/totp", SAID, headers=KEY)
    assert (again.status, again.reason) == (409, "shown_once")
    assert first.body["secret"] not in str(again.body)
    said = {"code": code(desk, first.body["secret"])}
    confirmed = await desk.post("/me/totp/confirm", said, headers=KEY)
    again = await desk.post("/me/totp/confirm", said, headers=KEY)
    assert (confirmed.status, again.status) == (200, 409)
    assert (await desk.get("/me")).body["recovery_codes_left"] == 10


async def test_sign_ins_are_listed_and_ended(desk: TestDesk) -> None:
    here, there = await signed_in(desk, "Firefox"), await signed_in(desk, "curl/8")
    listed = (await desk.get("/me/sign-ins", role=None, headers=here)).body
    _, first, second = listed
    assert [one["current"] for one in listed] == [False, True, False]
    assert (first["agent"], first["address"], first["kind"]) == ("Firefox", "127.0.0.1", "api")
    path = f"/me/sign-ins/{second['id']}"
    assert (await desk.ask("DELETE", path, role=None, headers=here)).status == 204
    assert (await desk.get("/me", role=None, headers=there)).status == 401
    assert (await desk.get("/me", role=None, headers=here)).status == 200
    assert (await desk.ask("DELETE", path, role=None, headers=here)).status == 404


async def test_nobody_ends_anothers_sign_in(desk: TestDesk) -> None:
    headers = await signed_in(desk)
    found = await desk.context.accounts.bearer(token_hash(headers["Authorization"].removeprefix("Bearer ")))
    assert found is not None
    assert (await desk.ask("DELETE", f"/me/sign-ins/{found[1].id}", role=Role.ADMIN)).status == 404
    assert (await desk.get("/me", role=None, headers=headers)).status == 200


async def test_signed_out_everywhere_is_here_too(desk: TestDesk) -> None:
    headers = await signed_in(desk)
    assert (await desk.ask("DELETE", "/me/sign-ins")).status == 204
    assert (await desk.get("/me")).status == 401
    assert (await desk.get("/me", role=None, headers=headers)).status == 401
    assert (await desk.get("/me", role=Role.ADMIN)).status == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/me/password", SAID | {"new_password": "another horse"}),
        ("POST", "/me/totp", SAID),
        ("POST", "/me/totp/confirm", {"code": "123456"}),
        ("POST", "/me/totp/off", SAID),
        ("POST", "/me/totp/recovery-codes", SAID),
        ("GET", "/me/sign-ins", None),
        ("DELETE", "/me/sign-ins", None),
        ("DELETE", "/me/sign-ins/1", None),
    ],
)
async def test_a_programs_token_knows_whose_it_is_and_touches_nothing(
    desk: TestDesk, method: str, path: str, body: Any
) -> None:
    await desk.context.accounts.add_token(desk.operators[Role.OPERATOR].id, token_hash("program"), TokenKind.NAMED)
    headers = {"Authorization": "Bearer program"}
    assert (await desk.get("/me", role=None, headers=headers)).body["name"] == "marie"
    refused = await desk.ask(method, path, body, role=None, headers=headers)
    assert (refused.status, refused.reason) == (403, "not_a_sign_in")
