"""Codes for now and for later, for one and for many; on the screen, on paper, and void again."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from hub.domain.house import House
from tests.browser.room.conftest import Stand, Two
from tests.browser.room.people import Clerk

pytestmark = pytest.mark.asyncio(loop_scope="session")
PAPER = {"a6": "A6 sheet", "80mm": "80 mm roll"}


def local(hours: int) -> str:
    """So many hours from now, as a field has it on the house's clock."""
    at = datetime.now(ZoneInfo(House().time_zone)) + timedelta(hours=hours)
    return at.strftime("%Y-%m-%dT%H:%M")


async def test_a_code_for_somebody_somewhere_some_time(clerk: Clerk, posts: Two) -> None:
    """With all that a code can have; copied, printed on both papers in both languages, reprinted, and made void."""
    post, _ = posts
    name = f"Zoë {clerk.guise.name}"
    await clerk.room.api("POST", "/users", {"display_name": name, "card_number": clerk.guise.name})
    page = clerk.page
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await clerk.open("/codes/new")
    await clerk.field("Other, in minutes").fill("50")
    await expect(page.get_by_role("radio", name=clerk.t("Other"), exact=True)).to_be_checked()
    await clerk.field("Name or card number").fill(clerk.guise.name)
    await page.get_by_role("radio", name=re.compile(f"^{name}")).check()
    await clerk.field("Category").fill("student")
    await clerk.field("Works at").select_option(post.name)
    await clerk.field("Valid from").fill(local(1))
    await clerk.field("Valid until").fill(local(30))
    await clerk.field("Ending at the keypad").select_option(clerk.t("gives up the rest"))
    await clerk.field("Notes").fill("<b>devoirs</b>")
    await clerk.button("Give code").click()
    code = await clerk.shown_code("#code")
    about = page.locator(".issued")
    await expect(about).to_contain_text(name)
    await expect(about).to_contain_text("50 min")
    spelled = (await page.locator(".spelled").inner_text()).split(" · ")
    assert [word[0] for word in spelled] == list(code)
    await clerk.button("Copy").click()
    await expect(page.locator("[data-copied]")).not_to_be_empty()
    assert await page.evaluate("() => navigator.clipboard.readText()") == code

    await clerk.link("Its session").click()
    await expect(page.locator("dd.lines, textarea").first).to_have_value("<b>devoirs</b>")
    await clerk.link("Ticket").click()
    for paper in PAPER.values():
        await clerk.link(paper).click()
        for language, word in (("English", "Your code"), ("Français", "Votre code")):
            await page.get_by_role("link", name=language, exact=True).click()
            ticket = page.get_by_role("article", name=word)
            await expect(ticket).to_contain_text(f"{code[:3]}\u00a0{code[3:]}")
            await expect(ticket).to_contain_text(post.name)
            await expect(ticket.locator("svg")).to_be_visible()
    await clerk.link("Back").click()
    await clerk.careful("Withdraw for good").click()
    await clerk.button("Withdraw it").click()
    await expect(page.get_by_role("main")).not_to_contain_text(" · ".join(spelled))
    await expect(page.locator(".page-head")).to_contain_text(clerk.t("Ended"))


async def test_a_preset_and_a_batch(clerk: Clerk, posts: Two, patron_at: Stand) -> None:
    post, _ = posts
    page = clerk.page
    await clerk.open("/codes/new")
    await page.get_by_role("radio", name="1 h", exact=True).check(force=True)
    await clerk.field("How many codes").fill("3")
    await clerk.button("Give code").dblclick()
    rows = page.get_by_role("rowheader")
    await expect(rows).to_have_count(3)
    codes = [re.sub(r"\s", "", text) for text in await rows.all_inner_texts()]
    clerk.room.codes += codes
    assert len(set(codes)) == 3
    await clerk.link("Print on an 80 mm roll").click()
    await expect(page.locator(".ticket")).to_have_count(3)
    for ticket in await page.locator(".ticket").all():
        await expect(ticket).to_contain_text("1 h")
    patron = await patron_at(post.id)
    await patron.types(codes[2])
    await patron.until_lit()
    await patron.press("end")
    await patron.press("end")
    await patron.until_dark()


async def test_a_wrong_wish_is_told_beside_its_field(clerk: Clerk) -> None:
    page = clerk.page
    await clerk.open("/codes/new")
    await clerk.field("Valid from").fill(local(5))
    await clerk.field("Valid until").fill(local(2))
    await clerk.field("Notes").fill("stays")
    await clerk.button("Give code").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(clerk.field("Valid until")).to_have_attribute("aria-invalid", "true")
    await expect(clerk.field("Notes")).to_have_value("stays")
    clerk.browsing.errors.clear()  # the browser tells of the 422, too
