"""Posts from their first file to their last day, at a running hub and its broker."""

from __future__ import annotations

import re
import tomllib

import pytest
from playwright.async_api import expect

from tests.browser.room.conftest import Two
from tests.browser.room.guise import GUISES
from tests.browser.room.people import Clerk
from tests.system.looking import lets_in, until

pytestmark = pytest.mark.asyncio(loop_scope="session")
POSTS = 2 * len(GUISES)
"""Two for each: one that was asked to show itself does so for half a minute."""


async def file_of(clerk: Clerk, name: str) -> str:
    """A file of a new post, downloaded."""
    button = clerk.page.get_by_role("button", name=f"{clerk.t('Download')} {name}", exact=True)
    told, text = await clerk.downloads(button)
    assert told == name
    return text


async def test_a_new_post_in_three_steps_new_credentials_and_its_retirement(clerk: Clerk) -> None:
    page, post_id, name = clerk.page, f"new-{clerk.guise.name}", f"Nouveau {clerk.guise.name}"
    room = clerk.room
    await clerk.open("/posts")
    await clerk.link("New post").click()
    await clerk.field("Id").fill(post_id)
    await clerk.field("Name").fill(name)
    await clerk.field("Zone").fill("Étage")
    await clerk.button("On to the hardware").click()
    await page.locator(".profiles").get_by_role("link").nth(1).click()
    await expect(page.locator(".profiles [aria-current=true]")).to_have_count(1)
    drawing = page.locator("img.wiring")
    assert await drawing.evaluate("async one => (await one.decode(), one.naturalWidth)") > 0
    await expect(page.locator("table.wires tbody tr").first).to_be_visible()
    await clerk.button("Add the post and make its files").click()
    told = tomllib.loads(await file_of(clerk, "node.toml"))
    assert told["post"]["id"] == post_id
    assert "[all]" in await file_of(clerk, "poste-config.txt")
    password = told["hub"]["password"]
    assert not [request.url for request in clerk.browsing.requests if password in request.url]
    first = room.account(post_id, password)

    async def known() -> bool:
        return await lets_in(first)

    await until(known, "the broker knows the new post")

    await page.locator(".crumbs").get_by_role("link", name=name).click()
    await expect(clerk.region("What it is")).to_contain_text(clerk.t("not connected"))
    await clerk.field("Name", clerk.page.get_by_role("form", name=clerk.t("Name, zone and notes"))).fill(f"{name} <i>")
    await clerk.button("Save").click()
    await clerk.is_told("Saved.")
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"{name} <i>")
    await clerk.careful("New credentials").click()
    await clerk.button("Make new credentials").click()
    second = room.account(post_id, tomllib.loads(await file_of(clerk, "node.toml"))["hub"]["password"])

    async def only_the_new() -> bool:
        return await lets_in(second) and not await lets_in(first)

    await until(only_the_new, "the new password, and no longer the old one")

    await page.locator(".crumbs").get_by_role("link", name=f"{name} <i>").click()
    await clerk.careful("Retire").click()
    await clerk.button("Retire it").click()
    await expect(page.locator(".page-head")).to_contain_text(clerk.t("Retired"))
    await clerk.open(f"/posts?q={post_id}")
    await expect(page.get_by_role("rowheader")).to_have_count(0)
    await clerk.field("Retired ones").check()
    await clerk.button("Show").click()
    await page.get_by_role("rowheader").get_by_role("link").click()
    await expect(clerk.button("Bring it back")).to_be_visible()


async def test_a_post_is_looked_after_on_its_page(clerk: Clerk, posts: Two) -> None:
    post, _ = posts
    page = clerk.page
    await clerk.open("/posts")
    row = page.locator("tbody tr").filter(has=page.get_by_role("link", name=post.name, exact=True))
    await expect(row).to_contain_text(clerk.t("All well"))
    await row.get_by_role("link").click()
    await expect(clerk.region("What it is")).to_contain_text(clerk.t("connected"))
    await clerk.button("Test it").click()
    await clerk.is_told("The post looks at its parts. What it found is here in a moment.")

    async def found() -> bool:
        await page.reload()
        return bool(await page.locator(".findings li").count())

    await until(found, "the findings of the self-test")
    await clerk.field("Message").fill("Ciao")
    await clerk.field("Shown for").select_option("30 min")
    await clerk.button("Show it").click()
    await clerk.is_told("Sent to the screen.")
    await post.until(lambda now: any("Ciao" in line for line in now["screen"]), "shows the message")
    await clerk.field("Why").fill("neuer Stuhl")
    await clerk.button("Close it to codes").click()
    await expect(page.locator(".page-head")).to_contain_text(clerk.t("Maintenance"))
    await post.until(lambda now: now["phase"] == "maintenance", "is closed")
    await clerk.button("Open it again").click()
    await expect(page.locator(".page-head")).to_contain_text(clerk.t("Available"))
    await post.until(lambda now: now["phase"] == "idle", "is open")
    before = (await post.state())["screen"]
    await clerk.button("Let it blink").click()
    await clerk.is_told("Its screen and LED blink for half a minute.")
    await post.until(lambda now: now["screen"] != before, "blinks")


async def test_a_stay_is_taken_from_a_post_by_force(clerk: Clerk, posts: Two) -> None:
    _, post = posts
    issued = await clerk.room.issue(600)
    await post.redeems(issued["code"])
    await clerk.open(f"/posts/{post.id}")
    await clerk.careful("Release by force").click()
    await clerk.field("Why", clerk.page.locator("details[open]")).fill("verbrannt")
    await clerk.button("Release it").click()
    await expect(clerk.page.locator("#release-reason")).to_have_count(0)
    over = await clerk.room.session(issued)
    assert re.search("ended|suspended|expired", over["status"])
    await post.until(lambda now: now["lease_id"] is None, "hears of it")
