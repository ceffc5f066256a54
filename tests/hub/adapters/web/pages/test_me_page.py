"""The page of one's own account."""

from __future__ import annotations

import re

import pytest

from hub.adapters.web.pages.me import known_agent
from hub.domain.accounts import PANEL_IDLE_S, Role
from hub.domain.totp import STEP_S, code_of, step_at
from tests.hub.adapters.web.desk import PASSWORD, TestDesk
from tests.hub.adapters.web.pages.visitor import Visitor, visiting


async def sign_in(desk: TestDesk, password: str = PASSWORD, **more: str) -> int:
    return (await desk.post("/auth/token", {"username": "marie", "password": password} | more, role=None)).status


async def test_a_password_is_changed_and_other_sign_ins_end(desk: TestDesk) -> None:
    new = " another horse "
    async with visiting(desk) as here, visiting(desk) as elsewhere:
        sent = await here.send("/me/password", password=PASSWORD, new_password=new, again=new)
        assert sent.location == "/me?said=password"
        assert "Your password is changed" in (await here.see(sent.location)).text
        assert (await elsewhere.see("/me")).location == "/sign-in?next=/me"
    assert (await sign_in(desk), await sign_in(desk, new)) == (401, 200)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"password": "wrong", "new_password": "another horse", "again": "another horse"}, "The password is wrong."),
        ({"password": PASSWORD, "new_password": "short", "again": "short"}, "A password has 8 to 256 characters."),
        (
            {"password": PASSWORD, "new_password": "motdepasse", "again": "motdepasse"},
            "This is one of the most common passwords, which are guessed first.",
        ),
        (
            {"password": PASSWORD, "new_password": "another horse", "again": "another house"},
            "The two are not the same.",
        ),
        ({"password": PASSWORD, "new_password": "another horse"}, "This has to be filled in."),
        ({}, "This has to be filled in."),
    ],
)
async def test_a_bad_change_of_password_changes_nothing(desk: TestDesk, form: dict[str, str], told: str) -> None:
    async with visiting(desk) as marie:
        seen = await marie.send("/me/password", **form)
        assert (seen.status, told in seen.text) == (422, True)
        assert "another horse" not in seen.html
    assert await sign_in(desk) == 200


async def test_guessing_at_the_password_has_to_wait(desk: TestDesk) -> None:
    async with visiting(desk) as marie:
        for _ in range(5):
            await marie.send("/me/totp", password="wrong")
        assert "Too many tries" in (await marie.send("/me/totp", password=PASSWORD)).text


async def set_up(desk: TestDesk, marie: Visitor) -> tuple[str, list[str]]:
    """Her second factor's secret, and her recovery codes."""
    offered = await marie.send("/me/totp", password=PASSWORD)
    assert "<svg" in offered.html.partition('class="qr-frame"')[2]
    found = re.search(r'<p class="secret">([A-Z2-7 ]+)</p>', offered.html)
    assert found is not None
    secret = found[1].replace(" ", "")
    wrong = await marie.send("/me/totp/confirm", code="000000")
    assert (wrong.status, "not the code of this moment" in wrong.text) == (422, True)
    shown = await marie.send("/me/totp/confirm", code=code_of(secret, step_at(desk.room.clock.now())))
    return secret, re.findall(r"<li>(\w{5}-\w{5})</li>", shown.html)


async def test_a_second_factor_is_set_up_and_taken_away(desk: TestDesk) -> None:
    async with visiting(desk) as marie:
        secret, codes = await set_up(desk, marie)
        assert len(codes) == 10
        page = await marie.see("/me")
        assert "10 recovery codes are left." in page.text
        assert secret not in page.html
        assert codes[0] not in page.html
        assert (await marie.send("/me/totp", password=PASSWORD)).status == 422
        desk.room.clock.advance(STEP_S)
        assert await sign_in(desk) == 401
        assert await sign_in(desk, totp=codes[0]) == 200
        assert "9 recovery codes are left." in (await marie.see("/me")).text
        renewed = await marie.send("/me/totp/recovery-codes", password=PASSWORD)
        assert codes[1] not in renewed.html
        assert (await marie.send("/me/totp/off", password="wrong")).status == 422
        assert (await marie.send("/me/totp/off", password=PASSWORD)).location == "/me?said=totp_off"
    assert await sign_in(desk) == 200


async def test_a_code_out_of_turn_is_refused(desk: TestDesk) -> None:
    async with visiting(desk, language="fr") as marie:
        seen = await marie.send("/me/totp/confirm", code="123456")
        assert (seen.status, "recommencez" in seen.text) == (422, True)
        assert (
            "Il n’y a pas de second facteur." in (await marie.send("/me/totp/recovery-codes", password=PASSWORD)).text
        )


async def test_a_sign_in_elsewhere_is_seen_and_ended(desk: TestDesk) -> None:
    async with visiting(desk) as here, visiting(desk) as elsewhere:
        page = await here.see("/me")
        assert "Here" in page.text
        addresses = re.findall(r'action="(/me/sign-ins/\d+/end)"', page.html)
        assert len(addresses) == 2, "the other browser, and the program's token"
        for address in addresses:
            assert (await here.send(address)).location == "/me?said=done"
        assert (await here.send(addresses[0])).status == 404
        assert (await elsewhere.see("/me")).status == 303
        assert (await here.see("/me")).status == 200


async def test_nobody_ends_anothers_sign_in(desk: TestDesk) -> None:
    async with visiting(desk) as marie, visiting(desk, Role.VIEWER) as vera:
        for number in range(1, 12):
            await vera.send(f"/me/sign-ins/{number}/end")
        assert (await marie.see("/me")).status == 200


async def test_signing_out_everywhere_signs_out_here_too(desk: TestDesk) -> None:
    async with visiting(desk) as here, visiting(desk) as elsewhere:
        assert (await here.send("/me/sign-ins/end")).location == "/sign-in"
        assert [(await one.see("/me")).status for one in (here, elsewhere)] == [303, 303]


async def test_a_forged_form_does_nothing(desk: TestDesk) -> None:
    new = "another horse"
    async with visiting(desk) as marie:
        for path in ("/me/password", "/me/totp", "/me/sign-ins/end"):
            seen = await marie.send(path, csrf="0" * 64, password=PASSWORD, new_password=new, again=new)
            assert seen.status == 403
        assert (await marie.see("/me")).status == 200
    assert await sign_in(desk) == 200


@pytest.mark.parametrize(
    ("agent", "known"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Safari/537.36",
            "Chrome, Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit Version/18 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox, Android"),
        ("curl/8.14", "curl"),
        ("home-assistant", "home-assistant"),
        ("", ""),
    ],
)
def test_browsers_are_told_by_the_names_that_people_know(agent: str, known: str) -> None:
    assert known_agent(agent) == known


async def test_asking_for_the_head_of_the_page_is_use(desk: TestDesk) -> None:
    """As a form does while somebody types in it."""
    async with visiting(desk) as marie:
        for _ in range(3):
            desk.room.clock.advance(PANEL_IDLE_S - 60)
            async with marie.client.head("/me", headers={"Cookie": marie.cookie}, allow_redirects=False) as response:
                assert response.status == 200
