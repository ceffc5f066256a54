"""Requests are measured by the template of their route, and the figures are for those who may look."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from hub.adapters.web.app import make_app
from hub.adapters.web.context import WebSettings
from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import TestDesk

Told = list[tuple[str, str, int]]
ELSEWHERE = {"X-Forwarded-For": "10.0.0.9"}


@pytest.fixture
def settings() -> WebSettings:
    """Behind a proxy, so that a request can come from elsewhere."""
    return WebSettings(proxies=frozenset({"127.0.0.1"}))


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
async def client(desk: TestDesk, told: Told) -> AsyncIterator[TestClient[Any, Any]]:
    def measured(method: str, route: str, status: int, seconds: float) -> None:
        assert 0 <= seconds < 10
        told.append((method, route, status))

    async def figures() -> tuple[bytes, str]:
        return b"poste_up 1\n", "text/plain; version=0.0.4; charset=utf-8"

    async with TestClient(TestServer(make_app(replace(desk.context, measured=measured, figures=figures)))) as client:
        yield client


async def test_whatever_is_asked_the_labels_are_those_of_the_routes(
    desk: TestDesk, client: TestClient[Any, Any], told: Told
) -> None:
    headers = {"Authorization": f"Bearer {desk.tokens[Role.OPERATOR]}"}
    for number in range(20):
        for path in (f"/api/v1/posts/p{number}", f"/api/v1/sessions/K7M2Q{number}", f"/nothing/{number}", "/%zz", "//"):
            async with client.get(path, headers=headers):
                pass
    async with client.request("BREW", "/api/v1/posts"), client.get("/"), client.get("/static/panel.css"):
        pass
    routes = {resource.canonical for resource in client.app.router.resources()} | {"none"}
    assert {route for _, route, _ in told} <= routes
    assert {("GET", "/api/v1/posts/{id}", 404), ("GET", "none", 404), ("GET", "/", 303)} <= set(told)


async def test_a_live_connection_is_no_request_that_ends(
    desk: TestDesk, client: TestClient[Any, Any], told: Told
) -> None:
    headers = {"Authorization": f"Bearer {desk.tokens[Role.VIEWER]}"}
    async with client.ws_connect("/api/v1/live", headers=headers) as socket:
        await socket.receive_json(timeout=10)
    assert told == []


async def test_this_machine_may_read_the_figures(client: TestClient[Any, Any]) -> None:
    async with client.get("/metrics") as response:
        assert (response.status, await response.text()) == (200, "poste_up 1\n")
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize(
    ("role", "status"), [(None, 401), (Role.DISPLAY, 403), (Role.VIEWER, 200), (Role.ADMIN, 200)], ids=str
)
async def test_others_need_a_token(
    desk: TestDesk, client: TestClient[Any, Any], role: Role | None, status: int
) -> None:
    headers = ELSEWHERE if role is None else ELSEWHERE | {"Authorization": f"Bearer {desk.tokens[role]}"}
    async with client.get("/metrics", headers=headers) as response:
        assert response.status == status


async def test_a_hub_that_measures_nothing_has_no_figures(desk: TestDesk) -> None:
    async with desk.client.get("/metrics") as response:
        assert response.status == 404
