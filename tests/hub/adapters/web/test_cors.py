"""Pages of other sites: those that the house allows may use the API with a token, and never with our cookie."""

from __future__ import annotations

import pytest

from hub.adapters.web.context import WebSettings
from hub.adapters.web.guards import csrf_token
from hub.domain.accounts import Role, TokenKind
from hub.usecases.accounts.sign_in import token_hash
from tests.hub.adapters.web.desk import TestDesk

ALLOWED = "https://kiosk.example"
FROM_THERE = {"Origin": ALLOWED, "Sec-Fetch-Site": "cross-site"}
ASKING = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
WISH = {"duration_s": 60}


class TestAllowed:
    @pytest.fixture
    def settings(self) -> WebSettings:
        return WebSettings(origins=frozenset({ALLOWED}))

    async def test_a_browser_that_asks_beforehand_is_told(self, desk: TestDesk) -> None:
        told = await desk.ask("OPTIONS", "/sessions", role=None, headers=FROM_THERE | ASKING)
        assert told.status == 204
        assert told.headers["Access-Control-Allow-Origin"] == ALLOWED
        assert "POST" in told.headers["Access-Control-Allow-Methods"]
        assert "Authorization" in told.headers["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in told.headers
        assert "Origin" in told.headers["Vary"]

    async def test_with_a_token_all_is_as_for_a_program(self, desk: TestDesk) -> None:
        made = await desk.post("/sessions", WISH, headers=FROM_THERE)
        assert (made.status, made.headers["Access-Control-Allow-Origin"]) == (201, ALLOWED)
        refused = await desk.post("/sessions", WISH, role=None, headers=FROM_THERE)
        assert (refused.status, refused.headers["Access-Control-Allow-Origin"]) == (401, ALLOWED)

    async def test_our_cookie_is_good_for_nothing_there(self, desk: TestDesk) -> None:
        marie = desk.operators[Role.OPERATOR].id
        await desk.context.accounts.add_token(marie, token_hash("panel"), TokenKind.PANEL)
        cookie = {"Cookie": "poste=panel", "X-CSRF-Token": csrf_token("panel")}
        refused = await desk.post("/sessions", WISH, role=None, headers=FROM_THERE | cookie)
        assert (refused.status, refused.reason) == (403, "foreign_site")
        seen = await desk.get("/posts", role=None, headers=FROM_THERE | cookie)
        assert "Access-Control-Allow-Origin" not in seen.headers

    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "http://kiosk.example", "https://kiosk.example:444", "null", "", "*"]
    )
    async def test_no_other_site_is_invited(self, desk: TestDesk, origin: str) -> None:
        headers = FROM_THERE | {"Origin": origin}
        assert (await desk.post("/sessions", WISH, headers=headers)).status == 403
        told = await desk.ask("OPTIONS", "/sessions", role=None, headers=headers | ASKING)
        assert told.status == 405
        assert "Access-Control-Allow-Origin" not in told.headers
        assert "Origin" in told.headers["Vary"]

    async def test_our_pages_are_not_part_of_the_api(self, desk: TestDesk) -> None:
        async with desk.client.get("/healthz", headers=FROM_THERE) as response:
            assert "Access-Control-Allow-Origin" not in response.headers


async def test_unless_said_nobody_is_invited(desk: TestDesk) -> None:
    assert (await desk.post("/sessions", WISH, headers=FROM_THERE)).reason == "foreign_site"
    told = await desk.ask("OPTIONS", "/sessions", role=None, headers=FROM_THERE | ASKING)
    assert told.status == 405
    assert "Access-Control-Allow-Origin" not in told.headers
