"""Figures and rules that every page of the panel keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from hub.usecases.issue import IssueOrder, issue
from hub.usecases.maintenance import maintenance_on
from hub.usecases.people.users import UserChange, add_user
from hub.wire.terms import Phase
from tests.browser.conftest import Visitor
from tests.browser.desk import BY, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")


OUTSIDE_THEIR_BOX = """() => [...document.querySelectorAll(".card *, .code-row *, .zone h2")].filter((one) => {
  const box = one.closest(".card, .code-row, .zone").getBoundingClientRect();
  return one.getBoundingClientRect().right > box.right + 1 && !one.closest(".sr, svg");
}).map((one) => one.outerHTML)"""


async def breaches(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice. The page's CSP would refuse a script tag."""
    await page.evaluate(AXE)
    found: dict[str, Any] = await page.evaluate("() => axe.run({ resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {node['html']} {node['failureSummary']}" for one in found["violations"] for node in one["nodes"]
    ]


async def furnish(desk: Desk) -> None:
    """One post of every kind, and codes."""
    posts = [await desk.post(f"p{number}", f"Post {number}", "Hall") for number in range(1, 7)]
    await desk.occupied(posts[0], 3600, 600)
    await desk.occupied(posts[1], 1800, 1700)
    await desk.issued(900, "p3")
    await posts[3].report(online=False)
    await maintenance_on(desk.room, "p5", BY, reason="new screen")
    await posts[5].report(faults=("screen",))
    await posts[2].report(phase=Phase.LOCKED_OUT, retry_after_s=30)
    await posts[0].call()
    await desk.issued(3600)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing(theme: str, desk: Desk, visitor: Visitor) -> None:
    await furnish(desk)
    visit = await visitor(color_scheme=theme, reduced_motion="reduce")
    await visit.page.goto(f"{desk.url}/sign-in?expired=1")
    assert await breaches(visit.page) == []
    await visit.page.goto(f"{desk.url}/api/docs")
    await visit.page.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")
    assert await breaches(visit.page) == []
    page = await visit.sign_in(desk, "marie")
    await expect(page.locator(".card")).to_have_count(6)
    assert await breaches(page) == []
    await page.get_by_role("button", name="Post 1", exact=True).click()
    assert await breaches(page) == []
    await page.keyboard.press("Escape")
    await page.keyboard.press("n")
    assert await breaches(page) == []
    await page.keyboard.press("Enter")
    await expect(page.locator("#newcode-result")).to_be_visible()
    assert await breaches(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="End the session at Post 1").click()
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await page.keyboard.press("?")
    assert await breaches(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Compact").click()
    assert await breaches(page) == []


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 360)])
async def test_axe_finds_nothing_on_the_pages_of_codes_either(
    theme: str, width: int, desk: Desk, visitor: Visitor
) -> None:
    ids = [(await desk.issued(3600)).session.id for _ in range(2)]
    visit = await visitor(color_scheme=theme, viewport={"width": width, "height": 740})
    one, both = f"ids={ids[0]}", f"ids={'+'.join(ids)}"
    for path in ("/codes/new", f"/codes/issued?{one}", f"/codes/issued?{both}", f"/tickets?{both}&size=a6"):
        page = await visit.open(desk, "marie", path)
        assert await breaches(page) == [], path
        assert await page.evaluate("() => document.documentElement.scrollWidth") <= width, path


async def test_the_board_is_light_and_asks_little(desk: Desk, visitor: Visitor) -> None:
    await furnish(desk)
    signed_in = (await (await visitor()).sign_in(desk, "marie")).context
    visit = await visitor(storage_state=await signed_in.storage_state())
    await visit.page.goto(f"{desk.url}/")
    await expect(visit.page.locator(".card")).to_have_count(6)
    sizes = [await request.sizes() for request in visit.requests]
    assert len(visit.requests) <= 7, "eight with the live connection"
    assert sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) <= 150_000


@pytest.mark.parametrize(("width", "height"), [(360, 640), (640, 400), (1280, 800), (3840, 2160)])
async def test_nothing_runs_out_of_the_window(width: int, height: int, desk: Desk, visitor: Visitor) -> None:
    """640 x 400 is what a window of 1280 x 800 is at 200 % zoom. Names are as long as they may be, without a break."""
    await furnish(desk)
    await desk.post("p7", "P" * 64, "Z" * 64)
    user = await add_user(desk.room, UserChange(display_name="N" * 64), BY)
    await issue(desk.room, IssueOrder(3600, user_id=user.id), BY)
    page = await (await visitor(viewport={"width": width, "height": height})).sign_in(desk, "marie")
    await expect(page.locator(".card")).to_have_count(7)
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert await page.evaluate(OUTSIDE_THEIR_BOX) == []
    await page.keyboard.press("n")
    await page.keyboard.press("Enter")
    await expect(page.locator("#newcode-result")).to_be_visible()
    assert await page.evaluate("() => document.querySelector('#newcode').scrollWidth") <= width


async def test_pages_carry_the_content_policy_and_no_script_of_their_own(desk: Desk, visitor: Visitor) -> None:
    page = (await visitor()).page
    response = await page.goto(f"{desk.url}/sign-in")
    assert response is not None
    assert "default-src 'self'" in response.headers["content-security-policy"]
    html = await response.text()
    assert "<style" not in html
    assert " style=" not in html
    assert "<script" not in html
