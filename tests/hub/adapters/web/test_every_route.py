"""Who may ask what: every route of the application, with every role, with none, and with every token that is wrong.

The routes come from the router itself. One that is neither declared with its role nor told of here fails a test.
"""

from __future__ import annotations

from itertools import product

import pytest
from aiohttp import DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from hub.adapters.web.app import ENDPOINTS, make_app
from hub.adapters.web.declare import ROOT
from hub.adapters.web.guards import csrf_token
from hub.adapters.web.pages import me, operators, users
from hub.adapters.web.pages.posts import DESK_ACTS, HOUSE_ACTS
from hub.adapters.web.pages.sessions import ACTS
from hub.adapters.web.pages.statistics import EXPORTS
from hub.domain.accounts import PANEL_IDLE_S, Role, TokenKind, allows
from hub.usecases.accounts.operators import OperatorChange, change_operator
from hub.usecases.accounts.sign_in import token_hash
from tests.hub.adapters.web.desk import Answer, TestDesk
from tests.support.room import DESK

Route = tuple[str, str]
DECLARED: dict[Route, Role | None] = {(one.method, ROOT + one.path): one.role for one in ENDPOINTS}
FOR_ANYBODY = {("POST", f"{ROOT}/auth/token")}
BY_HAND: dict[Route, Role | None] = {
    ("GET", f"{ROOT}/live"): Role.VIEWER,
    ("GET", f"{ROOT}/openapi.json"): None,
    ("GET", "/healthz"): None,
    ("GET", "/readyz"): None,
    ("GET", "/metrics"): None,
}
PAGES: dict[Route, Role | None] = {
    ("GET", "/"): Role.DISPLAY,
    ("GET", "/wall"): Role.DISPLAY,
    ("GET", "/codes/new"): Role.OPERATOR,
    ("POST", "/codes/new"): Role.OPERATOR,
    ("GET", "/codes/issued"): Role.OPERATOR,
    ("GET", "/tickets"): Role.OPERATOR,
    ("GET", "/sessions/{id}/ticket"): Role.OPERATOR,
    ("GET", "/sessions"): Role.VIEWER,
    ("GET", "/sessions/{id}"): Role.VIEWER,
    ("POST", "/sessions/{id}"): Role.OPERATOR,
    **{("POST", f"/sessions/{{id}}/{act}"): Role.OPERATOR for act in ACTS},
    ("GET", "/sessions.csv"): Role.VIEWER,
    ("GET", "/users"): Role.VIEWER,
    ("GET", "/users.csv"): Role.VIEWER,
    ("GET", "/users/new"): Role.OPERATOR,
    ("POST", "/users/new"): Role.OPERATOR,
    ("GET", "/users/{id}"): Role.VIEWER,
    ("GET", "/users/{id}/edit"): Role.OPERATOR,
    ("POST", "/users/{id}/edit"): Role.OPERATOR,
    **{("POST", f"/users/{{id}}/{act}"): Role.OPERATOR for act in users.ACTS},
    ("GET", "/journal"): Role.VIEWER,
    ("GET", "/journal.csv"): Role.VIEWER,
    ("GET", "/posts"): Role.VIEWER,
    ("GET", "/posts/{id}"): Role.VIEWER,
    ("POST", "/posts/{id}"): Role.ADMIN,
    **{("POST", f"/posts/{{id}}/{act}"): Role.OPERATOR for act in DESK_ACTS},
    **{("POST", f"/posts/{{id}}/{act}"): Role.ADMIN for act in (*HOUSE_ACTS, "credentials")},
    ("GET", "/new-post"): Role.ADMIN,
    ("POST", "/new-post"): Role.ADMIN,
    ("GET", "/new-post/hardware"): Role.ADMIN,
    ("GET", "/new-post/wiring/{id}"): Role.ADMIN,
    ("POST", "/new-post/file"): Role.ADMIN,
    ("GET", "/statistics"): Role.VIEWER,
    **{("GET", f"/statistics/{name}.csv"): Role.VIEWER for name in EXPORTS},
    ("GET", "/settings"): Role.VIEWER,
    ("POST", "/settings"): Role.ADMIN,
    ("GET", "/operators"): Role.ADMIN,
    ("POST", "/operators"): Role.ADMIN,
    ("GET", "/operators/{id}"): Role.ADMIN,
    **{("POST", f"/operators/{{id}}/{act}"): Role.ADMIN for act in operators.ACTS},
    ("GET", "/operators/tokens"): Role.ADMIN,
    ("POST", "/operators/tokens"): Role.ADMIN,
    ("POST", "/operators/tokens/{id}/revoke"): Role.ADMIN,
    ("GET", "/me"): Role.VIEWER,
    **{("POST", f"/me/{path}"): Role.VIEWER for path in me.FORMS},
    ("GET", "/sign-in"): None,
    ("POST", "/sign-in"): None,
    ("POST", "/sign-out"): None,
    ("GET", "/static/{name}"): None,
    ("GET", "/api/docs"): None,
}
GUARDED = {route: role for route, role in (DECLARED | BY_HAND).items() if role is not None}


