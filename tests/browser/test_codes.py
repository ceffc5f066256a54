"""The page for new codes, and tickets on paper."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from hub.usecases.people.users import UserChange, add_user
from hub.usecases.views import Paging
from tests.browser.conftest import Visitor
from tests.browser.desk import BY, Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")
NASTY = "<img src=x onerror=document.title='owned'>"
POINTS_PER_MM = 72 / 25.4


async def issued_so_far(desk: Desk) -> int:
    return (await desk.context.queries.sessions(paging=Paging())).total


async def test_a_code_for_a_user_found_by_card(desk: Desk, visitor: Visitor) -> None:
    for name, card in ((f"Ada {NASTY}", "C-1742"), ("Adam", "C-1800")):
        await add_user(desk.room, UserChange(display_name=name, card_number=card), BY)
    page = await (await visitor()).open(desk, "marie", "/codes/new")
    await page.get_by_label("1 h", exact=True).check(force=True)
    await page.get_by_label("Name or card number").fill("1742")
    await expect(page.locator("#user-told")).to_have_text("1 user found.")
    await page.get_by_label(f"Ada {NASTY}").check()
    await page.get_by_label("Name or card number").fill("nobody")
    await page.keyboard.press("Enter")
    await expect(page.locator("#user-told")).to_have_text("Nobody is called so.")
    await expect(page.get_by_label(f"Ada {NASTY}")).to_be_checked()
    await page.get_by_label("Notes").fill(NASTY)
    await page.get_by_role("button", name="Give code").click()
    await expect(page.locator("#code")).to_be_visible()
    await expect(page.locator(".issued")).to_contain_text(f"1 h · Ada {NASTY}")
    await page.get_by_role("link", name="Its session").click()
    await expect(page.locator("#notes")).to_have_value(NASTY)
    await page.get_by_role("link", name="Board").click()
    await expect(page.locator("#codes li")).to_contain_text(NASTY)
    assert "owned" not in await page.title()
    assert await page.locator("img").count() == 0


async def test_a_double_click_gives_one_code(desk: Desk, visitor: Visitor) -> None:
    page = await (await visitor()).open(desk, "marie", "/codes/new")
    await page.get_by_role("button", name="Give code").dblclick()
    await expect(page.locator("#code")).to_be_visible()
    assert await issued_so_far(desk) == 1


async def test_a_quick_code_links_to_its_ticket_and_can_be_made_void_from_the_list(desk: Desk, marie: Page) -> None:
    await marie.keyboard.press("n")
    await marie.keyboard.press("Enter")
    link = marie.get_by_role("dialog").get_by_role("link", name="Print")
    await expect(link).to_have_attribute("href", re.compile(r"^/sessions/[\w-]{36}/ticket#print$"))
    await marie.keyboard.press("Escape")
    row = marie.locator("#codes li")
    await expect(row.get_by_role("link", name="Ticket for")).to_be_visible()
    await row.get_by_role("button").first.click()
    dialog = marie.get_by_role("dialog")
    await dialog.get_by_text("Withdraw for good…").click()
    await dialog.get_by_role("button", name="Withdraw it").click()
    await expect(row).to_have_count(0)
    await expect(marie.locator("#toasts")).to_contain_text("Code withdrawn for good.")


@pytest.mark.parametrize(("size", "width_mm", "height_mm"), [("a6", 105, 148), ("80mm", 80, 150)])
async def test_tickets_are_as_large_as_their_paper(
    size: str, width_mm: int, height_mm: int, desk: Desk, visitor: Visitor
) -> None:
    text = "\n".join(
        ["Médiathèque des Lilas", "Wi-Fi : lilas / bienvenue", "Impressions à l’accueil, 10 centimes la page."] * 2
    )
    async with desk.room.store.transaction() as tx:
        await tx.save(replace(await tx.house(), ticket_text=text))
    sessions = [(await desk.issued(3600)).session.id for _ in range(3)]
    page = await (await visitor()).open(desk, "marie", f"/tickets?ids={'+'.join(sessions)}&size={size}")
    await expect(page.locator(".ticket")).to_have_count(3)
    pdf = await page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(boxes) == 3, "one ticket on each sheet"
    for wide, high in boxes:
        assert float(wide) == pytest.approx(width_mm * POINTS_PER_MM, abs=1)
        assert float(high) == pytest.approx(height_mm * POINTS_PER_MM, abs=1)


async def test_a_ticket_is_printed_at_once_where_that_was_asked_for(desk: Desk, visitor: Visitor) -> None:
    session = (await desk.issued(3600)).session
    visit = await visitor(locale="fr")
    await visit.page.add_init_script("window.print = () => { document.documentElement.dataset.printed = 'yes' }")
    page = await visit.open(desk, "marie", f"/sessions/{session.id}/ticket#print")
    await expect(page.locator("html")).to_have_attribute("data-printed", "yes")
    await page.get_by_role("link", name="English").click()
    await expect(page.locator(".ticket")).to_contain_text("Your code")
    await page.get_by_role("link", name="Rouleau de 80 mm").click()
    await expect(page.locator(".ticket")).to_contain_text("Your code")
    assert await page.evaluate("() => document.documentElement.dataset.printed") is None
    await page.get_by_role("button", name="Imprimer").click()
    await expect(page.locator("html")).to_have_attribute("data-printed", "yes")
