"""The main job as people do it: the desk in one browser, the patron at a post's page with a real keyboard."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from tests.system.demo_room import DemoRoom
from tests.system.looking import JSON

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def browser() -> AsyncIterator[BrowserContext]:
    """One person's browser, in French."""
    chromium = shutil.which("chromium")
    assert chromium, "the browser tests need Chromium: apt-get install chromium"
    async with async_playwright() as playwright:
        program = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield await program.new_context(locale="fr")
        await program.close()


async def sign_in(browser: BrowserContext, room: DemoRoom) -> Page:
    """The desk's board, live."""
    board = await browser.new_page()
    await board.goto(room.told["panel"])
    await board.get_by_label("Nom").fill(room.told["username"])
    await board.get_by_label("Mot de passe").fill(room.told["password"])
    await board.keyboard.press("Enter")
    await expect(board.locator("#link-word")).to_have_text("En direct")
    return board


def on_screen(text: str) -> Callable[[JSON], bool]:
    """Whether the OLED says that."""
    return lambda state: any(text in line for line in state["screen"])


async def test_a_code_from_the_desk_powers_a_post(browser: BrowserContext, room: DemoRoom) -> None:
    board = await sign_in(browser, room)
    await board.keyboard.press("n")
    await board.get_by_role("button", name="30 min", exact=True).click()
    shown = board.locator("#newcode-code")
    await expect(shown).to_be_visible()
    code = (await shown.inner_text()).replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    assert re.fullmatch("[A-Z2-9]{6}", code)
    room.codes.append(code)
    await board.keyboard.press("Enter")

    post = await browser.new_page()
    await post.goto(room.posts["p01"].url)
    lamps = post.locator("#relays")
    await expect(lamps).to_contain_text("coupé")
    await post.keyboard.type(code.lower())
    await post.keyboard.press("Enter")
    await expect(lamps).not_to_contain_text("coupé")
    card = board.locator("[data-post=p01]")
    await expect(card).to_have_attribute("data-status", "occupied")
    await expect(card).to_contain_text(re.compile(r"29:[0-5][0-9]"))
    await room.posts["p01"].until(on_screen("29:"), "the OLED counts down")

    await card.get_by_role("button", name="5 minutes").first.click()
    await expect(card).to_contain_text(re.compile(r"34:[0-5][0-9]"))
    await room.posts["p01"].until(on_screen("34:"), "the OLED has the time added")

    await post.get_by_role("button", name="Pause").click()
    await expect(lamps).not_to_contain_text("sous tension")
    await expect(card).to_have_attribute("data-status", "available")

    other = await browser.new_page()
    await other.goto(room.posts["p02"].url)
    for sign in code:
        await other.get_by_role("button", name=sign, exact=True).click()
    await other.get_by_role("button", name="Valider").click()
    await expect(other.locator("#relays")).not_to_contain_text("coupé")
    moved = board.locator("[data-post=p02]")
    await expect(moved).to_contain_text(re.compile(r"34:[0-5][0-9]"))
    await moved.get_by_role("button", name="Terminer").click()
    await expect(other.locator("#relays")).not_to_contain_text("sous tension")
    await expect(moved).to_have_attribute("data-status", "available")