def routes_of(app: web.Application) -> set[Route]:
    return {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.method != "HEAD" and route.resource is not None
    }


async def ask(desk: TestDesk, route: Route, **headers: str) -> Answer:
    method, path = route
    body: dict[str, str] | None = None if method in ("GET", "DELETE") else {}
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return await desk.ask(method, path.removeprefix(ROOT).replace("{id}", "x"), body, role=None, headers=sent)


async def token(desk: TestDesk, of: Role, kind: TokenKind, **more: object) -> str:
    """A fresh token of the operator of that role."""
    secret = desk.context.passwords.new_token()
    await desk.context.accounts.add_token(desk.operators[of].id, token_hash(secret), kind, **more)  # type: ignore[arg-type]
    return secret


async def test_no_route_is_forgotten(desk: TestDesk) -> None:
    assert routes_of(make_app(desk.context)) == DECLARED.keys() | BY_HAND.keys() | PAGES.keys()


def test_only_signing_in_is_for_anybody() -> None:
    assert {route for route, role in DECLARED.items() if role is None} == FOR_ANYBODY


def test_what_changes_the_room_is_for_operators_and_what_changes_the_house_for_admins() -> None:
    for (method, path), role in DECLARED.items():
        own = path.startswith((f"{ROOT}/me", f"{ROOT}/auth"))
        if method != "GET" and not own:
            assert role is not None
            assert allows(role, Role.OPERATOR), path
        if path.startswith((f"{ROOT}/operators", f"{ROOT}/tokens")):
            assert role is Role.ADMIN


def test_a_display_sees_the_display_and_signs_out() -> None:
    assert {route for route, role in GUARDED.items() if role is Role.DISPLAY} == {
        ("GET", f"{ROOT}/display"),
        ("DELETE", f"{ROOT}/auth/token"),
    }


@pytest.mark.parametrize("accept", ["application/json", "text/csv"])
async def test_what_can_be_read_can_be_asked_for_without_its_body(desk: TestDesk, accept: str) -> None:
    await desk.issue()
    head, whole = [await desk.ask(method, "/sessions", headers={"Accept": accept}) for method in ("HEAD", "GET")]
    assert (head.status, head.headers["Content-Type"]) == (200, whole.headers["Content-Type"])
    assert whole.body
    assert not head.body


async def test_nobody_is_sent_to_sign_in(desk: TestDesk) -> None:
    for route in GUARDED:
        refused = await ask(desk, route)
        assert (refused.status, refused.headers["WWW-Authenticate"]) == (401, "Bearer"), route


async def test_a_role_may_what_it_may_and_no_more(desk: TestDesk) -> None:
    for (route, needed), role in product(GUARDED.items(), Role):
        secret = await token(desk, role, TokenKind.API)
        answer = await ask(desk, route, Authorization=f"Bearer {secret}")
        assert answer.status != 401, (route, role)
        assert (answer.status != 403) == allows(role, needed), (route, role)


async def test_a_narrower_token_of_an_admin_may_what_its_role_may(desk: TestDesk) -> None:
    for (route, needed), role in product(GUARDED.items(), Role):
        secret = await token(desk, Role.ADMIN, TokenKind.NAMED, role=role)
        answer = await ask(desk, route, Authorization=f"Bearer {secret}")
        allowed = answer.status != 403 or answer.reason == "not_a_sign_in"
        assert allowed == allows(role, needed), (route, role)


