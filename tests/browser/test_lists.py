"""Sessions, users and the journal in a browser: at a desk and on a phone, in English and in French."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from hub.domain.records import User
from hub.usecases.add_time import add_time
from hub.usecases.inbox import receive
from hub.usecases.issue import Issued, IssueOrder, issue
from hub.usecases.people.users import UserChange, add_user
from hub.wire.messages import Incident
from hub.wire.terms import IncidentKind
from tests.browser.conftest import Visit, Visitor
from tests.browser.desk import BY, PASSWORD, Desk
from tests.browser.test_quality import breaches

pytestmark = pytest.mark.asyncio(loop_scope="session")
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
INCIDENT_ID = "0b6a3c1e-5d2f-4f7e-9a53-0d6f2c9f8a11"


@dataclass
class House:
    """A desk with a history: Ada, whose session runs at Post 1, a free Post 2, and an incident."""

    desk: Desk
    ada: User
    stay: Issued

    async def sit_down(self, visit: Visit, path: str) -> Page:
        """Marie, signed in, at a page."""
        form: dict[str, str | float | bool] = {"username": "marie", "password": PASSWORD}
        await visit.page.context.request.post(f"{self.desk.url}/sign-in", form=form, max_redirects=0)
        await visit.page.goto(f"{self.desk.url}{path}")
        return visit.page

    @property
    def paths(self) -> list[str]:
        """Every page of this file."""
        user, session = f"/users/{self.ada.id}", f"/sessions/{self.stay.session.id}"
        lists = ["/sessions", "/users", "/journal", "/sessions?q=nobody", f"/journal?user={self.ada.id}&since=x"]
        return [*lists, session, user, f"{user}/edit", "/users/new"]


@pytest_asyncio.fixture(loop_scope="session")
async def house(desk: Desk) -> AsyncIterator[House]:
    first, _ = await desk.post("p1", "Post 1", "Hall"), await desk.post("p2", "Post 2", "Hall")
    facts = UserChange(display_name="Ada Lovelace", card_number="C-1", contact="ada@example.org", quota_day_s=7200)
    ada = await add_user(desk.room, facts, BY)
    (stay,) = await issue(desk.room, IssueOrder(3600, user_id=ada.id, notes="homework"), BY)
    first.debited_s = 600
    await first.type_code(stay.code)
    await desk.wire.quiet()
    await add_time(desk.room, stay.session.id, 900, BY)
    await desk.wire.quiet()
    await receive(desk.room, "p2", Incident(INCIDENT_ID, IncidentKind.KEYPAD_LOST))
    yield House(desk, ada, stay)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_and_nothing_runs_out_of_a_phone(theme: str, house: House, visitor: Visitor) -> None:
    wide = await visitor(color_scheme=theme, viewport=DESK)
    page = await house.sit_down(wide, "/sessions")
    for path in house.paths:
        await page.goto(f"{house.desk.url}{path}")
        await page.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")
        for size in (DESK, PHONE):
            await page.set_viewport_size({"width": size["width"], "height": size["height"]})
            assert await breaches(page) == [], (path, size)
            assert await page.evaluate("() => document.documentElement.scrollWidth") <= size["width"], path


async def test_a_session_from_the_list_to_its_end_and_back(house: House, visitor: Visitor) -> None:
    page = await house.sit_down(await visitor(viewport=DESK), "/sessions")
    await page.get_by_label("Status").select_option("Running")
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_role("row")).to_have_count(2)
    await expect(page.get_by_role("row").last).to_contain_text("Ada Lovelace")
    await page.get_by_role("rowheader").get_by_role("link").click()
    life = page.get_by_role("region", name="Its life")
    await expect(life).to_contain_text("15 min were added at Post 1.")
    await page.get_by_label("Move to").select_option("Post 2")
    await page.get_by_role("button", name="Move").click()
    await expect(page.get_by_role("status")).to_have_text("The session is on its way to the other post.")
    await house.desk.wire.quiet()
    await page.reload()
    await expect(life).to_contain_text("The session went on at Post 2")
    await page.get_by_text("End", exact=True).click()
    await page.get_by_role("button", name="End it").click()
    await house.desk.wire.quiet()
    await page.reload()
    await page.get_by_role("button", name="Undo the end").click()
    await expect(page.get_by_role("status")).to_have_text("The end is undone.")
    await expect(life).to_contain_text("The end was undone")


async def test_two_operators_edit_one_session(house: House, visitor: Visitor) -> None:
    await house.desk.operator("paul")
    path, late = f"/sessions/{house.stay.session.id}", await visitor(viewport=PHONE, locale="fr")
    marie, paul = await house.sit_down(await visitor(), path), await house.sit_down(late, path)
    await marie.get_by_role("textbox", name="Notes").fill("of Marie")
    await marie.get_by_role("button", name="Save").click()
    await expect(marie.get_by_role("status")).to_have_text("Saved.")
    await paul.get_by_role("textbox", name="Notes").fill("of Paul")
    await paul.get_by_role("button", name="Enregistrer").click()
    await expect(paul.get_by_role("alert")).to_contain_text("Quelqu’un d’autre")
    await expect(paul.get_by_role("textbox", name="Notes")).to_have_value("of Paul")
    await expect(paul.locator(".meanwhile")).to_contain_text("of Marie")
    await paul.get_by_role("button", name="Enregistrer").click()
    await expect(paul.get_by_role("status")).to_have_text("Enregistré.")
    await expect(paul.get_by_role("textbox", name="Notes")).to_have_value("of Paul")
    late.errors.clear()  # the browser tells of the 422, too


async def test_a_user_from_registration_to_oblivion(house: House, visitor: Visitor) -> None:
    page = await house.sit_down(await visitor(viewport=PHONE, locale="fr"), "/users")
    await page.get_by_role("link", name="Nouvel usager").click()
    await page.get_by_label("Nom", exact=True).fill("Grace Hopper")
    await page.get_by_label("Numéro de carte").fill("C-2")
    await page.get_by_label("Minutes par jour").fill("90")
    await page.get_by_role("button", name="Inscrire").dblclick()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Grace Hopper")
    await expect(page.get_by_role("region", name="Quota")).to_contain_text("0 s utilisées sur 1 h 30")
    await page.get_by_role("button", name="Bloquer").click()
    await expect(page.get_by_role("main")).to_contain_text("Cet usager est bloqué")
    await page.get_by_role("link", name="Usagers").last.click()
    await page.get_by_label("Nom, carte, contact ou notes").fill("c-2")
    await page.get_by_role("button", name="Afficher").click()
    await expect(page.get_by_role("rowheader")).to_have_count(1)
    await page.get_by_role("link", name="Grace Hopper").click()
    await page.get_by_text("Anonymiser", exact=True).click()
    await expect(page.locator(".question").first).to_contain_text("le numéro de carte : C-2")
    await page.get_by_role("button", name="Anonymiser définitivement").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("(anonymisé)")
    await expect(page.get_by_role("main")).not_to_contain_text("Hopper")


async def test_the_journal_is_narrowed_and_downloaded(house: House, visitor: Visitor) -> None:
    page = await house.sit_down(await visitor(), "/journal")
    await expect(page.locator("tr.alarming")).to_contain_text("Attention: The keypad of Post 2 was unplugged.")
    await page.get_by_label("Post").select_option("Post 1")
    await page.get_by_label("By", exact=True).fill("marie")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("tr.alarming")).to_have_count(0)
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="CSV").click()
    file = await (await waiting.value).path()
    told = file.read_text("utf-8").splitlines()
    assert len(told) == 1 + await page.locator("tbody tr").count()
    assert all("p1" in line for line in told[1:])
