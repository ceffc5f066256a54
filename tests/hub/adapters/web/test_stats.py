"""Statistics over the API: a known room, with figures that were worked out by hand."""

from __future__ import annotations

import asyncio
import csv
import io
from typing import Any

import pytest

from hub.domain.accounts import Role
from hub.domain.house import House
from hub.wire.messages import Incident
from hub.wire.terms import IncidentKind
from tests.hub.adapters.web.desk import TestDesk
from tests.support.room import Node, new_id

DAY_S = 86_400
CSV = {"Accept": "text/csv"}


@pytest.fixture
async def room(desk: TestDesk, node: Node, other: Node) -> TestDesk:
    """Monday from ten in Paris: 40 min at p01 from 10:50, a refused code, 30 min at p02; on Tuesday an hour at p01."""

    async def stay(at: Node, seconds: int, category: str | None = None) -> None:
        session = await desk.issue(duration_s=seconds, category=category)
        lease = await at.gets(session["code"])
        desk.room.clock.advance(seconds)
        await at.settles(lease, seconds)

    desk.room.clock.advance(3000)
    await stay(node, 2400, "child")
    await node.asks("NOSUCH")
    await stay(other, 1800)
    await other.says(Incident(new_id(), IncidentKind.KEYPAD_LOST))
    desk.room.clock.advance(90)
    await other.says(Incident(new_id(), IncidentKind.KEYPAD_BACK))
    desk.room.clock.advance(DAY_S - 3000 - 2400 - 1800 - 90)
    await stay(node, 3600, "child")
    return desk


async def items(desk: TestDesk, path: str) -> Any:
    answer = await desk.get(f"/stats/{path}", role=Role.VIEWER)
    assert answer.status == 200, answer.body
    return answer.body["items"]


async def test_the_range_is_told(room: TestDesk) -> None:
    report = (await room.get("/stats/posts")).body
    assert (report["first"], report["last"], report["time_zone"]) == ("2026-10-26", "2026-11-24", "Europe/Paris")
    report = (await room.get("/stats/posts?from=2026-11-23&to=2099-01-01")).body
    assert (report["first"], report["last"]) == ("2026-11-23", "2026-11-24")


async def test_figures_wait_for_nobody_who_writes(room: TestDesk) -> None:
    await items(room, "occupancy")  # or the use of the token would have to be noted
    async with room.context.room.store.transaction(), asyncio.timeout(10):
        assert len(await items(room, "occupancy")) == 168


async def test_occupancy(room: TestDesk) -> None:
    rows = await items(room, "occupancy?from=2026-11-23&to=2026-11-24")
    assert len(rows) == 168
    busy = [row for row in rows if row["occupied_s"]]
    assert busy == [
        {"weekday": 1, "hour": 10, "occupied_s": 600, "open_s": 7200, "share": 0.0833},
        {"weekday": 1, "hour": 11, "occupied_s": 1800 + 1800, "open_s": 7200, "share": 0.5},
        {"weekday": 2, "hour": 10, "occupied_s": 3600, "open_s": 7200, "share": 0.5},
    ]


async def test_occupancy_is_the_houses_hours(room: TestDesk) -> None:
    await room.room.save(House(time_zone="Asia/Kathmandu"))
    rows = await items(room, "occupancy?from=2026-11-24&to=2026-11-24")
    assert {row["hour"]: row["occupied_s"] for row in rows if row["occupied_s"]} == {14: 900, 15: 2700}


async def test_stays(room: TestDesk) -> None:
    assert await items(room, "sessions?from=2026-11-23") == [
        _stays("2026-11-23", sessions=2, occupied_s=4200, average_s=2100, refused=1),
        _stays("2026-11-24", sessions=1, occupied_s=3600, average_s=3600, refused=0),
    ]
    assert await items(room, "sessions?period=week&by=category") == [
        _stays("2026-11-23", sessions=1, occupied_s=1800, average_s=1800, refused=None),
        _stays("2026-11-23", sessions=2, occupied_s=6000, average_s=3000, refused=None) | {"category": "child"},
    ]
    assert await items(room, "sessions?period=week&by=zone") == [
        _stays("2026-11-23", sessions=3, occupied_s=7800, average_s=2600, refused=1) | {"zone": "Hall"},
    ]


async def test_posts(room: TestDesk) -> None:
    assert await items(room, "posts") == [
        {"post_id": "p01", "name": "Post 1", "sessions": 2, "occupied_s": 6000, "fault_s": 0, "offline_s": 0},
        {"post_id": "p02", "name": "Post 2", "sessions": 1, "occupied_s": 1800, "fault_s": 90, "offline_s": 0},
    ]


async def test_an_empty_house_has_empty_statistics(desk: TestDesk) -> None:
    assert await items(desk, "sessions") == []
    assert await items(desk, "posts") == []
    assert {row["share"] for row in await items(desk, "occupancy")} == {None}


async def test_csv(room: TestDesk) -> None:
    answer = await room.get("/stats/sessions?by=category", headers=CSV)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="stays.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.body)))
    assert [(row["start"], row["category"], row["sessions"]) for row in rows] == [
        ("2026-11-23", "", "1"),
        ("2026-11-23", "child", "1"),
        ("2026-11-24", "child", "1"),
    ]
    assert len((await room.get("/stats/occupancy", headers=CSV)).body.splitlines()) == 169
    assert len((await room.get("/stats/posts", headers=CSV)).body.splitlines()) == 3


async def test_no_cell_is_a_formula(desk: TestDesk, node: Node) -> None:
    session = await desk.issue(category="=1+1")
    await node.gets(session["code"])
    rows = (await desk.get("/stats/sessions?by=category", headers=CSV)).body
    assert ",'=1+1," in rows


@pytest.mark.parametrize(
    "query",
    [
        "from=yesterday",
        "from=2026-11-31",
        "from=20261123",
        "from=2026-W48-1",
        "from=2026-11-23T00:00:00Z",
        "from=1999-12-31",
        "from=9999-12-31",
        "from=2026-11-24&to=2026-11-23",
        "from=2010-01-01",
        "from=2026-11-23&from=2026-11-23",
        "to=",
        "to=%00",
        "first=2026-11-23",
        "colour=red",
    ],
)
async def test_a_bad_range(desk: TestDesk, query: str) -> None:
    for name in ("occupancy", "sessions", "posts"):
        answer = await desk.get(f"/stats/{name}?{query}")
        assert answer.status == 422, answer.body


@pytest.mark.parametrize("query", ["period=year", "period=", "by=post", "by=zone&by=category"])
async def test_a_bad_wish(desk: TestDesk, query: str) -> None:
    assert (await desk.get(f"/stats/sessions?{query}")).status == 422


async def test_who_may_look(desk: TestDesk) -> None:
    for name in ("occupancy", "sessions", "posts"):
        assert (await desk.get(f"/stats/{name}", role=None)).status == 401
        assert (await desk.get(f"/stats/{name}", role=Role.DISPLAY)).status == 403


def _stays(start: str, **figures: Any) -> dict[str, Any]:
    return {"start": start, "zone": None, "category": None} | figures
