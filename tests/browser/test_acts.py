"""The desk's work: codes, stays, and the way back."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from hub.domain.accounts import Role
from tests.browser.conftest import Visitor
from tests.browser.desk import Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_code_by_keyboard_alone(desk: Desk, marie: Page) -> None:
    post = await desk.post("p01", "Post 1")
    await expect(marie.locator(".card")).to_have_count(1)
    await marie.keyboard.press("n")
    dialog = marie.get_by_role("dialog", name="New code")
    await expect(dialog.get_by_role("button", name="15 min")).to_be_focused()
    await marie.keyboard.press("Tab")
    await marie.keyboard.press("Enter")
    shown = marie.get_by_role("dialog", name="The code")
    code = (await shown.locator("#newcode-code").inner_text()).replace("\u00a0", "").replace(" ", "")
    assert len(code) == 6
    await expect(shown.locator("#newcode-spelled")).to_have_text(await spelled(marie, code))
    done = shown.get_by_role("button", name="Done")
    await expect(done).to_be_focused()
    await expect(done).to_have_accessible_description(re.compile(f"^{await spelled(marie, code)}.* 30.min"))
    await marie.keyboard.press("Enter")
    await expect(shown).to_be_hidden()
    row = marie.get_by_role("complementary", name="Open codes").get_by_role("listitem")
    await expect(row).to_contain_text("Not used yet")
    await post.type_code(code)
    await desk.wire.quiet()
    await expect(row).to_have_count(0)
    await expect(marie.locator("[data-post=p01] .status")).to_have_text("Occupied")


async def spelled(page: Page, code: str) -> str:
    """What the code is to sound like, by its first letters: the words themselves are the catalogue's."""
    words = (await page.locator("#newcode-spelled").inner_text()).split(" · ")
    assert [word[0] for word in words] == list(code)
    return " · ".join(words)


async def test_a_code_of_other_minutes_for_one_post(desk: Desk, marie: Page) -> None:
    await desk.post("p01", "Post 1")
    await expect(marie.locator(".card")).to_have_count(1)
    await marie.get_by_role("button", name="New code").click()
    await marie.get_by_label("Works at").select_option("Post 1")
    await marie.get_by_label("Other, in minutes").fill("50")
    await marie.keyboard.press("Enter")
    await expect(marie.get_by_role("dialog", name="The code")).to_contain_text("Post 1 only")
    await marie.keyboard.press("Escape")
    await marie.locator("#codes .code-main").click()
    await expect(marie.locator("#sheet-facts")).to_contain_text("Works only atPost 1")
    await marie.keyboard.press("Escape")
    await expect(marie.locator("[data-post=p01] .status")).to_have_text("Reserved")
    await marie.get_by_role("button", name="End", exact=False).last.click()
    await expect(marie.locator("[data-post=p01] .status")).to_have_text("Available")
    await marie.get_by_role("button", name="Undo").click()
    await expect(marie.locator("#codes li")).to_contain_text("Suspended")


async def test_the_time_left_in_a_posts_dialog_runs_down_and_knows_of_what_was_added(desk: Desk, marie: Page) -> None:
    """The hub says nothing of what only runs down, and the post has not heard of the addition yet."""
    post = await desk.post("p01", "Post 1")
    await desk.occupied(post, 3600)
    await marie.clock.install()
    await marie.reload()
    await marie.get_by_role("button", name="Post 1", exact=True).click()
    left = marie.locator("#sheet-facts div", has_text="Time left").locator("dd")
    await expect(left).to_have_text("1\u00a0h")
    await marie.clock.fast_forward("10:00")
    await expect(left).to_have_text("50\u00a0min")
    post.deaf = True
    await marie.get_by_role("button", name="+15\u00a0min", exact=True).click()
    await expect(left).to_have_text("1\u00a0h\u00a005")


async def test_start_add_suspend_and_start_again_elsewhere(desk: Desk, marie: Page) -> None:
    await desk.post("p01", "Post 1")
    await desk.post("p02", "Post 2")
    await marie.get_by_role("button", name="15 min: start at Post 1").click()
    card = marie.locator("[data-post=p01]")
    await expect(card.locator(".status")).to_have_text("Occupied")
    await marie.get_by_role("button", name="+15 minutes at Post 1").focus()
    await marie.keyboard.press("Enter")
    await expect(card.locator(".clock")).to_contain_text("29:")
    await expect(marie.locator("#toasts")).to_contain_text("15\u00a0min added at Post 1.")
    await card.get_by_role("button", name="Post 1", exact=True).click()
    await expect(marie.locator("#sheet-facts")).to_contain_text("30\u00a0min")
    await marie.get_by_role("dialog").get_by_role("button", name="Suspend").click()
    await expect(card.locator(".status")).to_have_text("Available")
    row = marie.locator("#codes li")
    await expect(row).to_contain_text("Suspended")
    await row.get_by_role("button").first.click()
    await marie.get_by_label("Start at", exact=True).select_option("Post 2")
    await marie.get_by_role("dialog").get_by_role("button", name="Start", exact=True).click()
    await expect(marie.locator("[data-post=p02] .status")).to_have_text("Occupied")
    await expect(row).to_have_count(0)


async def test_moving_a_running_stay(desk: Desk, marie: Page) -> None:
    first = await desk.post("p01", "Post 1")
    await desk.post("p02", "Post 2")
    await desk.occupied(first, 3600, 1800)
    await marie.get_by_role("button", name="Post 1", exact=True).click()
    await marie.get_by_label("Move to", exact=True).select_option("Post 2")
    await marie.get_by_role("button", name="Move", exact=True).click()
    await expect(marie.locator("[data-post=p01] .status")).to_have_text("Available")
    await expect(marie.locator("[data-post=p02] .status")).to_have_text("Occupied")
    await expect(marie.locator("[data-post=p02] .until")).not_to_be_empty()


