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


async def test_a_double_click_sends_a_form_once(house: House, visitor: Visitor) -> None:
    visit = await visitor()
    page = await house.sit_down(visit, f"/sessions/{house.stay.session.id}")
    await page.get_by_role("button", name="Add", exact=True).dblclick()
    await expect(page.get_by_role("status")).to_have_text("Done.")
    await expect(page.get_by_text("(of that added: 30\u00a0min)")).to_be_visible()
    assert [request.method for request in visit.requests].count("POST") == 1


async def test_what_a_form_has_done_is_told_once(house: House, visitor: Visitor) -> None:
    page = await house.sit_down(await visitor(), f"/sessions/{house.stay.session.id}")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("status")).to_have_text("Done.")
    await page.reload()
    await expect(page.get_by_text("(of that added: 30\u00a0min)")).to_be_visible()
    await expect(page.get_by_role("status")).to_have_count(0)


async def test_a_form_that_the_hub_is_not_there_to_take_keeps_what_was_typed(
    desk: Desk, house: House, visitor: Visitor
) -> None:
    visit = await visitor(locale="fr")
    page = await house.sit_down(visit, "/users/new")
    await page.get_by_label("Nom").fill("Grace Hopper")
    await page.get_by_label("Notes").fill("a long story")
    save = page.get_by_role("button", name="Inscrire")
    await desk.close()
    await save.click()
    await expect(page.get_by_role("alert")).to_contain_text("Votre saisie reste ici")
    await expect(page.get_by_label("Notes")).to_have_value("a long story")
    await desk.open()
    await save.click()
    await expect(page.get_by_role("heading", name="Grace Hopper")).to_be_visible()
    visit.errors.clear()


async def test_typing_is_use_so_that_a_form_is_not_signed_out_while_it_is_filled_in(
    house: House, visitor: Visitor
) -> None:
    visit = await visitor()
    page = await house.sit_down(visit, "/users/new")
    await page.clock.install()
    await page.reload()
    await page.get_by_label("Name").press_sequentially("Ada")
    await page.clock.fast_forward("02:00")
    async with page.expect_response("**/me") as heard:
        await page.get_by_label("Name").press_sequentially(" Lovelace")
    assert (await heard.value).ok
    assert [request.method for request in visit.requests if request.url.endswith("/me")] == ["HEAD"]


async def test_an_end_that_the_post_has_settled_comes_by_itself_with_the_way_back(
    house: House, visitor: Visitor
) -> None:
    post = house.desk.wire.posts["p1"]
    post.deaf = True
    page = await house.sit_down(await visitor(), f"/sessions/{house.stay.session.id}")
    await page.locator("summary", has_text="End").click()
    await page.get_by_role("button", name="End it").click()
    again = page.get_by_role("link", name="Look again")
    await expect(page.locator("#head")).to_have_attribute("aria-live", "polite")
    await again.focus()
    await page.get_by_role("textbox", name="Notes").fill("half a sent")
    await house.desk.wire.quiet()
    await post.listen_again()
    await expect(page.get_by_role("button", name="Undo the end")).to_be_visible()
    await expect(page.locator("#head")).to_contain_text("Ended")
    await expect(page.locator(".timeline")).to_contain_text("ended at the desk")
    await expect(page.get_by_role("textbox", name="Notes")).to_have_value("half a sent")
    await expect(again).to_have_count(0)


async def test_one_goes_on_where_a_form_is_wrong(house: House, visitor: Visitor) -> None:
    page = await house.sit_down(await visitor(), "/sessions?since=x")
    await expect(page.get_by_label("From")).to_be_focused()


async def test_a_phone_names_the_page_and_leads_to_the_others_by_key(desk: Desk, visitor: Visitor) -> None:
    page = await (await visitor(viewport={"width": 360, "height": 640})).open(desk, "marie", "/journal")
    await expect(page.get_by_role("link", name="Sessions", exact=True)).to_be_hidden()
    await page.get_by_role("button", name="Journal (all pages)").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Journal", exact=True)).to_have_attribute("aria-current", "page")
    assert await breaches(page) == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("link", name="Sessions", exact=True)).to_be_hidden()
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Sessions", exact=True).press("Enter")
    await expect(page.get_by_role("button", name="Sessions (all pages)")).to_be_visible()
