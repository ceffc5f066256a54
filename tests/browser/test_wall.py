"""The wall: the room for everybody in it, and nothing of anybody."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from hub.domain.accounts import Role
from hub.usecases.maintenance import maintenance_on
from hub.usecases.posts import PostChange, edit_post
from hub.wire.terms import Phase
from tests.browser.conftest import Visitor
from tests.browser.desk import BY, Desk
from tests.browser.test_quality import breaches

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_it_shows_who_is_free_and_nothing_of_anybody(theme: str, desk: Desk, visitor: Visitor) -> None:
    await desk.operator("hall", Role.DISPLAY)
    first = await desk.post("p01", "Post 1", "Hall")
    for number in (2, 10):
        await desk.post(f"p{number:02}", f"Post {number}", "Hall")
    issued = await desk.occupied(first, 3600, 600)
    await maintenance_on(desk.room, "p02", BY, reason="a secret reason")
    broken = await desk.post("p11", "Post 11", "Hall")
    await broken.report(phase=Phase.FAULT)
    await first.call()
    page = await (await visitor(color_scheme=theme)).open(desk, "hall")
    assert page.url == f"{desk.url}/wall", "the board is none of its business"
    await expect(page.get_by_role("heading", name="1 post free")).to_be_visible()
    await expect(page.get_by_role("heading", level=3)).to_have_text(["Post 1", "Post 2", "Post 10", "Post 11"])
    await expect(page.locator("[data-post=p01]")).to_contain_text("about 50\u00a0min left")
    await expect(page.locator("[data-post=p11]")).to_contain_text("Out of order")
    text = await page.content()
    assert "secret" not in text
    assert issued.code not in text
    assert await breaches(page) == []
    box = await page.get_by_role("heading", name="Post 10").bounding_box()
    assert box is not None
    assert box["height"] >= 720 / 30, "a thirtieth of the screen's height is read from five metres"


async def test_it_follows_by_itself_and_heals(desk: Desk, visitor: Visitor) -> None:
    await desk.operator("hall", Role.DISPLAY)
    post, _ = await desk.post("p01", "Poste 1"), await desk.post("p02", "Poste 2")
    visit = await visitor(locale="fr")
    page = await visit.open(desk, "hall", "/wall")
    await expect(page.get_by_role("heading", name="2 postes libres")).to_be_visible()
    await edit_post(desk.room, "p02", PostChange(retired=True), BY)
    await desk.occupied(post, 900)
    await expect(page.get_by_role("heading", name="Aucun poste libre")).to_be_visible(timeout=10_000)
    await expect(page.get_by_role("heading", level=3)).to_have_text(["Poste 1"])
    await desk.close()
    await expect(page.get_by_role("alert")).to_be_visible(timeout=10_000)
    await expect(page.locator("[data-post=p01]")).to_contain_text("Occupé")
    await post.report(online=False)
    await desk.open()
    await expect(page.get_by_role("alert")).to_be_hidden(timeout=15_000)
    await expect(page.locator("[data-post=p01]")).to_contain_text("Hors ligne")
    visit.errors.clear()


async def test_sixty_posts_fit_on_a_small_wall(desk: Desk, visitor: Visitor) -> None:
    await desk.operator("hall", Role.DISPLAY)
    for number in range(60):
        await desk.post(f"p{number}", f"Post {number}", f"Floor {number % 3}", online=False)
    visit = await visitor(viewport={"width": 1280, "height": 720})
    page = await visit.open(desk, "hall", "/wall")
    await expect(page.locator(".wall-post")).to_have_count(60)
    assert await page.evaluate("() => document.documentElement.scrollHeight") <= 720


async def test_zones_of_few_posts_stand_side_by_side_and_are_larger_for_it(desk: Desk, visitor: Visitor) -> None:
    await desk.operator("hall", Role.DISPLAY)
    for number in range(12):
        await desk.post(f"p{number}", f"Post {number}", f"Floor {number // 3}", online=False)
    page = await (await visitor(viewport={"width": 1280, "height": 720})).open(desk, "hall", "/wall")
    await expect(page.locator(".wall-post")).to_have_count(12)
    boxes = [await zone.bounding_box() for zone in await page.get_by_role("heading", level=2).all()]
    assert len({box["y"] for box in boxes if box}) < 4
    size = "() => parseFloat(getComputedStyle(document.body).fontSize)"
    assert await page.evaluate(size) >= 720 / 36, "each zone in a line of its own leaves a fortieth"
    assert await page.evaluate("() => document.documentElement.scrollHeight") <= 720


async def test_a_post_whose_time_is_up_is_free_soon(desk: Desk, visitor: Visitor) -> None:
    await desk.operator("hall", Role.DISPLAY)
    post = await desk.post("p01", "Post 1")
    await desk.occupied(post, 600)
    post.debited_s = 600
    await post.report(phase=Phase.GRACE)
    page = await (await visitor()).open(desk, "hall", "/wall")
    await expect(page.locator("[data-post=p01]")).to_contain_text("Free soon")
