"""Who may ask what: roles, tokens, the panel's cookie, forged requests, foreign names."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from hub.adapters.web.app import make_api
from hub.adapters.web.context import desk_of
from hub.adapters.web.guards import caller_of, clear_panel_cookie, csrf_token, door_of, enter_panel, require
from hub.domain.accounts import PANEL_IDLE_S, PANEL_LIFE_S, Role, TokenKind
from hub.usecases.accounts.operators import OperatorChange, change_operator
from hub.usecases.accounts.sign_in import sign_in as usecase_sign_in
from hub.usecases.accounts.sign_in import token_hash
from tests.hub.adapters.web.desk import PASSWORD, TestDesk
from tests.support.room import DESK


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", "Bearer " + "x" * 5000, ""])
async def test_no_other_authorization_is_good(desk: TestDesk, header: str) -> None:
    assert (await desk.get("/posts", role=None, headers={"Authorization": header})).status == 401


async def test_a_disabled_operator_is_out_at_once(desk: TestDesk) -> None:
    assert (await desk.get("/posts")).status == 200
    await change_operator(desk.accounts, desk.operators[Role.OPERATOR].id, OperatorChange(disabled=True), DESK)
    assert (await desk.get("/posts")).status == 401


async def test_an_expired_token_is_no_good(desk: TestDesk) -> None:
    accounts, until = desk.context.accounts, desk.room.clock.advance(0)
    await accounts.add_token(desk.operators[Role.ADMIN].id, token_hash("old"), TokenKind.API, expires_at=until)
    assert (await desk.get("/posts", role=None, headers={"Authorization": "Bearer old"})).status == 401


async def test_every_response_has_the_security_headers(desk: TestDesk) -> None:
    for answer in (await desk.get("/posts"), await desk.get("/nowhere"), await desk.get("/posts", role=None)):
        assert answer.headers["Content-Security-Policy"].startswith(
            "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "aiohttp" not in answer.headers["Server"]
        assert "Strict-Transport-Security" not in answer.headers


class Browser:
    """A client with the panel's cookie, on an application with the three things that the panel's pages do."""

    def __init__(self, desk: TestDesk, client: TestClient[web.Request, web.Application]) -> None:
        self.desk, self.client = desk, client
        self.secret = self.csrf = ""
        self.sent: dict[str, str] = {}

    async def sign_in(self, name: str = "marie") -> None:
        async with self.client.post(
            "/sign-in", data={"name": name, "password": PASSWORD}, headers=self.sent
        ) as response:
            assert response.status == 204
            self.cookie = next(iter(response.cookies.values()))
        self.secret = self.cookie.value
        self.csrf = csrf_token(self.secret)
        self.sent = {"Cookie": f"{self.cookie.key}={self.secret}"}

    async def status(self, method: str, path: str, **headers: str) -> int:
        body = None if method == "GET" else {"duration_s": 60}
        sent = self.sent | {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.request(method, path, headers=sent, json=body) as response:
            return response.status


@pytest.fixture
async def browser(desk: TestDesk) -> AsyncIterator[Browser]:
    async def sign_in(request: web.Request) -> web.Response:
        form = await request.post()
        response = web.Response(status=204)
        door = door_of(request, TokenKind.PANEL)
        signed = await usecase_sign_in(desk_of(request), str(form["name"]), str(form["password"]), door)
        await enter_panel(request, response, signed)
        return response

    async def leave(request: web.Request) -> web.Response:
        await require(request, Role.VIEWER)
        response = web.Response(status=204)
        clear_panel_cookie(request, response)
        return response

    async def page(request: web.Request) -> web.Response:
        caller = await caller_of(request)
        return web.Response(text=caller.operator.name if caller else "nobody")

    app = make_api(desk.context)
    app.router.add_post("/sign-in", sign_in)
    app.router.add_post("/leave", leave)
    app.router.add_get("/page", page)
    async with TestClient(TestServer(app), cookie_jar=DummyCookieJar()) as client:
        made = Browser(desk, client)
        await made.sign_in()
        yield made


async def test_the_cookie_is_for_this_site_and_no_script(browser: Browser) -> None:
    assert browser.cookie.key == "poste"
    assert browser.cookie["httponly"] is True
    assert browser.cookie["samesite"] == "Strict"
    assert (browser.cookie["path"], browser.cookie["secure"]) == ("/", "")


async def test_reading_with_the_cookie_needs_no_more(browser: Browser) -> None:
    assert await browser.status("GET", "/api/v1/posts") == 200


async def test_changing_with_the_cookie_needs_the_csrf_token(browser: Browser) -> None:
    assert await browser.status("POST", "/api/v1/sessions") == 403
    assert await browser.status("POST", "/api/v1/sessions", X_CSRF_Token="wrong") == 403
    assert await browser.status("POST", "/api/v1/sessions", X_CSRF_Token=csrf_token("another's")) == 403
    assert await browser.status("POST", "/api/v1/sessions", X_CSRF_Token=browser.csrf) == 201


async def test_a_form_may_carry_the_csrf_token_in_a_field(browser: Browser) -> None:
    for fields, status in (({}, 403), ({"csrf_token": "wrong"}, 403), ({"csrf_token": browser.csrf}, 204)):
        async with browser.client.post("/leave", data={"a": "b"} | fields, headers=browser.sent) as response:
            assert response.status == status


async def test_a_form_that_is_no_text_is_a_clear_error(browser: Browser) -> None:
    headers = browser.sent | {"Content-Type": "application/x-www-form-urlencoded"}
    async with browser.client.post("/leave", data=b"csrf_token=\xff\xfe", headers=headers) as response:
        assert response.status == 400


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 201), ("none", 201), ("same-site", 403), ("cross-site", 403)]
)
async def test_another_sites_page_may_change_nothing(browser: Browser, site: str, status: int) -> None:
    got = await browser.status("POST", "/api/v1/sessions", X_CSRF_Token=browser.csrf, Sec_Fetch_Site=site)
    assert got == status
    assert await browser.status("GET", "/api/v1/posts", Sec_Fetch_Site=site) == 200


async def test_a_panels_token_works_in_its_cookie_only_and_anothers_not_there(browser: Browser) -> None:
    stolen = await browser.desk.get("/posts", role=None, headers={"Authorization": f"Bearer {browser.secret}"})
    assert stolen.status == 401
    api = browser.desk.tokens[Role.OPERATOR]
    assert (await browser.desk.get("/posts", role=None, headers={"Cookie": f"poste={api}"})).status == 401


async def test_signing_in_again_ends_the_session_before(browser: Browser) -> None:
    before = browser.sent
    await browser.sign_in()
    assert before != browser.sent
    async with browser.client.get("/api/v1/posts", headers=before) as response:
        assert response.status == 401


async def test_a_panel_that_nobody_uses_is_signed_out(browser: Browser) -> None:
    clock = browser.desk.room.clock
    for _ in range(3):
        clock.advance(PANEL_IDLE_S - 1)
        assert await browser.status("POST", "/api/v1/sessions", X_CSRF_Token=browser.csrf) == 201
    clock.advance(PANEL_IDLE_S)
    assert await browser.status("GET", "/api/v1/posts") == 401


async def test_what_an_open_page_asks_by_itself_is_no_use_of_it(browser: Browser) -> None:
    browser.desk.room.clock.advance(PANEL_IDLE_S - 1)
    assert await browser.status("GET", "/api/v1/posts") == 200
    browser.desk.room.clock.advance(1)
    assert await browser.status("GET", "/api/v1/posts") == 401


async def test_loading_a_page_is_use_of_it(browser: Browser) -> None:
    browser.desk.room.clock.advance(PANEL_IDLE_S - 1)
    assert await browser.status("GET", "/page") == 200
    browser.desk.room.clock.advance(1)
    assert await browser.status("GET", "/api/v1/posts") == 200


async def test_a_panels_session_ends_after_a_shift_however_busy(browser: Browser) -> None:
    clock, started = browser.desk.room.clock, browser.desk.room.clock.now()
    while (clock.now() - started).total_seconds() < PANEL_LIFE_S - 600:
        assert await browser.status("GET", "/page") == 200
        clock.advance(600)
    clock.advance(600)
    assert await browser.status("GET", "/api/v1/posts") == 401
