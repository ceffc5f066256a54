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


@pytest.mark.parametrize(
    ("locale", "size", "button", "saved", "wrong"),
    [
        ("en", DESKTOP, "Save", "Saved.", "A duration of 10 min at most."),
        ("fr", PHONE, "Enregistrer", "Enregistré.", "Une durée de 10 min au plus."),
    ],
)
async def test_a_mistake_is_told_beside_its_field_and_then_saved(
    locale: str, size: dict[str, int], button: str, saved: str, wrong: str, desk: Desk, visitor: Visitor
) -> None:
    await desk.operator("ada", Role.ADMIN)
    visit = await visitor(locale=locale, viewport=size)
    page = await visit.open(desk, "ada", "/settings")
    await save(page, "grace_s", "1 h", button)
    await expect(page.locator('[id="grace_s-about"] strong')).to_have_text(wrong)
    await expect(page.locator('[name="grace_s"]')).to_have_value("1 h")
    assert len(visit.errors) == 1, "Chromium itself reports the 422"
    visit.errors.clear()
    await save(page, "grace_s", "2 min", button)
    await expect(page.get_by_role("status")).to_have_text(saved)
    await expect(page.locator('[name="grace_s"]')).to_have_value("2 min")
    await expect(page.locator(".timeline")).to_contain_text("1 min → 2 min")
    async with desk.room.store.transaction() as tx:
        assert (await tx.house()).grace_s == 120


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


async def test_an_account_is_made_used_and_shut(desk: Desk, visitor: Visitor) -> None:
    await desk.operator("ada", Role.ADMIN)
    page = await (await visitor()).open(desk, "ada", "/operators")
    await page.get_by_label("Name").fill("zoé")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Make the account").click()
    await expect(page.get_by_role("heading", name="zoé")).to_be_visible()
    other = await (await visitor()).open(desk, "zoé", "/me")
    await expect(other.get_by_role("heading", name="My account")).to_be_visible()
    await page.get_by_text("Disable", exact=True).click()
    await page.get_by_role("button", name="Disable it").click()
    await expect(page.get_by_text("Disabled")).to_be_visible()
    await other.reload()
    await expect(other).to_have_url(f"{desk.url}/sign-in?next=/me")


async def test_a_token_is_shown_once_and_revoked(desk: Desk, visitor: Visitor) -> None:
    await desk.operator("ada", Role.ADMIN)
    page = await (await visitor()).open(desk, "ada", "/operators/tokens")
    await page.get_by_label("Program").fill("home assistant")
    await page.get_by_role("button", name="Make the token").click()
    await expect(page.locator(".secret")).to_be_visible()
    await page.goto(f"{desk.url}/operators/tokens")
    await expect(page.locator(".secret")).to_have_count(0)
    await page.get_by_text("Revoke", exact=True).last.click()
    await page.get_by_role("button", name="Revoke it").click()
    await expect(page.get_by_text("No program has a token yet.")).to_be_visible()


async def test_the_page_that_was_asked_for_comes_after_the_sign_in(desk: Desk, visitor: Visitor) -> None:
    page = (await visitor()).page
    await page.goto(f"{desk.url}/journal?action=error")
    await page.get_by_role("link", name="fr").click()
    await page.get_by_label("Nom").fill("marie")
    await page.get_by_label("Mot de passe").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{desk.url}/journal?action=error")
