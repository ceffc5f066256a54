"""The journal over the API, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientError, web
from aiohttp.test_utils import TestClient, TestServer

from hub.adapters.web.csv_export import send_csv
from hub.adapters.web.lists import every
from hub.adapters.web.shapes import OperatorShape
from hub.adapters.web.views import log_shape
from hub.domain.accounts import Role
from hub.domain.records import LogEntry
from hub.domain.retention import Kind
from hub.wire.terms import Action
from tests.hub.adapters.web.desk import TestDesk
from tests.support.room import Node

CSV = {"Accept": "text/csv"}


async def log(desk: TestDesk, count: int = 1, **facts: Any) -> None:
    async with desk.room.room.store.transaction() as tx:
        for _ in range(count):
            await tx.log(LogEntry(desk.room.clock.now(), Action.INCIDENT, **facts))


async def table(desk: TestDesk, query: str = "") -> list[list[str]]:
    answer = await desk.get(f"/logs{query}", headers=CSV)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="journal.csv"'
    return list(csv.reader(io.StringIO(answer.body)))


async def test_an_entry_tells_who_did_what_to_what(desk: TestDesk) -> None:
    session = await desk.issue()
    await desk.post(f"/sessions/{session['id']}/add-time", {"seconds": 300})
    entry = (await desk.get("/logs?action=time_added")).body["items"][0]
    assert (entry["at"], entry["session_id"], entry["operator"]) == ("2026-11-23T09:00:00Z", session["id"], "marie")
    assert (entry["details"], entry["ip_address"]) == ({"seconds": 300}, "127.0.0.1")


async def test_filters_and_pages(desk: TestDesk, node: Node) -> None:
    session, _ = await desk.running(node)
    desk.room.clock.advance(60)
    await log(desk, 3, post_id="p09")
    assert (await desk.get("/logs?post=p09&page_size=2")).body["total"] == 3
    assert len((await desk.get("/logs?post=p09&page_size=2&page=2")).body["items"]) == 1
    of_session = (await desk.get(f"/logs?session={session['id']}&ordering=at")).body["items"]
    assert [entry["action"] for entry in of_session] == ["code_issued", "session_started"]
    assert (await desk.get("/logs?after=2026-11-23T09:01:00Z")).body["total"] == 3
    assert (await desk.get("/logs?before=2026-11-23T09:01:00Z&operator=nobody")).body["total"] == 0
    assert (await desk.get("/logs?ordering=details")).fields == ["ordering"]


async def test_csv_has_every_entry_and_a_line_of_headings(desk: TestDesk) -> None:
    await log(desk, 450)
    rows = await table(desk)
    assert rows[0] == [
        "id",
        "at",
        "action",
        "session_id",
        "post_id",
        "user_id",
        "operator",
        "details",
        "ip_address",
    ]
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, 451)]
    assert await table(desk, "?action=backup") == rows[:1]


async def test_no_cell_is_a_formula(desk: TestDesk) -> None:
    for text in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"):
        await log(desk, operator=text)
    operators = [row[6] for row in (await table(desk))[1:]]
    assert all(cell.startswith("'") for cell in operators)
    assert operators[0] == "'=1+1"
    for text, cell in (("a;=1+1", "a;'=1+1"), ("a\n@x", "a\n'@x"), ("a; ＝1", "a;' ＝1")):
        await log(desk, operator=text)
        assert (await table(desk))[-1][6] == cell
    await log(desk, operator='jean-marie, "la" reine\n')
    assert (await table(desk))[-1][6] == 'jean-marie, "la" reine\n'


async def test_a_table_that_breaks_off_does_not_look_whole() -> None:
    async def rows() -> AsyncIterator[OperatorShape]:
        yield OperatorShape(name="marie", role=Role.OPERATOR)
        raise RuntimeError

    async def export(request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse = await send_csv(request, "operators", OperatorShape, rows())
        return response

    app = web.Application()
    app.router.add_get("/", export)
    async with TestClient(TestServer(app)) as client:
        with pytest.raises(ClientError):
            async with client.get("/") as answer:
                await answer.read()


async def test_a_client_that_takes_both_gets_json(desk: TestDesk) -> None:
    answer = await desk.get("/logs", headers={"Accept": "application/json, text/csv;q=0.5"})
    assert answer.body["items"] == []


async def test_csv_is_stable_while_the_journal_grows_and_is_purged(desk: TestDesk) -> None:
    """Behind the reader's back 200 entries go that it has read, and 100 come: nothing is missed, nothing is twice."""
    await log(desk, 200)
    later = desk.room.clock.advance(1)
    await log(desk, 300)
    queries = desk.context.queries
    seen: list[int] = []
    async for shown in every(queries.entries_after, log_shape):
        seen.append(shown.id)
        if len(seen) == 300:
            async with desk.room.room.store.transaction() as tx:
                assert await tx.purge(Kind.JOURNAL, later) == 200
            await log(desk, 100)
    assert seen == list(range(1, 601))
