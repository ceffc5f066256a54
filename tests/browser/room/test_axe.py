"""Every page of the panel, in both themes, on a running room: axe finds nothing."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from docs.panel_pages import BY_NOBODY, pages_of
from hub.adapters.web.app import make_app
from hub.wire.terms import Language
from tests.browser.desk import Desk
from tests.browser.room.conftest import Seat, Visit
from tests.browser.room.guise import Guise
from tests.browser.room.people import Clerk
from tests.browser.test_quality import breaches
from tests.system.demo_room import DemoRoom

pytestmark = pytest.mark.asyncio(loop_scope="session")
POSTS = 3
LOOKS = [(Guise(Language.EN, "desktop"), "light"), (Guise(Language.FR, "phone"), "dark")]


async def addresses(room: DemoRoom, app_of: Desk) -> dict[str, str]:
    """Every page that the application has, with things of this room on it."""
    user = await room.api("POST", "/users", {"display_name": "Amina Diallo", "quota_day_s": 7200})
    first = await room.issue(1800, user_id=user["id"], post_id="p01")
    second = await room.issue(1800)
    await room.posts["p02"].redeems((await room.issue(3600, category="student"))["code"])
    await room.posts["p03"].keys("{help}")
    await room.api("POST", "/posts/p03/maintenance", {"on": True, "reason": "new screen"})
    operator = await room.api("GET", "/operators")
    ids = {"sessions": first["id"], "users": user["id"], "posts": "p02", "operators": str(operator["items"][0]["id"])}
    queries = {
        "/codes/issued": f"ids={first['id']}",
        "/tickets": f"ids={first['id']}+{second['id']}&size=a6",
        "/new-post/hardware": "id=p07&name=Post+7&zone=Hall",
    }
    return pages_of(make_app(app_of.context), ids, queries)


async def is_sound(clerk: Clerk, what: str) -> None:
    """Whatever is folded is looked at, too."""
    await clerk.page.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")
    assert await breaches(clerk.page) == [], what


@pytest.mark.parametrize(("guise", "theme"), LOOKS, indirect=["guise"], ids=["light", "dark"])
async def test_axe_finds_nothing_on_any_page(
    seat: Seat, visit: Visit, room: DemoRoom, guise: Guise, empty: Desk, theme: str
) -> None:
    pages = await addresses(room, empty)
    look = {"color_scheme": theme, "reduced_motion": "reduce"}
    nobody, clerk = Clerk(await visit(**guise.options | look), guise, room), await seat(**look)
    for one, its in ((nobody, BY_NOBODY), (clerk, pages)):
        for what, address in its.items():
            await one.open(address)
            await is_sound(one, what)
    nobody.browsing.errors.clear()  # of the page that is not there
    page = clerk.page
    await clerk.open_board()
    await expect(page.locator(".card")).to_have_count(POSTS)
    await is_sound(clerk, "the board, live")
    await page.get_by_role("button", name="Poste 2", exact=True).click()
    await is_sound(clerk, "the sheet of a post")
    await page.keyboard.press("Escape")
    await page.keyboard.press("n")
    await is_sound(clerk, "the dialog for a code")
    await page.keyboard.press("Enter")
    await clerk.shown_code("#newcode-code")
    await is_sound(clerk, "the dialog with a code")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await is_sound(clerk, "the keys")
