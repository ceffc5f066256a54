"""A day at the board, and what patrons do meanwhile at their posts."""

from __future__ import annotations

import re
from functools import partial

import pytest
from playwright.async_api import Locator, expect

from hub.domain.throttle import TRIES
from tests.browser.room.conftest import Stand, Two
from tests.browser.room.guise import GUISES
from tests.browser.room.people import Clerk
from tests.system.demo_post import Post
from tests.system.looking import until

pytestmark = pytest.mark.asyncio(loop_scope="session")
POSTS = 2 * len(GUISES)
"""Two for each: a patron may call the desk only now and then."""


def card_of(clerk: Clerk, post: Post) -> Locator:
    return clerk.page.locator(f"[data-post={post.id}]")


async def status_is(card: Locator, status: str) -> None:
    await expect(card).to_have_attribute("data-status", status)


async def open_sheet(clerk: Clerk, post: Post) -> Locator:
    """What can be done at a post."""
    await clerk.page.get_by_role("button", name=post.name, exact=True).click()
    sheet = clerk.page.get_by_role("dialog", name=post.name, exact=True)
    await expect(sheet).to_be_visible()
    return sheet


async def refused(clerk: Clerk, post: Post, tries: int) -> bool:
    """Whether so many codes have been refused at a post."""
    told = await clerk.room.api("GET", f"/logs?action=code_refused&post={post.id}")
    return bool(told["total"] == tries)


async def test_a_stay_from_its_code_to_its_end(clerk: Clerk, posts: Two, patron_at: Stand) -> None:
    first, second = posts
    await clerk.open_board()
    await clerk.page.keyboard.press("n")
    await clerk.dialog("New code").get_by_role("button", name="30 min", exact=True).click()
    await expect(clerk.dialog("The code")).to_be_visible()
    code = await clerk.shown_code("#newcode-code")
    await clerk.page.keyboard.press("Enter")
    await expect(clerk.page.get_by_role("dialog")).to_have_count(0)

    patron = await patron_at(first.id)
    await patron.until_dark()
    await patron.types(code)
    await patron.until_lit()
    card = card_of(clerk, first)
    await status_is(card, "occupied")
    await expect(card.locator(".clock")).to_have_text(re.compile("^(30|29):"))
    await clerk.button("+{n} minutes at {post}", n=5, post=first.name).click()
    await expect(card.locator(".clock")).to_have_text(re.compile("^3[45]:"))
    await first.until(lambda now: now["total_s"] == 35 * 60, "has the time added")
    await patron.press("pause")
    await patron.until_dark()
    await status_is(card, "available")
    row = clerk.page.locator("#codes li").filter(has_text=f"{code[:3]}\u00a0{code[3:]}")
    await expect(row).to_contain_text(clerk.t("Suspended"))

    patron = await patron_at(second.id)
    await patron.clicks(code)
    await patron.until_lit()
    moved = card_of(clerk, second)
    await status_is(moved, "occupied")
    await expect(row).to_have_count(0)
    await clerk.button("End the session at {post}", post=second.name).click()
    await patron.until_dark()
    await status_is(moved, "available")
    await clerk.button("Undo").click()
    await patron.until_lit()
    await expect(moved.locator(".clock")).to_have_text(re.compile("^3[345]:"))
    await moved.get_by_role("button", name=second.name, exact=True).focus()
    await clerk.page.keyboard.press("e")
    await patron.until_dark()
    await status_is(moved, "available")


