"""The pages of operators and of programs' tokens."""

from __future__ import annotations

import re

import pytest

from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import PASSWORD, TestDesk
from tests.hub.adapters.web.pages.visitor import visiting

SCRIPT = "<script>alert(1)</script>"


async def test_the_list_tells_who_may_what(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        seen = await ada.see("/operators")
    for name in ("ada", "marie", "vera", "wall"):
        assert f">{name}</a>" in seen.html
    assert "marie Operator" in re.sub(r"\s+", " ", seen.text)


async def test_an_account_is_made_and_can_come_in(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        sent = await ada.send("/operators", name="zoé", role="viewer", password=" spaces count ")
        assert sent.status == 303
        assert "zoé" in (await ada.see(str(sent.location))).text
    for password, status in ((" spaces count ", 200), ("spaces count", 401)):
        answer = await desk.post("/auth/token", {"username": "zoé", "password": password}, role=None)
        assert answer.status == status


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": "marie", "role": "viewer", "password": PASSWORD}, "There is already an operator with this name."),
        ({"name": "zoé", "role": "viewer", "password": "short"}, "A password has 8 to 256 characters."),
        ({"name": "zoé", "role": "king", "password": PASSWORD}, "Some fields are not right."),
        ({"name": "", "role": "viewer", "password": PASSWORD}, "This has to be filled in."),
        ({"name": "z\x00", "role": "viewer", "password": PASSWORD}, "that can be printed"),
        ({"name": "z" * 65, "role": "viewer", "password": PASSWORD}, "At most 64 characters."),
        ({"name": SCRIPT, "role": "viewer", "password": "short"}, "A password has 8 to 256 characters."),
        ({"name": "zoé", "role": "viewer", "password": PASSWORD, "disabled": "true"}, "Some fields are not right."),
    ],
)
async def test_a_bad_account_is_not_made(desk: TestDesk, form: dict[str, str], told: str) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        seen = await ada.send("/operators", **form)
    assert seen.status == 422
    assert told in seen.text
    assert SCRIPT not in seen.html
    assert form["password"] not in seen.html
    assert len(await desk.context.accounts.operators()) == 4


async def test_names_are_shown_as_text(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        made = await ada.send("/operators", name=SCRIPT, role="admin", password=PASSWORD)
        await ada.send("/operators/tokens", name=SCRIPT, role="viewer", expires_at="")
        for path in ("/operators", str(made.location), "/operators/tokens", "/journal"):
            assert SCRIPT not in (await ada.see(path)).html


async def test_an_account_is_changed_shut_opened_and_given_a_password(desk: TestDesk) -> None:
    marie = desk.operators[Role.OPERATOR].id
    here = f"/operators/{marie}"
    async with visiting(desk, Role.ADMIN) as ada, visiting(desk) as panel:
        assert (await ada.send(f"{here}/role", role="viewer")).location == f"{here}?said=saved"
        assert "Viewer" in (await ada.see(here)).text
        assert (await ada.send(f"{here}/role", role="king")).status == 422
        assert (await ada.send(f"{here}/disable")).status == 303
        assert (await panel.see("/")).location == "/sign-in"
        assert "Disabled" in (await ada.see(here)).text
        assert (await ada.send(f"{here}/enable")).status == 303
        assert (await ada.send(f"{here}/password", password="short")).status == 422
        assert (await ada.send(f"{here}/password", password="another horse")).status == 303
    answer = await desk.post("/auth/token", {"username": "marie", "password": "another horse"}, role=None)
    assert answer.body["operator"] == {"name": "marie", "role": "viewer"}


async def test_what_the_hub_refuses_is_told_in_words(desk: TestDesk) -> None:
    await desk.issue()
    async with visiting(desk, Role.ADMIN) as ada:
        own, marie = (f"/operators/{desk.operators[role].id}" for role in (Role.ADMIN, Role.OPERATOR))
        for path, told in (
            (f"{own}/disable", "Nobody would be left who can let others in"),
            (f"{own}/password", "on the page of your account"),
            (f"{own}/totp-off", "on the page of your account"),
            (f"{marie}/delete", "disable the account instead"),
        ):
            seen = await ada.send(path, **({"password": PASSWORD} if "password" in path else {}))
            assert (seen.status, told in seen.text) == (422, True), path
        assert (await ada.send("/operators/999/delete")).status == 404
        assert (await ada.see("/operators/x")).status == 404


async def test_an_account_without_a_history_is_deleted(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        sent = await ada.send(f"/operators/{desk.operators[Role.DISPLAY].id}/delete")
        assert sent.location == "/operators?said=saved"
        assert ">wall</a>" not in (await ada.see("/operators")).html


async def test_a_token_is_shown_once_and_works_until_it_is_revoked(desk: TestDesk) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        made = await ada.send("/operators/tokens", name="home assistant", role="viewer", expires_at="2099-01-01T10:00")
        assert made.status == 200
        found = re.search(r'<p class="secret">([^<]+)</p>', made.html)
        assert found is not None
        listed = await ada.see("/operators/tokens")
        assert found[1] not in listed.html
        assert "home assistant Viewer ada 1 Jan 2099, 10:00 never" in re.sub(r"\s+", " ", listed.text)
        headers = {"Authorization": f"Bearer {found[1]}"}
        assert (await desk.get("/sessions", role=None, headers=headers)).status == 200
        assert (await desk.post("/sessions", {"duration_s": 60}, role=None, headers=headers)).status == 403
        address = re.search(r'action="(/operators/tokens/\d+/revoke)"', listed.html)
        assert address is not None
        assert (await ada.send(address[1])).location == "/operators/tokens?said=done"
        assert (await ada.send(address[1])).status == 404
    assert (await desk.get("/sessions", role=None, headers=headers)).status == 401


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": "x", "role": "viewer", "expires_at": "2020-01-01T10:00"}, "This has to be in the future."),
        ({"name": "x", "role": "viewer", "expires_at": "tomorrow"}, "Some fields are not right."),
        ({"name": "", "role": "viewer", "expires_at": ""}, "This has to be filled in."),
        ({"name": "x", "role": "", "expires_at": ""}, "This has to be filled in."),
    ],
)
async def test_a_bad_token_is_not_made(desk: TestDesk, form: dict[str, str], told: str) -> None:
    async with visiting(desk, Role.ADMIN) as ada:
        seen = await ada.send("/operators/tokens", **form)
        assert (seen.status, told in seen.text) == (422, True)
        assert "No program has a token yet." in seen.text


async def test_none_of_it_is_for_others_or_for_forged_forms(desk: TestDesk) -> None:
    here = f"/operators/{desk.operators[Role.VIEWER].id}"
    async with visiting(desk) as marie, visiting(desk, Role.ADMIN) as ada:
        assert (await marie.see("/operators")).status == 403
        assert "/operators" not in (await marie.see("/sessions")).html
        assert (await marie.send(f"{here}/role", role="admin")).status == 403
        assert (await ada.send(f"{here}/role", csrf="0" * 64, role="admin")).status == 403
        assert (await ada.send("/operators/tokens", csrf="0" * 64, name="x", role="admin", expires_at="")).status == 403
    assert (await desk.context.accounts.operator(desk.operators[Role.VIEWER].id)).role is Role.VIEWER  # type: ignore[union-attr]
