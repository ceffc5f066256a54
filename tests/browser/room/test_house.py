"""What the house decides, and whom it lets in: settings, operators, tokens."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import Locator, expect

from tests.browser.room.conftest import Seat
from tests.browser.room.people import Clerk

pytestmark = pytest.mark.asyncio(loop_scope="session")
POSTS = 1
PASSWORD, ANOTHER = "correct horse battery", "staple and something"


async def other_choice(field: Locator) -> str:
    """A choice of the list that is not made; gives its value."""
    values = await field.locator("option").evaluate_all("all => all.filter(one => !one.selected).map(one => one.value)")
    return str(values[0])


async def test_every_setting_is_saved_told_and_undone(clerk: Clerk) -> None:
    page, room = clerk.page, clerk.room
    before = await room.api("GET", "/settings")
    guess = clerk.region("Can a code be guessed?").locator(".big-figure")
    await clerk.open("/settings")
    await expect(guess).to_contain_text("%")
    texts = {
        "Length of a code": "7",
        "A code is good for": "2 h",
        "Presets of the desk": "10 min, 1 h 10",
        "Opening hours a week": "37",
        "Warnings before the end": "3 min",
        "Grace at the end": "30 s",
        "Text on a free post’s screen": "Ciao",
        "Text below a printed code": "Wi-Fi : lilas\nBuongiorno",
        "Time zone": "Europe/Rome",
        "Days of the journal": "400",
        "Days of sessions": "401",
        "Days of users’ names": "402",
    }
    choices = ("Signs of a code", "What is left when a patron ends", "After a power cut")
    for label, text in texts.items():
        await clerk.field(label).fill(text)
    for label in choices[1:]:
        await clerk.field(label).select_option(await other_choice(clerk.field(label)))
    await clerk.field("Keys ask once more").check()
    await clerk.button("Save").click()
    await clerk.is_told("Saved.")
    for label, text in texts.items():
        await expect(clerk.field(label)).to_have_value(text)
    await expect(clerk.region("What changed last")).to_contain_text(clerk.t("Grace at the end"))
    now = await room.api("GET", "/settings")
    assert (now["grace_s"], now["time_zone"], now["open_hours_a_week"]) == (30, "Europe/Rome", 37)
    assert set(now["presets_s"]) == {600, 4200}

    await clerk.field("Grace at the end").fill("1 h")
    await clerk.field("Signs of a code").select_option(clerk.t("Digits only"))
    await clerk.button("Save").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(clerk.field("Grace at the end")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator('[id="grace_s-about"] strong')).to_have_text(
        clerk.t("A duration of %(longest)s at most.", longest="10 min")
    )
    clerk.browsing.errors.clear()  # the browser tells of the 422, too
    await room.api(
        "PATCH", "/settings", {key: value for key, value in before.items() if key not in {"guessing", "updated_at"}}
    )


async def test_an_operator_comes_rises_forgets_and_goes(clerk: Clerk, seat: Seat) -> None:
    page, name = clerk.page, f"zoé-{clerk.guise.name}"
    await clerk.open("/operators")
    await clerk.field("Name").fill(name)
    await clerk.field("Password").fill("short")
    await clerk.button("Make the account").click()
    await expect(clerk.field("Password")).to_have_attribute("aria-invalid", "true")
    clerk.browsing.errors.clear()  # the browser tells of the 422, too
    await clerk.field("Password").fill(PASSWORD)
    await clerk.button("Make the account").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(name)
    zoe = await seat(name, PASSWORD)
    await zoe.open("/operators")
    await expect(zoe.page.get_by_text(zoe.t("Your account may not do that."))).to_be_visible()
    zoe.browsing.errors.clear()  # the 403

    await clerk.field("Role").select_option(value="admin")
    await clerk.button("Save").click()
    await expect(clerk.region("Account")).to_contain_text(clerk.t("Admin"))
    await zoe.browsing.enter(name, PASSWORD)
    await zoe.open("/operators")
    await expect(zoe.page.get_by_role("rowheader", name=name)).to_be_visible()
    await clerk.field("Password").fill(ANOTHER)
    await clerk.button("Set the password").click()
    await expect(clerk.field("Password")).to_have_value("")
    await zoe.open("/me")
    await expect(zoe.page).to_have_url(f"{zoe.browsing.home}/sign-in?next=/me")
    await zoe.browsing.enter(name, ANOTHER)
    await clerk.careful("Disable").click()
    await clerk.button("Disable it").click()
    await expect(page.locator(".page-head")).to_contain_text(clerk.t("Disabled"))
    await zoe.open("/me")
    await expect(zoe.page).to_have_url(f"{zoe.browsing.home}/sign-in?next=/me")
    await clerk.button("Open the account again").click()
    await expect(page.locator(".page-head")).to_contain_text(clerk.t("Open"))


async def test_a_token_is_shown_once_works_and_is_revoked(clerk: Clerk) -> None:
    page, name = clerk.page, f"home assistant {clerk.guise.name}"
    await clerk.open("/operators")
    await clerk.link("Programs").click()
    await clerk.field("Program").fill(name)
    await clerk.button("Make the token").click()
    secret = await page.locator(".secret").inner_text()
    posts, asked = f"{clerk.browsing.home}/api/v1/posts", {"Authorization": f"Bearer {secret}"}

    async def status() -> int:
        async with aiohttp.ClientSession() as program, program.get(posts, headers=asked) as answer:
            return answer.status

    assert await status() == 200
    await clerk.open("/operators/tokens")
    await expect(page.locator(".secret")).to_have_count(0)
    row = page.locator("tbody tr").filter(has_text=name)
    await row.locator("summary").click()
    await row.get_by_role("button", name=clerk.t("Revoke it")).click()
    await expect(row).to_have_count(0)
    assert await status() == 401