async def test_whoever_calls_is_seen_and_whoever_guesses_is_stopped(clerk: Clerk, posts: Two, patron_at: Stand) -> None:
    caller, guesser = posts
    await clerk.open_board()
    await (await patron_at(caller.id)).press("help")
    card = card_of(clerk, caller)
    await expect(card).to_have_attribute("data-calling", "")
    call = clerk.page.get_by_role("alert").get_by_text(clerk.t("{post} is calling the desk.", post=caller.name))
    await expect(call).to_be_visible()
    await clerk.button("On my way to {post}", post=caller.name).click()
    await expect(card).not_to_have_attribute("data-calling", "")
    await expect(call).to_have_count(0)

    locked = card_of(clerk, guesser)
    for tries in range(1, TRIES):
        await guesser.keys("XXXXXX\n")
        await until(partial(refused, clerk, guesser, tries), "the refusal")
        await guesser.until(lambda now: now["phase"] != "checking", "has heard it")
    await guesser.keys("XXXXXX\n")
    await guesser.until(lambda now: now["phase"] == "locked_out", "is locked")
    await expect(locked).to_contain_text(clerk.t("Locked: too many wrong codes"))
    await clerk.button("Unlock {post}", post=guesser.name).click()
    await guesser.until(lambda now: now["phase"] == "idle", "takes codes again")
    await expect(locked).not_to_contain_text(clerk.t("Locked: too many wrong codes"))


async def test_a_post_is_told_found_closed_and_opened(clerk: Clerk, posts: Two) -> None:
    post, _ = posts
    await clerk.open_board()
    await card_of(clerk, post).get_by_role("button", name=post.name, exact=True).focus()
    await clerk.page.keyboard.press("m")
    await clerk.page.keyboard.type("Ciao a tutti")
    await clerk.button("Send").click()
    await post.until(lambda now: any("Ciao a tutti" in line for line in now["screen"]), "shows the message")
    sheet = await open_sheet(clerk, post)
    before = (await post.state())["screen"]
    await clerk.button("Let it blink").click()
    await post.until(lambda now: now["screen"] != before, "blinks")
    await clerk.field("Reason", sheet).fill("souris <b>cassée</b>")
    await clerk.field("Power for staff", sheet).select_option("2 h")
    await (
        sheet.get_by_role("group", name=clerk.t("Close for maintenance"))
        .get_by_role("button", name=clerk.t("Close the post"))
        .click()
    )
    card = card_of(clerk, post)
    await status_is(card, "maintenance")
    await expect(card).to_contain_text("souris <b>cassée</b>")
    await expect(card).to_contain_text(clerk.t("Power for staff until {hour}", hour=""))
    await post.until(lambda now: now["relays"]["display"] == "on", "has power for staff")
    await clerk.button("Open {post} again", post=post.name).click()
    await status_is(card, "available")
    await post.until(lambda now: now["relays"]["display"] == "off", "is dark")


async def test_the_board_by_keys_and_filters(clerk: Clerk, posts: Two) -> None:
    post, other = posts
    page = clerk.page
    await clerk.open_board()
    await expect(page.locator(".card")).to_have_count(8)
    here = page.get_by_role("button", name=post.name, exact=True)
    await here.focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("button", name=other.name, exact=True)).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name=post.name, exact=True)
    await sheet.get_by_role("button", name="15 min", exact=True).click()
    await status_is(card_of(clerk, post), "occupied")
    await expect(here).to_be_focused()
    await page.keyboard.press("+")
    await expect(card_of(clerk, post).locator(".clock")).to_have_text(re.compile("^(30|29):"))
    await page.keyboard.press("/")
    await page.keyboard.type(post.id)
    await expect(page.locator(".card:visible")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.locator(".card:visible")).to_have_count(8)
    await clerk.field("Status").select_option(clerk.t("Occupied"))
    await expect(page.locator(".card:visible")).to_have_count(1)
    await here.focus()
    await page.keyboard.press("p")
    await expect(page.get_by_text(clerk.t("No post matches the filter."))).to_be_visible()
    await clerk.field("Status").select_option("")
    await clerk.button("Compact").click()
    await expect(page.locator(".quick:not(.care):visible")).to_have_count(0)
    await clerk.button("Compact").click()
    await page.locator("#board").focus()
    await page.keyboard.press("?")
    keys = clerk.dialog("Keyboard shortcuts")
    await expect(keys).to_contain_text(clerk.t("undo the last end"))
    await keys.get_by_role("button", name=clerk.t("Close")).click()
    await expect(keys).to_be_hidden()
