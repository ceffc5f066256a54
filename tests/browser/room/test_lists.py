"""Sessions, users, journal and statistics: found, sorted, opened, downloaded."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.room.conftest import Two
from tests.browser.room.people import Clerk

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_session_and_its_life(clerk: Clerk, posts: Two) -> None:
    post, other = posts
    note = f"life of {clerk.guise.name}"
    page, room = clerk.page, clerk.room
    issued = await room.issue(3600, notes=note)
    await post.redeems(issued["code"])
    await clerk.open("/sessions")
    await clerk.field("Notes, name or number").fill(note)
    await clerk.field("Status").select_option(clerk.t("Running"))
    await clerk.button("Show").click()
    await expect(page).to_have_url(re.compile(r"q=life\+of.*status=active"))
    await expect(page.locator("tbody tr")).to_have_count(1)
    name, text = await clerk.downloads(clerk.link("CSV"))
    assert name == "sessions.csv"
    assert note in text
    await page.get_by_role("rowheader").get_by_role("link").click()
    await clerk.field("Minutes to add").fill("10")
    await clerk.button("Add").click()
    await clerk.is_told("Done.")
    await post.until(lambda now: now["total_s"] == 70 * 60, "has the time added")
    await clerk.field("Move to").select_option(other.name)
    await clerk.button("Move").click()
    await clerk.is_told("The session is on its way to the other post.")
    await room.until_session(issued, lambda now: (now["status"], now["post_id"]) == ("active", other.id), "went on")
    await page.reload()
    await clerk.button("Suspend").click()
    await clerk.is_told("Done.")
    await room.until_session(issued, lambda now: now["status"] == "suspended", "suspended")
    await page.reload()
    await expect(page.locator(".page-head")).to_contain_text(clerk.t("Suspended"))
    await clerk.careful("End").click()
    await clerk.button("End it").click()
    await clerk.button("Undo the end").click()
    await clerk.is_told("The end is undone.")
    await clerk.field("Notes").fill(f"{note}, told")
    await clerk.button("Save").click()
    await clerk.is_told("Saved.")
    here, there = post.name, other.name
    life = clerk.region("Its life")
    for sentence in (
        clerk.t("A code for %(time)s was issued.", time="1 h"),
        clerk.t("The session began at %(post)s, with %(time)s.", post=here, time="1 h"),
        clerk.t("%(time)s were added at %(post)s.", post=here, time="10 min"),
        clerk.t("The session was sent to %(post)s.", post=there),
        clerk.t("The end was undone: the rest of the time can be used again."),
        clerk.t("Changed: %(what)s.", what=clerk.t("notes")),
    ):
        await expect(life).to_contain_text(sentence)
    told = await life.get_by_role("listitem").count()
    await clerk.link("In the journal").click()
    await expect(page.locator("tbody tr")).to_have_count(told)


async def test_lists_are_sorted_and_paged_by_their_address(clerk: Clerk) -> None:
    page = clerk.page
    await clerk.room.api("POST", "/sessions", {"duration_s": 900, "count": 60, "category": clerk.guise.name})
    await clerk.open(f"/sessions?category={clerk.guise.name}")
    pager, first = page.locator(".pager"), await page.get_by_role("rowheader").first.inner_text()
    await expect(pager).to_contain_text(clerk.tn("%(n)s entry", "%(n)s entries", 60))
    await clerk.link("Next").click()
    await expect(page).to_have_url(re.compile("page=2"))
    await expect(pager).to_contain_text(clerk.t("page %(page)s of %(last)s", page=2, last=2))
    await clerk.link("Previous").click()
    await expect(page.get_by_role("rowheader").first).to_have_text(first)
    heading = page.get_by_role("columnheader").get_by_role("link").first
    await heading.click()
    await expect(page.locator("th[aria-sort]")).to_have_count(1)
    await page.go_back()
    await expect(page.locator("th[aria-sort]")).to_have_count(0)
    await clerk.link("All").click()
    await expect(page).to_have_url(f"{clerk.browsing.home}/sessions")


async def test_a_user_from_registration_to_oblivion(clerk: Clerk) -> None:
    page, name, card = clerk.page, f"Grace {clerk.guise.name}", f"C-{clerk.guise.name}"
    await clerk.open("/users")
    await clerk.link("New user").click()
    await clerk.field("Name").fill(name)
    await clerk.field("Card number").fill(card)
    await clerk.field("Contact").fill("=HYPERLINK(1)")
    await clerk.field("Minutes a day").fill("90")
    await clerk.button("Register").dblclick()
    await expect(page.get_by_role("heading", level=1)).to_have_text(name)
    await expect(clerk.region("Quota")).to_contain_text("1 h 30")
    await clerk.link("Edit").click()
    await clerk.field("Minutes a week").fill("120")
    await clerk.button("Save").click()
    await clerk.is_told("Saved.")
    await expect(clerk.region("Quota")).to_contain_text("2 h")
    await clerk.button("Block").click()
    await clerk.is_told("This user is blocked: codes are no longer issued for them.")
    await clerk.button("Unblock").click()
    await clerk.is_told("This user is no longer blocked.")
    await page.locator(".crumbs").get_by_role("link").click()
    await clerk.field("Name, card, contact or notes").fill(card.lower())
    await clerk.button("Show").click()
    await expect(page.get_by_role("rowheader")).to_have_count(1)
    _, text = await clerk.downloads(clerk.link("CSV"))
    assert "'=HYPERLINK(1)" in text, "no formula for a spreadsheet"
    await page.get_by_role("link", name=name).click()
    await clerk.careful("Anonymise").click()
    await expect(page.locator(".question").first).to_contain_text(clerk.t("the card number: %(card)s", card=card))
    await clerk.button("Anonymise for good").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(clerk.t("(anonymised)"))
    await expect(page.get_by_role("main")).not_to_contain_text(name)


async def test_the_journal_and_what_it_counts(clerk: Clerk, posts: Two) -> None:
    post, _ = posts
    issued = await clerk.room.issue(600, category=f"kind {clerk.guise.name}")
    await post.redeems(issued["code"])
    await post.keys("{end}{end}")
    await clerk.room.until_session(issued, lambda now: now["status"] == "suspended", "banked")
    page = clerk.page
    await clerk.open("/journal")
    await clerk.field("Post").select_option(post.name)
    await clerk.field("What").select_option(clerk.t("Session started"))
    await clerk.button("Show").click()
    rows = page.locator("tbody tr")
    await expect(rows.first).to_contain_text(post.name)
    _, text = await clerk.downloads(clerk.link("CSV"))
    assert len(text.splitlines()) == 1 + await rows.count()
    await clerk.open("/journal?since=x")
    await expect(page.get_by_role("alert")).to_be_visible()

    await clerk.open("/statistics")
    await clerk.link("Today").click()
    await expect(page.locator("#posts")).to_contain_text(post.name)
    await expect(page.locator("#categories")).to_contain_text(f"kind {clerk.guise.name}")
    await expect(page.locator(".plot canvas").first).to_be_visible()
    for table, plots in (("#periods", 2), ("#posts", 1)):
        await expect(page.locator(table)).to_be_visible()
        await expect(page.locator(f"[data-table={table[1:]}] canvas")).to_have_count(plots)
    day = await clerk.field("To").input_value()
    await clerk.field("From").fill("2020-01-01")
    await clerk.button("Show").click()
    await expect(page).to_have_url(re.compile(f"from=2020-01-01&to={day}"))
    name, text = await clerk.downloads(clerk.region("Post by post").get_by_role("link", name="CSV"))
    assert name == "posts.csv"
    assert f"\n{post.id}," in text
