"""The pages of posts in a browser: a new post with its files, a post's acts, what hurts is asked first."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from hub.domain.accounts import Role
from hub.usecases.inbox import receive
from hub.wire.messages import Finding, Findings, SelfTest
from tests.browser.conftest import Visitor
from tests.browser.desk import Desk
from tests.browser.test_figures import DESKTOP, PHONE, sign_in
from tests.browser.test_quality import breaches, furnish

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def admin(desk: Desk, page: Page) -> Page:
    await desk.operator("ada", Role.ADMIN)
    await sign_in(page, desk, "ada")
    return page


async def fits(page: Page) -> bool:
    return bool(await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_in_the_pages_of_posts(theme: str, desk: Desk, visitor: Visitor) -> None:
    await furnish(desk)
    visit = await visitor(color_scheme=theme, reduced_motion="reduce")
    page = await admin(desk, visit.page)
    step = "/new-post/hardware?id=p09&name=Nine&profile=pi3_matrix"
    for path in ("/posts", "/posts/p1", "/posts/p5", "/posts/p6", "/new-post", step):
        await page.goto(f"{desk.url}{path}")
        await page.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")
        assert await breaches(page) == [], path
    await page.goto(f"{desk.url}/new-post/hardware?id=P")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await breaches(page) == []
    assert len(visit.errors) == 1
    visit.errors.clear()  # the console's word for 422
    await page.goto(f"{desk.url}{step}")
    await page.get_by_role("button", name="Add the post").click()
    await expect(page.locator("textarea")).to_have_count(4)
    assert await breaches(page) == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
async def test_a_post_is_tested_told_closed_and_opened(viewport: dict[str, int], desk: Desk, visitor: Visitor) -> None:
    post = await desk.post("p01", "Post 1", "Hall")
    page = (await visitor(viewport=viewport)).page
    await sign_in(page, desk)
    await page.goto(f"{desk.url}/posts")
    await page.get_by_role("link", name="Post 1").click()
    assert await fits(page)
    post.deaf = True
    await page.get_by_role("button", name="Test it").click()
    await expect(page.locator("main")).to_contain_text("has not answered yet")
    await desk.wire.quiet()
    test = next(one for one in post.missed if isinstance(one, SelfTest))
    await page.get_by_role("textbox", name="Message").fill("We close at")
    await receive(desk.room, "p01", Findings(test.test_id, (Finding("keypad", False, "none found", "Plug it in."),)))
    await expect(page.locator(".findings")).to_contain_text("Plug it in.")  # by itself
    await expect(page.get_by_role("textbox", name="Message")).to_have_value("We close at")
    post.deaf = False
    await page.get_by_role("textbox", name="Message").fill("We close at six.")
    await page.get_by_role("button", name="Show it").click()
    await expect(page.get_by_role("status")).to_have_text("Sent to the screen.")
    await page.get_by_role("button", name="Close it to codes").click()
    await expect(page.locator(".page-head .tag")).to_have_text("Maintenance")
    await page.get_by_role("button", name="Open it again").click()
    await expect(page.locator(".page-head .tag")).to_have_text("Available")
    await expect(page.get_by_text("Only for admins")).to_have_count(0)