async def test_a_hub_that_is_slow_to_answer_is_told_of_where_one_looks(desk: Desk, marie: Page) -> None:
    await desk.post("p01", "Post 1")
    answered = asyncio.Event()

    async def late(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await marie.context.route("**/api/v1/sessions", late)
    await marie.keyboard.press("n")
    dialog = marie.get_by_role("dialog", name="New code")
    await dialog.get_by_role("button", name="15 min").click()
    told = dialog.get_by_role("status").get_by_text("The hub is slow to answer…")
    await expect(told).to_be_visible()
    answered.set()
    await expect(marie.get_by_role("dialog", name="The code")).to_be_visible()
    await expect(told).to_have_count(0)


async def test_an_end_can_be_undone_and_the_stay_goes_on_where_it_was(desk: Desk, marie: Page) -> None:
    post = await desk.post("p01", "Post 1")
    await desk.occupied(post, 3600, 600)
    card = marie.locator("[data-post=p01]")
    await marie.get_by_role("button", name="End the session at Post 1").click()
    await expect(card.locator(".status")).to_have_text("Available")
    await marie.keyboard.press("u")
    await expect(card.locator(".status")).to_have_text("Occupied")
    await expect(card.locator(".clock")).to_contain_text("49:")
    await expect(marie.get_by_role("button", name="Undo")).to_have_count(0)


async def test_an_end_waits_for_the_post_and_so_does_its_undo(desk: Desk, marie: Page) -> None:
    post = await desk.post("p01", "Post 1")
    await desk.occupied(post, 3600)
    post.deaf = True
    card = marie.locator("[data-post=p01]")
    await marie.get_by_role("button", name="End the session at Post 1").click()
    await expect(card).to_contain_text("Ending…")
    await expect(card.locator(".quick button")).to_have_count(0)
    await marie.get_by_role("button", name="Undo").click()
    await expect(marie.locator("#toasts")).to_contain_text("Undoing…")
    await post.listen_again()
    await expect(marie.locator("#toasts")).to_contain_text("Undone: starting again at Post 1.")
    await expect(card.locator(".status")).to_have_text("Occupied")


async def test_a_double_click_on_end_does_not_start_a_new_stay(desk: Desk, marie: Page) -> None:
    post = await desk.post("p01", "Post 1")
    await desk.occupied(post, 3600)
    await marie.get_by_role("button", name="End the session at Post 1").dblclick(delay=20)
    await expect(marie.locator("[data-post=p01] .status")).to_have_text("Available")
    await expect(marie.locator("#codes li")).to_have_count(0)


async def start_late(route: Route, desk: Desk) -> None:
    """Somebody types a code between the click and its arrival."""
    await desk.occupied(desk.wire.posts["p01"], 900)
    await route.continue_()


async def test_two_operators_see_each_others_acts_and_are_told_who_came_late(desk: Desk, visitor: Visitor) -> None:
    await desk.operator("paul")
    first, second = await visitor(), await visitor()
    marie, paul = await first.sign_in(desk, "marie"), await second.sign_in(desk, "paul")
    post = await desk.post("p01", "Post 1")
    await desk.occupied(post, 3600)
    await paul.get_by_role("button", name="Post 1", exact=True).click()
    post.deaf = True
    await marie.get_by_role("button", name="End the session at Post 1").click()
    await expect(paul.locator("[data-post=p01]")).to_contain_text("Ending…")
    await expect(paul.get_by_role("dialog").get_by_role("button", name="Suspend")).to_have_count(0)
    await post.listen_again()
    await paul.keyboard.press("Escape")
    start = paul.get_by_role("button", name="15 min: start at Post 1")
    await expect(start).to_be_visible()
    # Paul's page has not heard yet that somebody has come: the hub says no, and he reads why.
    await paul.context.route("**/start", lambda route: start_late(route, desk))
    await start.click()
    await expect(paul.get_by_role("alert").filter(has_text="That post is in use.")).to_be_visible()
    second.errors.clear()


async def test_a_post_that_does_not_start_is_told_while_it_is_waited_for(desk: Desk, marie: Page) -> None:
    post = await desk.post("p01", "Post 1")
    post.deaf = True
    await marie.get_by_role("button", name="15 min: start at Post 1").click()
    await expect(marie.locator("[data-post=p01]")).to_contain_text("Starting…")
    await post.listen_again()
    await expect(marie.locator("[data-post=p01] .status")).to_have_text("Occupied")
    await expect(marie.locator("[data-post=p01]")).not_to_contain_text("Starting…")


async def test_a_viewer_sees_but_does_not_touch(desk: Desk, visitor: Visitor) -> None:
    await desk.operator("vera", Role.VIEWER)
    post = await desk.post("p01", "Post 1")
    await desk.occupied(post, 3600)
    issued = await desk.issued()
    page = await (await visitor()).sign_in(desk, "vera")
    await expect(page.locator("#codes li")).to_contain_text("Code hidden")
    await expect(page.locator(".quick button")).to_have_count(0)
    await expect(page.get_by_role("button", name="New code")).to_have_count(0)
    await page.get_by_role("button", name="Post 1", exact=True).click()
    await expect(page.locator("#sheet-body button")).to_have_count(0)
    await page.keyboard.press("Escape")
    await page.locator("#codes .code-main").click()
    await expect(page.get_by_role("dialog", name="Code hidden")).to_be_visible()
    assert issued.code not in await page.content()
