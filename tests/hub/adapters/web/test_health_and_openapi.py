"""Health for those who watch, and the document of the API for those who write clients."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import TypeAdapter

from hub.adapters.web.app import ENDPOINTS, make_api, make_app
from hub.adapters.web.context import Probe
from hub.adapters.web.openapi import document
from hub.domain.job import Job, failed, succeeded
from tests.hub.adapters.web.desk import TestDesk, answer


async def well() -> str | None:
    return None


async def ill() -> str | None:
    return "cannot reach 10.0.0.3:8883"


async def broken() -> str | None:
    raise RuntimeError("password=hunter2")


async def hung() -> str | None:
    await asyncio.Event().wait()
    return None


async def ready(desk: TestDesk, **probes: Probe) -> tuple[int, Any]:
    app = make_api(replace(desk.context, probes=probes))
    async with TestClient(TestServer(app)) as client, client.get("/readyz") as response:
        told = await answer(response)
        return told.status, told.body


async def test_alive(desk: TestDesk) -> None:
    async with desk.client.get("/healthz") as response:
        told = await answer(response)
    assert (told.status, told.body) == (200, {"status": "ok"})


async def test_ready_when_everything_is_there(desk: TestDesk) -> None:
    assert await ready(desk, database=well, broker=well) == (200, {"database": "ok", "broker": "ok", "jobs": {}})


async def test_not_ready_says_what_is_missing(desk: TestDesk) -> None:
    status, told = await ready(desk, database=well, broker=ill)
    assert (status, told) == (503, {"database": "ok", "broker": "cannot reach 10.0.0.3:8883", "jobs": {}})


async def test_a_probe_that_fails_or_hangs_is_told_and_keeps_its_secrets(desk: TestDesk) -> None:
    status, told = await ready(desk, database=broken, broker=hung)
    assert (status, told) == (503, {"database": "failed", "broker": "no answer within 0.05 s", "jobs": {}})


@pytest.mark.parametrize(("vital", "status"), [(True, 503), (False, 200)])
async def test_a_job_that_fails_is_told_and_makes_the_hub_unready_only_when_the_room_needs_it(
    desk: TestDesk, *, vital: bool, status: int
) -> None:
    now = desk.room.clock.now()
    well = succeeded(Job("sweep", 2, now), now, 0.123456, now + timedelta(seconds=2))
    ill = failed(replace(well, name="backup", vital=vital), now, 1)
    app = make_api(replace(desk.context, jobs=lambda: [well, ill]))
    async with TestClient(TestServer(app)) as client, client.get("/readyz") as response:
        told = await answer(response)
    assert told.status == status
    assert told.body["jobs"]["backup"]["status"] == "failing"
    assert told.body["jobs"]["sweep"] == {
        "status": "ok",
        "vital": False,
        "period_s": 2,
        "last_run_at": "2026-11-23T09:00:00Z",
        "last_success_at": "2026-11-23T09:00:00Z",
        "duration_s": 0.1235,
        "next_run_at": "2026-11-23T09:00:02Z",
        "failures": 0,
    }


async def test_the_document_is_valid_openapi_and_names_every_route(desk: TestDesk) -> None:
    made = (await desk.get("/openapi.json", role=None)).body
    OpenAPIV31SpecValidator(made).validate()
    assert made["openapi"] == "3.1.0"
    assert {(method.upper(), path) for path, methods in made["paths"].items() for method in methods} == {
        (one.method, f"/api/v1{one.path}") for one in ENDPOINTS
    }


async def test_the_document_tells_what_goes_in_and_comes_out(desk: TestDesk) -> None:
    made = (await desk.get("/openapi.json", role=None)).body
    issue = made["paths"]["/api/v1/sessions"]["post"]
    assert issue["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/IssueBody"}
    session = {"$ref": "#/components/schemas/SessionShape"}
    assert issue["responses"]["201"]["content"]["application/json"]["schema"] == {
        "anyOf": [session, {"type": "array", "items": session}]
    }
    assert {"401", "403", "409", "422"} <= issue["responses"].keys()
    assert {"Idempotency-Key"} == {one["name"] for one in issue["parameters"]}
    body = made["components"]["schemas"]["IssueBody"]
    assert body["additionalProperties"] is False
    assert (body["properties"]["duration_s"]["minimum"], body["properties"]["duration_s"]["maximum"]) == (1, 86_400)
    query = {one["name"]: one["schema"] for one in made["paths"]["/api/v1/posts"]["get"]["parameters"]}
    assert query.keys() == {"status", "zone", "q", "retired", "page", "page_size", "ordering"}
    assert "text/csv" in made["paths"]["/api/v1/logs"]["get"]["responses"]["200"]["content"]
    assert made["paths"]["/api/v1/auth/token"]["post"]["security"] == []


def test_every_body_and_answer_has_an_example_that_holds() -> None:
    made = document(ENDPOINTS, "0.1.0")
    for one in ENDPOINTS:
        operation = made["paths"][f"/api/v1{one.path}"][one.method.lower()]
        if "requestBody" in operation:
            assert one.body is not None
            given = operation["requestBody"]["content"]["application/json"]["example"]
            one.body.model_validate_json(json.dumps(given))
        if one.answer is not None:
            shown = operation["responses"][str(one.status)]["content"]["application/json"]["example"]
            TypeAdapter(one.answer).validate_json(json.dumps(shown))
    issue = made["paths"]["/api/v1/sessions"]["post"]
    assert issue["requestBody"]["content"]["application/json"]["example"] == {"duration_s": 3600}
    assert issue["responses"]["201"]["content"]["application/json"]["example"]["code"] == "K7M2QX"


async def test_the_page_of_the_api_shows_every_route_and_needs_no_other_host(desk: TestDesk) -> None:
    async with TestClient(TestServer(make_app(desk.context))) as client, client.get("/api/docs") as page:
        text = await page.text()
        assert (page.status, page.content_type) == (200, "text/html")
        assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    for one in ENDPOINTS:
        assert f"<code>{one.method} /api/v1{one.path}</code>" in text
    assert "K7M2QX" in text
    assert not re.search(r"(src|href)=\"(?!/)", text)
    assert "<script" not in text
    assert "style=" not in text


async def test_the_whole_web_side_has_the_panel_beside_the_api(desk: TestDesk) -> None:
    async with TestClient(TestServer(make_app(desk.context))) as client:
        async with client.get("/sign-in") as page:
            assert (page.status, page.content_type) == (200, "text/html")
            assert page.headers["X-Content-Type-Options"] == "nosniff"
        async with client.get("/api/v1/posts") as api:
            assert api.status == 401
