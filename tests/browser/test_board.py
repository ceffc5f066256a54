"""What the board shows, and how it keeps up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from hub.usecases.issue import IssueOrder, issue
from hub.usecases.maintenance import maintenance_on
from hub.usecases.posts import PostChange, edit_post, remove_post
from hub.wire.terms import Phase
from tests.browser.conftest import Visitor
from tests.browser.desk import BY, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")
IN_SIGHT = """(selector) => {
  const [one, box] = [document.querySelector(selector), document.querySelector(selector).getBoundingClientRect()];
  return one.contains(document.elementFromPoint(box.left + 40, box.top + box.height / 2));
}"""


async def test_posts_stand_in_their_zones_with_status_and_time(desk: Desk, marie: Page) -> None:
    await expect(marie.get_by_text("There is no post yet")).to_be_visible()
    for number in (10, 2):
        await desk.post(f"h{number}", f"Post {number}", "Hall")
    upstairs = await desk.post("u1", "Corner", "Upstairs")
    await desk.occupied(upstairs, 3600, 600)
    hall = marie.get_by_role("region", name="Hall")
    await expect(hall.get_by_role("heading", level=3)).to_have_text(["Post 2", "Post 10"])
    await expect(hall.locator(".status").first).to_have_text("Available")
    corner = marie.locator("[data-post=u1]")
    await expect(corner.locator(".status")).to_have_text("Occupied")
    await expect(corner.locator(".clock")).to_have_text("49:58")  # two seconds on: it runs down by itself
    await expect(marie.locator("#count")).to_have_text("2 posts free · 1 occupied")


async def test_changes_arrive_live_and_are_read_out_without_the_clock(desk: Desk, marie: Page) -> None:
    post = await desk.post("p01", "Post 1")
    card = marie.locator("[data-post=p01]")
    await expect(card.locator(".status")).to_have_text("Available")
    await post.report(phase=Phase.CHECKING)
    await expect(card).to_contain_text("Checking the code…")
    await desk.occupied(post, 1800)
    await expect(card.locator(".status")).to_have_text("Occupied")
    await expect(marie.locator("#news")).to_have_text("Post 1: Occupied")
    await post.report(phase=Phase.GRACE, remaining_s=0, grace_left_s=50)
    await expect(card).to_contain_text("Time is up: saving work")
    await expect(card.locator(".clock")).to_have_text("")
    await post.report(faults=("keypad", "relay:display"))
    await expect(card).to_contain_text("Keypad unplugged")
    await expect(card).to_contain_text("Power switch does not follow (display)")
    await post.report(online=False)
    await expect(card.locator(".status")).to_have_text("Offline")
    await expect(card).to_contain_text("Counts on by itself")


async def test_maintenance_reservation_and_a_lockout_are_told(desk: Desk, marie: Page) -> None:
    await desk.post("p01", "Post 1")
    await maintenance_on(desk.room, "p01", BY, reason="new screen")
    await expect(marie.locator("[data-post=p01]")).to_contain_text("new screen")
    await desk.post("p02", "Post 2")
    issued = await desk.issued(3600, "p02")
    await expect(marie.locator("[data-post=p02] .status")).to_have_text("Reserved")
    await expect(marie.locator("[data-post=p02]")).to_contain_text(issued.code[:3])
    locked = await desk.post("p03", "Post 3")
    await locked.report(phase=Phase.LOCKED_OUT, retry_after_s=30)
    await expect(marie.locator("[data-post=p03]")).to_contain_text("Locked: too many wrong codes")


async def test_the_focus_stays_while_everything_around_it_changes(desk: Desk, marie: Page) -> None:
    first, second = await desk.post("p01", "Post 1"), await desk.post("p02", "Post 2")
    button = marie.get_by_role("button", name="30 min: start at Post 1")
    await button.focus()
    await desk.occupied(second, 1800)
    await first.report()
    await expect(marie.locator("[data-post=p02] .status")).to_have_text("Occupied")
    await expect(button).to_be_focused()
    await desk.occupied(first, 1800)
    await expect(marie.locator("[data-post=p01] .status")).to_have_text("Occupied")
    await expect(marie.get_by_role("button", name="Post 1", exact=True)).to_be_focused()


async def test_arrows_walk_the_board_and_the_filter_narrows_it(desk: Desk, marie: Page) -> None:
    for number in range(1, 6):
        await desk.post(f"p{number}", f"Post {number}")
    await expect(marie.locator(".card")).to_have_count(5)
    await marie.get_by_role("button", name="Post 1", exact=True).focus()
    for key, there in (("ArrowRight", 2), ("End", 5), ("ArrowLeft", 4), ("Home", 1), ("ArrowDown", 4), ("ArrowUp", 1)):
        await marie.keyboard.press(key)
        await expect(marie.get_by_role("button", name=f"Post {there}", exact=True)).to_be_focused()
    await marie.keyboard.press("Enter")
    await expect(marie.get_by_role("dialog", name="Post 1")).to_be_visible()
    await marie.keyboard.press("Escape")
    await expect(marie.get_by_role("button", name="Post 1", exact=True)).to_be_focused()
    await marie.keyboard.press("/")
    await marie.keyboard.type("post 3")
    await expect(marie.locator(".card:visible")).to_have_count(1)
    await marie.keyboard.press("Escape")
    await expect(marie.locator(".card:visible")).to_have_count(5)
    await expect(marie.get_by_role("button", name="Post 3", exact=True)).to_be_focused()
    await marie.keyboard.press("?")
    await expect(marie.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


async def test_a_post_that_leaves_the_room_leaves_the_board(desk: Desk, marie: Page) -> None:
    first, _ = await desk.post("p01", "Post 1"), await desk.post("p02", "Post 2")
    await first.call()
    await expect(marie.locator(".toast")).to_contain_text("Post 1 is calling the desk.")
    await marie.get_by_role("button", name="Post 1", exact=True).focus()
    await edit_post(desk.room, "p01", PostChange(retired=True), BY)
    await expect(marie.locator(".card")).to_have_count(1)
    await expect(marie.locator("#count")).to_have_text("1 post free · 0 occupied")
    await expect(marie.locator(".toast")).to_have_count(0)
    await expect(marie.get_by_role("button", name="Post 2", exact=True)).to_be_focused()
    await remove_post(desk.room, "p02", BY)
    await expect(marie.get_by_text("There is no post yet")).to_be_visible()


async def test_a_lost_connection_is_told_at_once_and_heals_by_itself(desk: Desk, visitor: Visitor) -> None:
    visit = await visitor(viewport={"width": 1280, "height": 500})
    page = await visit.sign_in(desk, "marie")
    post = await desk.post("p01", "Post 1")
    for number in range(2, 9):
        await desk.post(f"p0{number}", f"Post {number}", online=False)
    await expect(page.locator(".card")).to_have_count(8)
    await page.evaluate("scrollTo(0, 300)")
    await desk.close()
    await expect(page.get_by_role("alert").filter(has_text="No connection to the hub")).to_be_visible(timeout=1_500)
    assert await page.evaluate(IN_SIGHT, "#lost"), "wherever one has scrolled to"
    await expect(page.locator("#link-word")).to_have_text("Connection lost")
    await desk.occupied(post, 1800)
    await desk.open()
    await expect(page.locator("#link-word")).to_have_text("Live", timeout=10_000)
    await expect(page.locator("#lost")).to_be_hidden()
    await expect(page.locator("[data-post=p01] .status")).to_have_text("Occupied")
    visit.errors.clear()


async def test_texts_from_people_are_never_markup(desk: Desk, marie: Page) -> None:
    nasty = "<img src=x onerror=document.title='owned'>"
    await desk.post("p01", f"One {nasty}", f"Zone {nasty}")
    await maintenance_on(desk.room, "p01", BY, reason=f"Why {nasty}")
    post = await desk.post("p02", f"Two {nasty}")
    await desk.occupied(post, 900)
    await expect(marie.locator("[data-post=p01]")).to_contain_text(f"Why {nasty}")
    await marie.get_by_role("button", name=f"Two {nasty}", exact=True).click()
    await expect(marie.get_by_role("dialog")).to_contain_text(nasty)
    await marie.reload()
    await expect(marie.locator(".card")).to_have_count(2)
    assert await marie.title() == "Board – Poste Public"
    assert await marie.locator("img").count() == 0


async def test_posts_of_no_zone_come_last_and_a_day_far_off_has_its_date(desk: Desk, visitor: Visitor) -> None:
    await desk.post("p01", "Post 1")
    page = await (await visitor()).sign_in(desk, "marie")
    titles = page.locator("#board h2")
    await expect(titles).to_have_text(["Posts"])
    await desk.post("p02", "Post 2", "Hall")
    await expect(titles).to_have_text(["Hall", "Other posts"])
    until = datetime.now(UTC) + timedelta(days=9)
    await issue(desk.room, IssueOrder(3600, valid_until=until), BY)
    day = until.astimezone(ZoneInfo("Europe/Paris"))
    await expect(page.locator("#codes .about")).to_contain_text(f"until {day.day} {day:%b}")


async def test_a_code_on_a_ticket_is_found_wherever_it_is(desk: Desk, marie: Page) -> None:
    posts = [await desk.post(f"p0{number}", f"Post {number}") for number in (1, 2, 3)]
    kept, running, waiting = await desk.issued(900, "p02"), await desk.occupied(posts[0], 1800), await desk.issued(600)
    await expect(marie.locator("#codes li")).to_have_count(2)
    for code, found in ((running.code, ["Post 1"]), (kept.code, ["Post 2"]), (waiting.code, [])):
        await marie.keyboard.press("/")
        await marie.keyboard.type(f"{code[:3]} {code[3:]}".lower())
        await expect(marie.locator(".card:visible .card-title")).to_have_text(found)
        await expect(marie.locator("#codes li:visible")).to_have_count(0 if code == running.code else 1)
        await expect(marie.locator("#codes-count")).to_have_text("0 / 2" if code == running.code else "1 / 2")
        await marie.keyboard.press("Escape")
