"""The page of statistics: the figures of the API, ranges, files, and who may look."""

from __future__ import annotations

import csv
import io
import re

import pytest

from hub.adapters.web.pages.statistics import level
from hub.domain.accounts import Role
from tests.hub.adapters.web.desk import TestDesk
from tests.hub.adapters.web.pages.visitor import visiting
from tests.support.room import Node

HOUR_S = 3600


async def stay(desk: TestDesk, node: Node, seconds: int, category: str | None = None) -> None:
    session = await desk.issue(duration_s=seconds, category=category)
    lease = await node.gets(session["code"])
    desk.room.clock.advance(seconds)
    await node.settles(lease, seconds)


def cells(html: str, table: str) -> list[list[str]]:
    """The rows of a table, as text."""
    found = re.search(rf'<table id="{table}">.*?<tbody>(.*?)</tbody>', html, re.DOTALL)
    assert found, table
    rows = re.findall(r"<tr>(.*?)</tr>", found[1], re.DOTALL)
    return [
        [" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in rows
    ]


async def test_the_figures_of_a_day(desk: TestDesk, node: Node, other: Node) -> None:
    await stay(desk, node, 1800, "child")  # Monday, from ten in Paris
    await node.asks("NOSUCH")
    await stay(desk, other, 1800)
    async with visiting(desk, Role.VIEWER) as vera:
        seen = await vera.see("/statistics?range=today")
    assert seen.status == 200
    assert cells(seen.html, "periods") == [["Mon 23 Nov 2026", "2", "1 h", "30 min", "1"]]
    none = ["0 min", "0 min"]
    assert cells(seen.html, "posts") == [["Post 1", "1", "30 min", *none], ["Post 2", "1", "30 min", *none]]
    assert cells(seen.html, "zones") == [["Hall", "2", "1 h", "30 min"]]
    assert cells(seen.html, "categories") == [
        ["no category", "1", "30 min", "30 min"],
        ["child", "1", "30 min", "30 min"],
    ]
    monday = re.search(r'<th scope="row">Monday</th>(.*?)</tr>', seen.html, re.DOTALL)
    assert monday
    assert re.findall(r'data-level="(\d)">(\d+)', monday[1]) == [("0", "0"), ("3", "50")], "eleven is still to come"


async def test_a_day_without_a_stay_is_a_gap_and_not_left_out(desk: TestDesk, node: Node) -> None:
    await stay(desk, node, HOUR_S)
    desk.room.clock.advance(2 * 86_400)
    await stay(desk, node, HOUR_S)
    async with visiting(desk) as marie:
        week = await marie.see("/statistics?range=week")
        assert [row[1] for row in cells(week.html, "periods")] == ["0", "0", "0", "0", "1", "0", "1"]
        year = await marie.see("/statistics?range=year")
        assert "Week by week" in year.text
        assert len(cells(year.html, "periods")) == 53


async def test_an_empty_house_says_so_and_draws_nothing(desk: TestDesk) -> None:
    async with visiting(desk) as marie:
        seen = await marie.see("/statistics")
        assert "nothing to count yet" in seen.text
        assert 'class="plot"' not in seen.html


@pytest.mark.parametrize(
    "query",
    [
        "from=yesterday",
        "from=2026-11-31",
        "from=2026-11-24&to=2026-11-20",
        "from=2010-01-01",
        "to=%00",
        "from=<script>",
    ],
)
async def test_days_that_make_no_range_are_told(desk: TestDesk, query: str) -> None:
    async with visiting(desk) as marie:
        seen = await marie.see(f"/statistics?{query}")
        assert seen.status == 422
        assert "These days make no range." in seen.text
        assert "<script>" not in seen.html
        assert 'aria-current="true">30 days' in seen.html


@pytest.mark.parametrize("query", ["range=century", "range=", "colour=red", "from=&to="])
async def test_what_says_nothing_is_the_usual_month(desk: TestDesk, query: str) -> None:
    async with visiting(desk, language="fr") as marie:
        seen = await marie.see(f"/statistics?{query}")
        assert seen.status == 200
        assert 'aria-current="true">30 jours' in seen.html


async def test_files_are_those_of_the_api(desk: TestDesk, node: Node) -> None:
    await stay(desk, node, HOUR_S, "=1+1")
    async with visiting(desk, Role.VIEWER) as vera:
        page = await vera.see("/statistics?range=today")
        links = re.findall(r'href="(/statistics/\w+\.csv[^"]*)"', page.html)
        assert len(links) == 5
        for link in links:
            sent = await vera.see(link.replace("&amp;", "&"))
            path = link.replace("&amp;", "&").replace("/statistics", "/stats").replace(".csv", "")
            told: str = (await desk.get(path, headers={"Accept": "text/csv"})).body
            assert (sent.status, sent.html) == (200, "\ufeff" + told), (
                "Excel knows UTF-8 by its mark, programs want none"
            )
            assert len(list(csv.reader(io.StringIO(told)))) > 1
        assert ",'=1+1," in (await vera.see("/statistics/sessions.csv?by=category")).html
        for odd in ("from=never", "from=2026-11-24&to=2026-11-20", "colour=red"):
            assert (await vera.see(f"/statistics/posts.csv?{odd}")).status == 422
        assert (await vera.see("/statistics/sessions.csv?by=post")).status == 422


async def test_what_people_write_is_text(desk: TestDesk, node: Node) -> None:
    mark = "<script>alert(1)</script>"
    changed = await desk.ask("PATCH", "/posts/p01", {"name": mark, "zone": mark}, role=Role.ADMIN)
    assert changed.status == 200
    await stay(desk, node, HOUR_S, mark)
    async with visiting(desk) as marie:
        seen = await marie.see("/statistics?range=today")
        assert seen.html.count("&lt;script&gt;alert") == 3
        assert "<script>alert" not in seen.html


@pytest.mark.parametrize(("share", "dark"), [(None, 0), (0, 0), (0.0001, 1), (0.2, 2), (0.79, 4), (0.8, 5), (1.3, 5)])
def test_how_dark_a_cell_is(share: float | None, dark: int) -> None:
    assert level(share) == dark


async def test_only_this_page_asks_for_the_plotting_script(desk: TestDesk) -> None:
    async with visiting(desk) as marie:
        for path in ("/", "/sessions", "/journal"):
            assert "plots." not in (await marie.see(path)).html
        assert "plots.js" in (await marie.see("/statistics")).html