async def test_no_token_that_is_wrong_is_good_for_anything(desk: TestDesk) -> None:
    for headers, route in product(await wrong_ones(desk), GUARDED):
        assert (await ask(desk, route, **headers)).status == 401, (route, headers)


async def wrong_ones(desk: TestDesk) -> list[dict[str, str]]:
    """Headers that are nobody's: tokens that are over, in the wrong place, of somebody who is shut, or made up."""
    clock, accounts, admin = desk.room.clock, desk.context.accounts, desk.tokens[Role.ADMIN]
    idle = await token(desk, Role.ADMIN, TokenKind.PANEL)
    clock.advance(PANEL_IDLE_S)
    revoked = await token(desk, Role.ADMIN, TokenKind.API)
    found = await accounts.bearer(token_hash(revoked))
    assert found is not None
    await accounts.revoke(found[1].id)
    expired = await token(desk, Role.ADMIN, TokenKind.NAMED, expires_at=clock.now())
    shut = await token(desk, Role.OPERATOR, TokenKind.API)
    await change_operator(desk.accounts, desk.operators[Role.OPERATOR].id, OperatorChange(disabled=True), DESK)
    shut_later = await token(desk, Role.OPERATOR, TokenKind.NAMED)
    panel = await token(desk, Role.ADMIN, TokenKind.PANEL)
    named = await token(desk, Role.ADMIN, TokenKind.NAMED)
    bearers = (panel, revoked, expired, shut, shut_later, "nonsense", "x" * 5000, token_hash(admin), "")
    cookies = (admin, named, idle, revoked, "nonsense", "")
    return [
        *({"Authorization": f"Bearer {secret}"} for secret in bearers),
        *({"Authorization": header} for header in ("", "Bearer", "Basic YTpi", admin)),
        *({"Cookie": f"poste={secret}"} for secret in cookies),
        {"Cookie": f"__Host-poste={panel}"},
        {"Cookie": f"poste={panel}", "Authorization": "Bearer nonsense"},
    ]


async def test_the_panels_cookie_alone_changes_nothing(desk: TestDesk) -> None:
    for route in (route for route in GUARDED if route[0] != "GET"):
        secret = await token(desk, Role.ADMIN, TokenKind.PANEL)
        cookie, csrf = f"poste={secret}", csrf_token(secret)
        for wrong in ({}, {"X_CSRF_Token": "wrong"}, {"X_CSRF_Token": csrf_token("another's")}):
            refused = await ask(desk, route, Cookie=cookie, **wrong)
            assert (refused.status, refused.reason) == (403, "csrf"), route
        for foreign in ({"Sec_Fetch_Site": "cross-site"}, {"Origin": "http://evil.example"}):
            refused = await ask(desk, route, Cookie=cookie, X_CSRF_Token=csrf, **foreign)
            assert (refused.status, refused.reason) == (403, "foreign_site"), route
        assert (await ask(desk, route, Cookie=cookie, X_CSRF_Token=csrf)).status not in (401, 403), route


async def test_a_page_is_for_its_role_and_leads_everybody_else_to_the_door(desk: TestDesk) -> None:
    async with TestClient(TestServer(make_app(desk.context)), cookie_jar=DummyCookieJar()) as panel:

        async def status(route: Route, headers: dict[str, str]) -> tuple[int, str]:
            method, path = route[0], route[1].replace("{id}", "x")
            async with panel.request(method, path, headers=headers, allow_redirects=False) as response:
                return response.status, response.headers.get("Location", "").partition("?")[0]

        guarded = {route: role for route, role in PAGES.items() if role is not None}
        for route in guarded:
            for headers in ({}, {"Authorization": f"Bearer {desk.tokens[Role.ADMIN]}"}, {"Cookie": "poste=nonsense"}):
                assert await status(route, headers) == (303, "/sign-in"), route
        for (route, needed), role in product(guarded.items(), Role):
            secret = await token(desk, role, TokenKind.PANEL)
            headers = {"Cookie": f"poste={secret}", "X-CSRF-Token": csrf_token(secret)}
            if route[0] != "GET":
                assert (await status(route, {"Cookie": f"poste={secret}"}))[0] == 403, (route, role)
            assert ((await status(route, headers))[0] != 403) == allows(role, needed), (route, role)
