"""The sign-in form against what no browser would send, and who sees it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import pytest
from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from hub.adapters.web.app import make_app
from hub.adapters.web.guards import csrf_token
from hub.domain.accounts import Role
from hub.domain.totp import STEP_S, code_of, step_at
from hub.usecases.accounts.sign_in import HALF_WAY_S
from hub.usecases.accounts.throttle import TRIES_OF_A_NAME
from tests.hub.adapters.web.desk import NAMES, PASSWORD, TestDesk

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=XX"
PART = b'--XX\r\nContent-Disposition: form-data; name="username"\r\n\r\n\xff\r\n--XX--\r\n'
BAD: dict[str, tuple[str, bytes, int]] = {
    "bytes that are not UTF-8": (FORM, b"username=\xff\xfe&password=x", 400),
    "escaped bytes that are not UTF-8": (FORM, b"username=%ff%fe&password=x", 400),
    "half a surrogate pair": (FORM, b"username=%ed%a0%80&password=x", 400),
    "a field twice": (FORM, b"username=a&username=b&password=x", 400),
    "a thousand fields": (FORM, b"&".join(b"a%d=1" % number for number in range(1000)), 400),
    "more than 64 KiB": (FORM, b"username=a&password=" + b"x" * 65_537, 413),
    "a charset that nobody knows": (f"{FORM}; charset=nonsense", b"username=a&password=x", 415),
    "a codec that makes no text": (f"{FORM}; charset=hex", b"username=a&password=x", 415),
    "a codec that makes surrogates": (f"{FORM}; charset=unicode_escape", b"username=a&password=\\ud800", 415),
    "JSON": ("application/json", b'{"username": "a"}', 415),
    "no type": ("application/octet-stream", b"username=a&password=x", 415),
    "parts": (PARTS, PART, 415),
    "parts without a boundary": ("multipart/form-data", PART, 415),
    "parts that break off": (PARTS, PART[:40], 415),
}
WRONG: dict[str, bytes] = {
    "nothing": b"",
    "no password": b"username=marie",
    "a null byte": b"username=marie%00&password=x%00",
    "a header in the name": b"username=a%0d%0aSet-Cookie:+x=y&password=x",
    "a long name": b"username=" + b"m" * 60_000 + b"&password=x",
    "a long password": b"username=marie&password=" + b"x" * 60_000,
}

Client = TestClient[Any, Any]


@pytest.fixture
async def panel(desk: TestDesk) -> AsyncIterator[Client]:
    async with TestClient(TestServer(make_app(desk.context)), cookie_jar=DummyCookieJar()) as client:
        yield client


async def send(panel: Client, body: bytes, content_type: str = FORM, **headers: str) -> tuple[int, str]:
    sent = {"Content-Type": content_type} | {name.replace("_", "-"): value for name, value in headers.items()}
    async with panel.post("/sign-in", data=body, headers=sent, allow_redirects=False) as response:
        assert "poste" not in response.cookies or response.status == 303
        return response.status, await response.text()


@pytest.mark.parametrize("name", BAD)
async def test_what_no_form_says_is_a_clear_error(panel: Client, name: str) -> None:
    content_type, body, status = BAD[name]
    assert (await send(panel, body, content_type))[0] == status


@pytest.mark.parametrize("name", WRONG)
async def test_a_name_and_password_that_cannot_be_are_wrong(panel: Client, name: str) -> None:
    assert (await send(panel, WRONG[name]))[0] == 401


async def test_a_form_that_does_not_come_is_not_waited_for(panel: Client) -> None:
    never = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"username="
        await never.wait()

    async with panel.post("/sign-in", data=slowly(), headers={"Content-Type": FORM}) as response:
        assert response.status == 408


async def test_what_was_typed_comes_back_as_text(panel: Client) -> None:
    _, page = await send(panel, b"username=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&password=x")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(
    "headers", [{"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Origin": "http://evil.example"}]
)
async def test_another_sites_page_signs_nobody_in(panel: Client, headers: dict[str, str]) -> None:
    assert (await send(panel, f"username=marie&password={PASSWORD}".encode(), **headers))[0] == 403


async def test_our_own_form_signs_in_where_a_browser_hides_its_origin(panel: Client) -> None:
    assert (await send(panel, f"username=marie&password={PASSWORD}".encode(), Origin="null"))[0] == 303


@pytest.mark.parametrize("role", Role)
async def test_every_role_can_sign_out(panel: Client, role: Role) -> None:
    form = {"username": NAMES[role], "password": PASSWORD}
    async with panel.post("/sign-in", data=form, allow_redirects=False) as response:
        secret = response.cookies["poste"].value
    cookie = {"Cookie": f"poste={secret}"}
    form = {"csrf_token": csrf_token(secret)}
    async with panel.post("/sign-out", data=form, headers=cookie, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "/sign-in")
    async with panel.get("/", headers=cookie, allow_redirects=False) as response:
        assert response.headers["Location"] == "/sign-in"


async def test_a_programs_token_is_not_sent_round_in_circles(panel: Client, desk: TestDesk) -> None:
    headers = {"Authorization": f"Bearer {desk.tokens[Role.OPERATOR]}"}
    async with panel.get("/sign-in", headers=headers, allow_redirects=False) as response:
        assert response.status == 200


async def half_way(panel: Client, **headers: str) -> tuple[str, str]:
    """The form that asks for a code, and what stands in it for name and password."""
    status, page = await send(panel, f"username=marie&password={PASSWORD}".encode(), **headers)
    assert status == 200
    found = re.search(r'name="half_way" value="([^"]+)"', page)
    assert found is not None
    return page, found[1]


OWN = ["/sessions?status=active", "/", "/journal?operator=%C3%A9", "/sessions?q=a&next=//evil.example"]
FOREIGN = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\r\nSet-Cookie: x=y",
    "javascript:alert(1)",
    "sessions",
    "/sessions\x00",
    "/" + "x" * 3000,
    "",
]


@pytest.mark.parametrize("path", OWN)
async def test_a_sign_in_leads_to_the_page_that_was_asked_for(panel: Client, path: str) -> None:
    assert await lands_on(panel, path) == path
    assert await lands_on(panel, path, first="wrong") == path


@pytest.mark.parametrize("path", FOREIGN)
async def test_a_sign_in_leads_nowhere_else(panel: Client, path: str) -> None:
    assert await lands_on(panel, path) == "/"
    assert await lands_on(panel, path, first="wrong") == "/"


async def test_a_screen_on_the_wall_goes_to_the_wall(panel: Client) -> None:
    assert await lands_on(panel, "/sessions", name=NAMES[Role.DISPLAY]) == "/wall"


async def test_whoever_is_signed_in_goes_on_at_once(panel: Client) -> None:
    form = {"username": "marie", "password": PASSWORD}
    async with panel.post("/sign-in", data=form, allow_redirects=False) as response:
        cookie = {"Cookie": f"poste={response.cookies['poste'].value}"}
    for asked, led in (("/journal", "/journal"), ("//evil.example", "/")):
        query = {"next": asked}
        async with panel.get("/sign-in", params=query, headers=cookie, allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (303, led)


async def lands_on(panel: Client, path: str, *, name: str = "marie", first: str = PASSWORD) -> str:
    """Where the form that a browser gets for `next` sends it in the end; a first wrong try changes nothing."""
    async with panel.get("/sign-in", params={"next": path}) as response:
        page = await response.text()
    for password in dict.fromkeys((first, PASSWORD)):
        found = re.search(r'<form method="post" action="([^"]+)"', page)
        assert found is not None
        action = URL(unescape(found[1]), encoded=True)
        form = {"username": name, "password": password}
        async with panel.post(action, data=form, allow_redirects=False) as response:
            page = await response.text()
            if response.status == 303:
                return response.headers["Location"]
    raise AssertionError("nobody came in")


async def second_factor(desk: TestDesk) -> str:
    """Marie's, whose secret this is."""
    secret = (await desk.post("/me/totp", {"password": PASSWORD})).body["secret"]
    code = code_of(secret, step_at(desk.room.clock.now()))
    assert (await desk.post("/me/totp/confirm", {"code": code})).status == 200
    desk.room.clock.advance(STEP_S)
    return str(secret)


