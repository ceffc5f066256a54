"""The gallery shows every page, and the documentation's pictures are few, small and there."""

from __future__ import annotations

import re

import pytest

from docs.make_gallery import LOOKS, ROOT, SELECTION, index
from docs.panel_pages import BY_NOBODY, pages_of
from hub.adapters.web.app import make_app
from tests.hub.adapters.web.desk import TestDesk
from tests.hub.adapters.web.pages.visitor import visiting

MOST_BYTES = 600_000
SOMEBODY = "0b6a3c1e-5d2f-4f7e-9a53-0d6f2c9f8a11"
IDS = {"sessions": SOMEBODY, "users": SOMEBODY, "posts": "p01", "operators": "1"}


async def test_every_page_of_the_application_is_in_the_gallery(desk: TestDesk) -> None:
    pages = pages_of(make_app(desk.context), IDS, {"/tickets": "size=a6"})
    assert {
        "board": "/",
        "sessions-one": f"/sessions/{SOMEBODY}",
        "tickets": "/tickets?size=a6",
    }.items() <= pages.items()
    assert not {"/sign-in", "/healthz", "/metrics"} & set(pages.values())
    async with visiting(desk) as marie:
        for link in re.findall(r'href="(/[^"?]*)"', (await marie.see("/sessions")).html):
            assert link in pages.values() or link.startswith("/static/") or link.endswith(".csv")
    assert set(SELECTION) <= set(pages)
    with pytest.raises(KeyError):
        pages_of(make_app(desk.context), {}, {})


def test_the_index_shows_each_page_in_each_look() -> None:
    shown = index(BY_NOBODY)
    assert shown.count("<img") == len(BY_NOBODY) * len(LOOKS)
    assert 'src="sign-in.fr.phone.dark.png"' in shown


def test_the_documentation_shows_what_is_selected_and_no_more() -> None:
    told = set(re.findall(r"panel/([\w.-]+\.png)", (ROOT / "docs" / "panel.md").read_text("utf-8")))
    there = {path.name: path.stat().st_size for path in (ROOT / "docs" / "panel").glob("*")}
    assert told == set(there) == {look.file(name) for name, looks in SELECTION.items() for look in looks}
    assert sum(there.values()) < MOST_BYTES
