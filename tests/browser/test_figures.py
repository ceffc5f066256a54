"""Statistics in a browser: plots are drawn from their tables, in both themes and on paper, and nothing runs over."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.desk import Desk
from tests.browser.test_quality import breaches, furnish

pytestmark = pytest.mark.asyncio(loop_scope="session")
LIGHT, DARK = (31, 79, 156), (156, 194, 255)
"""The bars' colour in each theme."""
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
A4_WIDE = 718
"""Pixels of a sheet between margins of 10 mm."""


async def fill(desk: Desk) -> None:
    """A week in which something happened."""
    await furnish(desk)
    now = datetime.now(UTC)
    for number in range(12):
        at = now - timedelta(hours=9 * number + 1)
        await desk.past(f"p{number % 4 + 1}", at, 900 * (number % 3 + 1), ("child", "student", None)[number % 3])


async def bars(page: Page, plot: int, colour: tuple[int, int, int]) -> int:
    """How many pixels of a plot have the colour of bars."""
    shot = Image.open(BytesIO(await page.locator(".plot canvas").nth(plot).screenshot())).convert("RGB")
    return sum(count for count, tone in shot.getcolors(1 << 24) or [] if tone == colour)


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
async def test_plots_stand_beside_their_tables(
    locale: str, viewport: dict[str, int], desk: Desk, visitor: Visitor
) -> None:
    await fill(desk)
    page = (await visitor(locale=locale, viewport=viewport)).page
    await sign_in(page, desk)
    if viewport == PHONE:
        await page.locator("[popovertarget=rooms]").click()
    await page.get_by_role("link", name="Statistiques" if locale == "fr" else "Statistics").click()
    await page.get_by_role("link", name="7 jours" if locale == "fr" else "7 days").click()
    await expect(page.locator("#periods tbody tr")).to_have_count(7)
    await expect(page.locator(".plot canvas")).to_have_count(4)
    for plot in range(4):
        assert await bars(page, plot, LIGHT) > 100
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= viewport["width"]
    area = page.locator(".plot-area").first
    await area.hover()
    await expect(page.locator(".plot-readout").first).to_have_text(re.compile(r"20\d\d: \d+$"))


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_in_statistics(theme: str, desk: Desk, visitor: Visitor) -> None:
    page = (await visitor(color_scheme=theme)).page
    await sign_in(page, desk)
    await page.goto(f"{desk.url}/statistics")
    assert await breaches(page) == []
    await fill(desk)
    await page.goto(f"{desk.url}/statistics?range=week")
    await expect(page.locator(".plot canvas")).to_have_count(4)
    assert await breaches(page) == []


async def test_paper_is_white_and_has_the_tables_whole(desk: Desk, visitor: Visitor) -> None:
    await fill(desk)
    page = (await visitor(color_scheme="dark")).page
    await sign_in(page, desk)
    await page.goto(f"{desk.url}/statistics")
    await expect(page.locator(".plot canvas")).to_have_count(4)
    assert await bars(page, 0, DARK) > 100
    await page.emulate_media(media="print", color_scheme="dark")
    await expect(page.locator("body")).to_have_css("color", "rgb(23, 33, 30)")
    assert await bars(page, 0, LIGHT) > 100
    heights = "table => [table.scrollHeight, table.parentElement.clientHeight]"
    whole, shown = await page.locator("#periods").evaluate(heights)
    assert whole <= shown
    await page.set_viewport_size({"width": A4_WIDE, "height": 1000})
    assert await page.locator(".heat").evaluate("table => table.getBoundingClientRect().right") <= A4_WIDE
    await expect(page.get_by_role("navigation", name="Pages")).to_be_hidden()


async def test_plots_take_the_colours_of_the_other_theme_and_of_paper(desk: Desk, visitor: Visitor) -> None:
    """Of paper at the very moment at which it is made: a little later is too late."""
    await fill(desk)
    page = (await visitor(color_scheme="light")).page
    await sign_in(page, desk)
    await page.goto(f"{desk.url}/statistics")
    await expect(page.locator(".plot canvas")).to_have_count(4)
    await page.emulate_media(color_scheme="dark")
    assert await bars(page, 0, DARK) > 100
    await page.evaluate(
        """() => matchMedia("print").addEventListener("change", ({ matches }) => {
            const plot = document.querySelector("canvas");
            if (matches) window.paper = plot.getContext("2d").getImageData(0, 0, plot.width, plot.height);
        })"""
    )
    await page.pdf()
    pixels = await page.evaluate("() => [...window.paper.data]")
    assert sum(tuple(pixels[at : at + 3]) == LIGHT for at in range(0, len(pixels), 4)) > 100


async def sign_in(page: Page, desk: Desk, name: str = "marie") -> None:
    """By the form."""
    await page.goto(f"{desk.url}/sign-in")
    await page.locator("input[name=username]").fill(name)
    await page.locator("input[name=password]").fill("correct horse battery")
    await page.locator("button[type=submit], main form button").first.click()
    await page.wait_for_url(f"{desk.url}/")