async def test_whoever_has_a_second_factor_is_asked_for_a_code(panel: Client, desk: TestDesk) -> None:
    secret = await second_factor(desk)
    page, told = await half_way(panel)
    assert PASSWORD not in page
    assert 'name="password"' not in page
    assert 'autocomplete="one-time-code"' in page
    code = code_of(secret, step_at(desk.room.clock.now()))
    assert (await send(panel, f"half_way={told}&totp={code}".encode()))[0] == 303


@pytest.mark.parametrize(
    ("language", "asked", "wrong", "late"),
    [
        ("fr", "codes de secours", "Le code est incorrect", "Le délai est dépassé"),
        ("en", "recovery codes", "The code is wrong", "That took too long"),
    ],
)
async def test_a_wrong_code_is_asked_for_again_for_five_minutes(
    panel: Client, desk: TestDesk, language: str, asked: str, wrong: str, late: str
) -> None:
    secret = await second_factor(desk)
    page, told = await half_way(panel, Accept_Language=language)
    assert asked in page
    for code in ("&totp=x", ""):
        status, page = await send(panel, f"half_way={told}{code}".encode(), Accept_Language=language)
        assert (status, wrong in page, f'value="{told}"' in page) == (401, True, True)
    desk.room.clock.advance(HALF_WAY_S)
    right = code_of(secret, step_at(desk.room.clock.now()))
    for sealed in (told, "nonsense"):
        status, page = await send(panel, f"half_way={sealed}&totp={right}".encode(), Accept_Language=language)
        assert (status, late in page, 'name="password"' in page) == (401, True, True)


async def test_guessing_at_the_code_has_to_wait(panel: Client, desk: TestDesk) -> None:
    await second_factor(desk)
    _, told = await half_way(panel)
    for _ in range(TRIES_OF_A_NAME):
        await send(panel, f"half_way={told}&totp=x".encode())
    assert (await send(panel, f"half_way={told}&totp=x".encode()))[0] == 429
