"""Every text field of the house holds markup: no page makes anything of it but letters."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from docs.panel_pages import pages_of
from hub.adapters.web.app import make_app
from hub.wire.terms import Language
from tests.browser.desk import Desk
from tests.browser.room.conftest import Seat
from tests.browser.room.guise import Guise
from tests.system.demo_room import DemoRoom

pytestmark = pytest.mark.asyncio(loop_scope="session")
NASTY = "<img src=x id=nasty>'\"`"
SHOWN_ON = {"board", "sessions", "sessions-one", "users", "users-one", "journal", "posts", "posts-one"}


async def full_of_it(room: DemoRoom) -> dict[str, str]:
    """A thing of each kind, by the first part of its page's address."""
    post = {"id": "p09", "name": NASTY, "zone": NASTY, "notes": NASTY}
    await room.api("POST", "/posts", post)
    await room.api("POST", "/posts/p09/maintenance", {"on": True, "reason": NASTY})
    told = {"display_name": NASTY, "card_number": NASTY, "contact": NASTY, "category": NASTY, "notes": NASTY}
    user = await room.api("POST", "/users", told)
    code = await room.issue(1800, user_id=user["id"], category=NASTY, notes=NASTY)
    await room.api("PATCH", "/settings", {"idle_text": NASTY, "ticket_text": NASTY})
    await room.api("POST", "/tokens", {"name": NASTY, "role": "viewer", "expires_at": None})
    await room.api("POST", "/posts/p01/notice", {"text": NASTY, "ttl_s": 60})
    operator = await room.api("GET", "/operators")
    return {"sessions": code["id"], "users": user["id"], "posts": "p09", "operators": str(operator["items"][0]["id"])}


@pytest.mark.parametrize("guise", [Guise(Language.EN, "desktop")], indirect=True, ids=["desktop"])
async def test_what_people_write_is_never_markup(seat: Seat, room: DemoRoom, empty: Desk) -> None:
    ids, clerk = await full_of_it(room), await seat()
    of_the_code = dict.fromkeys(("/codes/issued", "/tickets"), f"ids={ids['sessions']}")
    new_post = {"/new-post/hardware": "id=p07&name=%3Cimg+id=nasty%3E"}
    pages = pages_of(make_app(empty.context), ids, of_the_code | new_post)
    for name, address in pages.items():
        await (clerk.open_board() if name == "board" else clerk.open(address))
        if name in SHOWN_ON:
            await expect(clerk.page.locator("body")).to_contain_text("<img src=x id=nasty>")
        assert await clerk.page.locator("#nasty").count() == 0, name
    await clerk.open("/settings")
    assert NASTY in [await field.input_value() for field in await clerk.page.locator("input, textarea").all()]
    await clerk.open_board()
    await clerk.page.get_by_role("button", name=NASTY, exact=True).click()
    await expect(clerk.page.get_by_role("dialog")).to_contain_text(NASTY)
    assert await clerk.page.locator("#nasty").count() == 0
