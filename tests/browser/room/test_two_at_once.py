"""Two people at one stay, and a hub that dies under open pages."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.room.conftest import Seat, Two
from tests.browser.room.people import Clerk

pytestmark = pytest.mark.asyncio(loop_scope="session")
LONG_MS = 30_000
"""A demo starts a dead hub again within two seconds, and a page tries again at growing distances."""


def refused_only(clerk: Clerk) -> None:
    """What the browser itself says of a hub that was away is no fault of the page's; anything else is."""
    away = re.compile("ERR_(CONNECTION|EMPTY|SOCKET|INCOMPLETE)|WebSocket|status of 503")
    assert [error for error in clerk.browsing.errors if not away.search(error)] == []
    clerk.browsing.errors.clear()


async def test_both_boards_are_live_and_who_comes_late_is_told(seat: Seat, posts: Two) -> None:
    post, _ = posts
    marie, paul = await seat(), await seat()
    room, card = marie.room, f"[data-post={post.id}]"
    await marie.open_board()
    await paul.open_board()
    await marie.button("{time}: start at {post}", time="30 min", post=post.name).click()
    for one in (marie, paul):
        await expect(one.page.locator(card)).to_have_attribute("data-status", "occupied")
    await paul.button("+{n} minutes at {post}", n=15, post=post.name).click()
    await expect(marie.page.locator(card).locator(".clock")).to_have_text(re.compile("^4[45]:"))
    await post.until(lambda now: now["total_s"] == 45 * 60, "has the time added")
    (stay,) = (await room.api("GET", f"/sessions?status=active&post={post.id}"))["items"]

    async def too_late(route: Route) -> None:
        """Marie is faster: her end is settled before Paul's arrives."""
        await room.api("POST", f"/sessions/{stay['id']}/end")
        await room.until_session(stay, lambda now: now["status"] == "ended", "ended")
        await route.continue_()

    await paul.page.route("**/end", too_late)
    await paul.button("End the session at {post}", post=post.name).click()
    alert = paul.page.get_by_role("alert").get_by_text(paul.t("That session is already over."))
    await expect(alert).to_be_visible()
    await expect(paul.page.locator(card)).to_have_attribute("data-status", "available")
    assert len(paul.browsing.errors) == 1, "Chromium itself reports the 409"
    paul.browsing.errors.clear()

    for one in (marie, paul):
        await one.open(f"/sessions/{stay['id']}")
    await marie.field("Notes").fill("of Marie")
    await marie.button("Save").click()
    await marie.is_told("Saved.")
    await paul.field("Notes").fill("of Paul")
    await paul.button("Save").click()
    await expect(paul.page.get_by_role("alert")).to_contain_text(
        paul.t("Somebody else has changed this meanwhile. Look at it again, then change it.")
    )
    await expect(paul.field("Notes")).to_have_value("of Paul")
    await expect(paul.page.locator(".meanwhile")).to_contain_text("of Marie")
    paul.browsing.errors.clear()  # the 422


async def test_a_board_heals_when_the_hub_is_back_and_keeps_what_was_typed(clerk: Clerk, posts: Two) -> None:
    post, _ = posts
    page, room = clerk.page, clerk.room
    issued = await room.issue(3600)
    await post.redeems(issued["code"])
    await clerk.open_board()
    body, card = page.locator("body"), page.locator(f"[data-post={post.id}]")
    await card.get_by_role("button", name=post.name, exact=True).focus()
    await page.keyboard.press("m")
    await page.keyboard.type("On ferme")
    room.kill("hub")
    await expect(page.locator("#lost")).to_be_visible()
    await expect(body).to_have_attribute("data-link", "lost")
    await expect(page.locator("#link-word")).to_have_text(clerk.t("Connection lost"))
    await page.keyboard.type(" bientôt")
    await expect(body).to_have_attribute("data-link", "up", timeout=LONG_MS)
    await expect(page.locator("#lost")).to_be_hidden()
    await room.until_whole()
    await expect(card).to_have_attribute("data-status", "occupied")  # the new hub has heard from it, too
    await expect(page.locator("#sheet-message")).to_be_focused()
    await expect(page.locator("#sheet-message")).to_have_value("On ferme bientôt")
    await page.keyboard.press("Enter")
    await post.until(lambda now: any("ferme" in line for line in now["screen"]), "shows the message")
    await expect(card.locator(".clock")).to_have_text(re.compile("^59:|^58:|^1:00:00"))
    refused_only(clerk)


async def test_a_form_waits_for_the_hub_with_all_that_it_holds(clerk: Clerk) -> None:
    page, room = clerk.page, clerk.room
    await clerk.open("/codes/new")
    await clerk.field("Other, in minutes").fill("50")
    await clerk.field("Notes").fill("a long story")
    room.kill("hub")
    await clerk.button("Give code").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await room.until_whole()
    await expect(clerk.field("Notes")).to_have_value("a long story")
    await clerk.button("Give code").click()
    await clerk.shown_code("#code")
    await expect(page.locator(".issued")).to_contain_text("50 min")
    refused_only(clerk)
