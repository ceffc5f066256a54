"""Coming in and going out."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from hub.domain.accounts import SIGN_INS
from hub.usecases.accounts.sealed import seal
from tests.browser.conftest import Visitor
from tests.browser.desk import PASSWORD, Desk
from tests.browser.test_quality import breaches

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_empty_hub_says_which_command_makes_the_first_admin(empty: Desk, visitor: Visitor) -> None:
    page = (await visitor()).page
    await page.goto(f"{empty.url}/sign-in")
    await expect(page.get_by_text("poste-hub operator add NAME --role admin --password-stdin")).to_be_visible()
    await empty.operator("marie")
    await page.reload()
    await expect(page.get_by_text("poste-hub operator add")).to_have_count(0)


async def test_the_right_password_leads_to_the_board(desk: Desk, visitor: Visitor) -> None:
    page = (await visitor()).page
    await page.goto(f"{desk.url}/sign-in")
    await expect(page.locator("#username")).to_be_focused()
    await page.keyboard.type("marie")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{desk.url}/")
    await expect(page.get_by_role("heading", name="Board")).to_be_visible()
    await page.goto(f"{desk.url}/sign-in")
    await expect(page).to_have_url(f"{desk.url}/")


async def test_a_second_factor_is_asked_for_and_axe_finds_nothing(desk: Desk, visitor: Visitor) -> None:
    marie = await desk.context.accounts.operator_named("marie")
    assert marie is not None
    secret, mint = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", desk.room.mint
    sealed = seal(mint, "totp", secret)
    await desk.context.factors.offer(marie.id, sealed)
    assert await desk.context.factors.turn_on(marie.id, sealed, 1, [mint.hash_code("recovery\nABCDE23456")])
    page = (await visitor()).page
    await page.goto(f"{desk.url}/sign-in")
    await page.get_by_label("Name").fill("marie")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Code from your authenticator app")).to_be_focused()
    assert await breaches(page) == []
    await page.keyboard.type("abcde-23456")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Board")).to_be_visible()


async def test_a_sign_in_that_is_over_is_noticed_and_explained(desk: Desk, visitor: Visitor) -> None:
    visit = await visitor()
    page = await visit.sign_in(desk, "marie")
    marie = await desk.context.accounts.operator_named("marie")
    assert marie is not None
    await desk.close()
    async with desk.context.room.store.transaction() as tx:
        await tx.revoke_tokens(marie.id, SIGN_INS)
    await desk.open()
    await expect(page.get_by_text("You were signed out")).to_be_visible(timeout=10_000)
    visit.errors.clear()


async def test_the_language_follows_the_browser_and_then_the_choice(desk: Desk, visitor: Visitor) -> None:
    page = (await visitor(locale="fr-FR")).page
    await page.goto(f"{desk.url}/sign-in")
    await expect(page.get_by_role("heading", name="Connexion")).to_be_visible()
    await page.get_by_role("link", name="en").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
