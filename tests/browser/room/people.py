"""People in the demo's room: somebody at the panel, and a patron before a simulated post."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from tests.browser.room.guise import Guise
from tests.browser.visit import Browsing
from tests.system.demo_room import DemoRoom


@dataclass
class Clerk:
    """Somebody at the panel, who finds things by what they are called in the language of the page."""

    browsing: Browsing
    guise: Guise
    room: DemoRoom

    @property
    def page(self) -> Page:
        return self.browsing.page

    def t(self, english: str, **values: object) -> str:
        return self.guise.t(english, **values)

    def tn(self, one: str, many: str, n: int) -> str:
        return self.guise.tn(one, many, n)

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.browsing.home}{path}")

    async def open_board(self) -> None:
        """Until it hears of what happens."""
        await self.open("/")
        await expect(self.page.locator("body")).to_have_attribute("data-link", "up")

    def button(self, english: str, **values: object) -> Locator:
        return self.page.get_by_role("button", name=self.t(english, **values), exact=True)

    def link(self, english: str, **values: object) -> Locator:
        return self.page.get_by_role("link", name=self.t(english, **values), exact=True)

    def dialog(self, english: str, **values: object) -> Locator:
        return self.page.get_by_role("dialog", name=self.t(english, **values), exact=True)

    def region(self, english: str) -> Locator:
        """A part of a page, by its heading."""
        return self.page.get_by_role("region", name=self.t(english), exact=True)

    def field(self, english: str, within: Locator | None = None) -> Locator:
        """A field by its label, whether it must be filled in or not."""
        optional = self.t("optional")
        label = re.compile(rf"^\s*{re.escape(self.t(english))}(\s+{optional})?\s*$")
        fields = self.page.locator("input, select, textarea")
        return (within or self.page.locator("main")).get_by_label(label).and_(fields)

    def careful(self, english: str) -> Locator:
        """What opens a question before it does something that hurts."""
        return self.page.locator("summary").get_by_text(self.t(english), exact=True)

    async def is_told(self, english: str, **values: object) -> None:
        """What the last form has done."""
        await expect(self.page.locator("p.said")).to_have_text(self.t(english, **values))

    async def shown_code(self, place: str) -> str:
        """The code that is shown large; no log may have it."""
        shown = self.page.locator(place)
        await expect(shown).to_be_visible()
        code = re.sub(r"\s", "", await shown.inner_text())
        assert re.fullmatch("[A-Z2-9]{6}", code)
        self.room.codes.append(code)
        return code

    async def downloads(self, what: Locator) -> tuple[str, str]:
        """The name and the text of a file."""
        async with self.page.expect_download() as coming:
            await what.click()
        file = await coming.value
        return file.suggested_filename, (await file.path()).read_text("utf-8-sig")


@dataclass
class Patron:
    """Somebody before a post: its keypad, its lamps."""

    browsing: Browsing
    guise: Guise

    @property
    def page(self) -> Page:
        return self.browsing.page

    async def press(self, key: str) -> None:
        """One of the keys that have words: confirm, pause, end, help, …"""
        await self.page.get_by_role("button", name=self.guise.keypad[key], exact=True).click()

    async def types(self, code: str) -> None:
        """On the keyboard of the reader, and Enter."""
        await self.page.keyboard.type(code.lower())
        await self.page.keyboard.press("Enter")

    async def clicks(self, code: str) -> None:
        """Key by key on the keypad."""
        for sign in code:
            await self.page.get_by_role("button", name=sign, exact=True).click()
        await self.press("confirm")

    async def until_lit(self) -> None:
        await expect(self.page.locator("#relays")).not_to_contain_text(self.guise.keypad["off"])

    async def until_dark(self) -> None:
        await expect(self.page.locator("#relays")).not_to_contain_text(self.guise.keypad["on"])
