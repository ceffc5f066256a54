"""What waits for somebody: a raised hand, a locked or closed post, a message; and what an admin does to a dead one."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from hub.domain.accounts import Role
from hub.wire.messages import Identify, Notice
from tests.browser.conftest import Visitor
from tests.browser.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def open_sheet(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()
    await expect(page.get_by_role("dialog", name=name)).to_be_visible()


async def test_a_raised_hand_stays_up_until_somebody_goes(desk: Desk, visitor: Visitor) -> None:
    await desk.operator("paul")
    marie, paul = [await (await visitor()).sign_in(desk, name) for name in ("marie", "paul")]
    post = await desk.post("p01", "Post 1")
    await expect(marie.locator(".card")).to_have_count(1)
    await post.call()
    card = marie.locator("[data-post=p01]")
    await expect(marie.get_by_role("alert").filter(has_text="Post 1 is calling the desk.")).to_be_visible()
    await expect(card).to_contain_text("Calls the desk since")
    await expect(marie.locator("#count")).to_contain_text("1 calls the desk")
    await marie.reload()
    await expect(card).to_contain_text("Calls the desk since")
    await expect(card.locator(".card-main")).to_have_accessible_description(re.compile("Calls the desk since"))
    await paul.get_by_role("button", name="On my way to Post 1").click()
    await expect(card).not_to_contain_text("Calls the desk since")
    await expect(paul.get_by_role("alert").filter(has_text="is calling")).to_have_count(0)


async def test_a_message_reaches_the_posts_screen_and_is_not_lost_with_the_hub(desk: Desk, visitor: Visitor) -> None:
    visit = await visitor()
    marie = await visit.sign_in(desk, "marie")
    post = await desk.post("p01", "Post 1")
    await marie.get_by_role("button", name="Post 1", exact=True).focus()
    await marie.keyboard.press("m")
    await expect(marie.get_by_label("Message on its screen", exact=True).last).to_be_focused()
    await marie.keyboard.type("We close at six.")
    await desk.close()
    await expect(marie.locator("#link-word")).to_have_text("Connection lost")
    await marie.keyboard.press("Enter")
    await expect(marie.locator("#sheet-error")).to_contain_text("The hub cannot be reached.")
    await desk.occupied(post, 1800)
    await desk.open()
    await expect(marie.locator("#link-word")).to_have_text("Live", timeout=10_000)
    await expect(marie.locator("#sheet-facts")).to_contain_text("Occupied")
    await expect(marie.locator("#sheet-message")).to_have_value("We close at six.")
    await expect(marie.locator("#sheet-message")).to_be_focused()
    await marie.locator("#sheet-message-for").select_option("5\u00a0min")
    await marie.get_by_role("button", name="Send").click()
    await expect(marie.get_by_role("dialog")).to_have_count(0)
    await desk.wire.quiet()
    (notice,) = [one for one in post.heard if isinstance(one, Notice)]
    assert (notice.text, notice.ttl_s) == ("We close at six.", 300)
    visit.errors.clear()


async def test_a_post_blinks_and_one_that_is_away_says_so(desk: Desk, visitor: Visitor) -> None:
    visit = await visitor()
    marie = await visit.sign_in(desk, "marie")
    post = await desk.post("p01", "Post 1")
    await open_sheet(marie, "Post 1")
    await marie.get_by_role("button", name="Let it blink").click()
    await expect(marie.locator("#sheet-toasts")).to_contain_text("blinks")
    await desk.wire.quiet()
    assert [one for one in post.heard if isinstance(one, Identify)]
    await post.report(online=False)
    await expect(marie.locator("#sheet-facts")).to_contain_text("Offline")
    await marie.get_by_role("button", name="Let it blink").click()
    await expect(marie.locator("#sheet-error")).to_have_text("That post is offline.")
    visit.errors.clear()


async def test_what_a_dialog_does_is_told_in_front_of_it_and_said_on_when_it_closes(desk: Desk, marie: Page) -> None:
    post = await desk.post("p01", "Post 1")
    await desk.occupied(post, 1800)
    await open_sheet(marie, "Post 1")
    await marie.get_by_role("button", name="+1\u00a0h").click()
    told = marie.get_by_role("status").filter(has_text="1\u00a0h added at Post 1.")
    await expect(told).to_be_visible()
    await told.get_by_role("button", name="Dismiss").hover()
    await post.call()
    await expect(marie.get_by_role("alert").filter(has_text="is calling")).to_be_visible()
    await marie.keyboard.press("Escape")
    await expect(marie.get_by_role("dialog")).to_have_count(0)
    await marie.get_by_role("button", name="On my way", exact=True).click()
    await expect(marie.get_by_role("alert").filter(has_text="is calling")).to_have_count(0)


async def test_only_an_admin_releases_by_force_and_is_asked(desk: Desk, visitor: Visitor) -> None:
    await desk.operator("ada", Role.ADMIN)
    post = await desk.post("p01", "Post 1")
    await desk.occupied(post, 1800)
    post.deaf = True
    marie, ada = [await (await visitor()).sign_in(desk, name) for name in ("marie", "ada")]
    await open_sheet(marie, "Post 1")
    await expect(marie.locator("#sheet-message")).to_be_visible()
    await expect(marie.get_by_text("Release by force")).to_have_count(0)
    await open_sheet(ada, "Post 1")
    await ada.get_by_text("Release by force…").click()
    await ada.keyboard.press("Tab")
    await ada.keyboard.type("burnt out")
    await ada.keyboard.press("Enter")
    await expect(ada.get_by_role("dialog")).to_have_count(0)
    await expect(ada.locator("[data-post=p01] .status")).to_have_text("Available")


async def test_keys_act_on_the_post_in_focus_and_can_be_turned_off(desk: Desk, marie: Page) -> None:
    post = await desk.post("p01", "Post 1")
    await desk.post("p02", "Post 2")
    await desk.occupied(post, 1800)
    card = marie.locator("[data-post=p01]")
    await expect(card.locator(".status")).to_have_text("Occupied")
    await marie.keyboard.press("+")
    await expect(marie.get_by_role("button", name="Post 1", exact=True)).to_be_focused()
    await expect(card.locator(".clock")).to_contain_text("29:")
    await marie.keyboard.press("+")
    await expect(card.locator(".clock")).to_contain_text("44:")
    await marie.keyboard.press("e")
    await expect(card.locator(".status")).to_have_text("Available")
    await expect(marie.get_by_role("button", name="Undo")).to_be_visible()
    await marie.keyboard.press("u")
    await expect(card.locator(".status")).to_have_text("Occupied")
    await marie.get_by_role("button", name="Post 1", exact=True).focus()
    await marie.keyboard.press("p")
    await expect(marie.locator("#codes li")).to_contain_text("Suspended")
    await marie.keyboard.press("p")
    await expect(marie.locator("#toasts")).to_contain_text("No session runs at Post 1.")
    await marie.keyboard.press("?")
    await marie.get_by_label("Single keys act.").uncheck()
    await marie.keyboard.press("Escape")
    await marie.reload()
    await expect(marie.locator(".card")).to_have_count(2)
    await marie.keyboard.press("n")
    await expect(marie.get_by_role("dialog")).to_have_count(0)
    await marie.keyboard.press("ArrowDown")
    await expect(marie.get_by_role("button", name="Post 1", exact=True)).to_be_focused()


async def test_filters_by_status_and_zone_outlive_a_reload_and_so_do_compact_cards(desk: Desk, marie: Page) -> None:
    hall = await desk.post("h1", "Post 1", "Hall")
    await desk.post("h2", "Post 2", "Hall")
    await desk.post("u1", "Post 3", "Upstairs")
    shown = marie.locator(".card:visible")
    await expect(shown).to_have_count(3)
    await marie.get_by_label("Zone").select_option("Hall")
    await expect(shown).to_have_count(2)
    await marie.get_by_label("Status").select_option("Available")
    start = marie.get_by_role("button", name="15 min: start at Post 1")
    await start.click()
    await expect(shown).to_have_count(1)
    await expect(marie.get_by_role("button", name="Post 2", exact=True)).to_be_focused()
    await marie.get_by_label("Status").select_option("Needs somebody")
    await expect(marie.get_by_text("No post matches the filter.")).to_be_visible()
    await hall.call()
    await expect(shown).to_have_count(1)
    await marie.get_by_role("button", name="Compact").click()
    await marie.reload()
    await expect(shown).to_have_count(1)
    await expect(marie.get_by_role("button", name="Compact")).to_have_attribute("aria-pressed", "true")
    await expect(marie.locator(".quick:not(.care):visible")).to_have_count(0)
    await expect(marie.get_by_role("button", name="On my way to Post 1")).to_be_visible()
    await marie.keyboard.press("/")
    await marie.keyboard.press("Escape")
    await expect(shown).to_have_count(3)
    assert marie.url == f"{desk.url}/"
