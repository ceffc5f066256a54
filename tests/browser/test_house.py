"""Settings, operators, tokens and one's own account, in a browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from hub.domain.accounts import Role
from hub.domain.totp import code_of, step_at
from tests.browser.conftest import Visitor
from tests.browser.desk import PASSWORD, Desk
from tests.browser.test_quality import breaches

pytestmark = pytest.mark.asyncio(loop_scope="session")
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.mark.parametrize(("theme", "size", "locale"), [("light", DESKTOP, "en"), ("dark", PHONE, "fr")])
async def test_axe_finds_nothing_and_nothing_runs_out_of_the_window(
    theme: str, size: dict[str, int], locale: str, desk: Desk, visitor: Visitor
) -> None:
    await desk.operator("ada", Role.ADMIN)
    await desk.operator("vera", Role.VIEWER)
    visit = await visitor(color_scheme=theme, viewport=size, locale=locale)
    page = await visit.open(desk, "ada", "/settings")

    async def is_sound() -> None:
        assert await breaches(page) == [], page.url
        assert await page.evaluate("() => document.documentElement.scrollWidth") <= size["width"], page.url

    await is_sound()
    for path in ("/operators", "/operators/1", "/operators/2", "/operators/tokens", "/me"):
        await page.goto(f"{desk.url}{path}")
        await page.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")
        await is_sound()
    await page.locator("#on-password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator(".qr-frame")).to_be_visible()
    await is_sound()
    secret = (await page.locator(".secret").inner_text()).replace(" ", "")
    await page.locator("#code").fill(code_of(secret, step_at(desk.room.clock.now())))
    await page.keyboard.press("Enter")
    await expect(page.locator(".recovery li")).to_have_count(10)
    await is_sound()
    await page.goto(f"{desk.url}/nowhere")
    await is_sound()
    assert len(visit.errors) == 1, "Chromium itself reports the 404"
    visit.errors.clear()


async def save(page: Page, field: str, text: str, button: str) -> None:
    await page.locator(f'[name="{field}"]').fill(text)
    await page.get_by_role("button", name=button).click()


async def test_two_admins_at_once_lose_nothing(desk: Desk, visitor: Visitor) -> None:
    for name in ("ada", "bea"):
        await desk.operator(name, Role.ADMIN)
    first, second = await visitor(), await visitor()
    ada, bea = await first.open(desk, "ada", "/settings"), await second.open(desk, "bea", "/settings")
    await save(ada, "grace_s", "2 min", "Save")
    await expect(ada.get_by_role("status")).to_have_text("Saved.")
    await save(bea, "idle_text", "Bienvenue", "Save")
    await expect(bea.get_by_role("alert")).to_contain_text("Somebody else has changed this meanwhile")
    await expect(bea.locator('[name="idle_text"]')).to_have_value("Bienvenue")
    await expect(bea.get_by_text("Now: 2 min")).to_be_visible()
    second.errors.clear()
    await save(bea, "grace_s", "2 min", "Save")
    await expect(bea.get_by_role("status")).to_have_text("Saved.")
