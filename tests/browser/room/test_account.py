"""Coming in, one's own account, going out; and what somebody sees who may not, or who is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from hub.domain.totp import code_of, step_at
from tests.browser.room.conftest import Seat, Two, Visit
from tests.browser.room.guise import Guise
from tests.browser.room.people import Clerk
from tests.system.demo_room import DemoRoom

pytestmark = pytest.mark.asyncio(loop_scope="session")
PASSWORD, ANOTHER = "correct horse battery", "staple and something"


async def newcomer(room: DemoRoom, guise: Guise, role: str) -> str:
    """A new account; its name."""
    name = f"{role}-{guise.name}"
    await room.api("POST", "/operators", {"name": name, "role": role, "password": PASSWORD})
    return name


async def sign_in_by_hand(clerk: Clerk, name: str, password: str) -> None:
    await clerk.field("Name").fill(name)
    await clerk.field("Password").fill(password)
    await clerk.button("Sign in").click()


async def test_in_by_the_form_and_out_for_good(visit: Visit, room: DemoRoom, guise: Guise) -> None:
    name = await newcomer(room, guise, "viewer")
    clerk = Clerk(await visit(**guise.options), guise, room)
    page, home = clerk.page, clerk.browsing.home
    await clerk.open("/journal?action=error")
    await expect(page).to_have_url(re.compile(f"^{home}/sign-in"))
    await sign_in_by_hand(clerk, name, "wrong wrong wrong")
    await expect(page.get_by_role("alert")).to_have_text(clerk.t("The name or the password is wrong."))
    await expect(clerk.field("Name")).to_have_value(name)
    clerk.browsing.errors.clear()  # the browser tells of the 401, too
    await sign_in_by_hand(clerk, name, PASSWORD)
    await expect(page).to_have_url(f"{home}/journal?action=error")
    await expect(page.locator("html")).to_have_attribute("lang", guise.language.value)
    other = "fr" if guise.language.value == "en" else "en"
    await page.locator(f".languages a[lang={other}]").click()
    await expect(page.locator("html")).to_have_attribute("lang", other)
    await page.locator(f".languages a[lang={guise.language.value}]").click()
    await clerk.button("Sign out").click()
    await expect(page).to_have_url(f"{home}/sign-in")
    await page.go_back()
    await clerk.open("/journal")
    await expect(page).to_have_url(re.compile(f"^{home}/sign-in"))


async def test_ones_own_password_and_second_factor(seat: Seat, room: DemoRoom, guise: Guise) -> None:
    name = await newcomer(room, guise, "operator")
    clerk, elsewhere = await seat(name, PASSWORD), await seat(name, PASSWORD)
    page = clerk.page
    await clerk.open("/me")
    ins = page.get_by_role("region", name=clerk.t("Sign-ins"))
    await expect(ins.locator("tbody tr")).to_have_count(2)
    await ins.get_by_role("button", name=clerk.t("Sign out")).click()
    await expect(ins.locator("tbody tr")).to_have_count(1)
    await elsewhere.open("/me")
    await expect(elsewhere.page).to_have_url(re.compile("/sign-in"))

    await clerk.field("The password as it is").fill(PASSWORD)
    await clerk.field("The new password").fill(ANOTHER)
    await clerk.field("The new password once more").fill("something else here")
    await clerk.button("Change the password").click()
    await expect(clerk.field("The new password once more")).to_have_attribute("aria-invalid", "true")
    clerk.browsing.errors.clear()  # the browser tells of the 422, too
    await clerk.field("The password as it is").fill(PASSWORD)
    for label in ("The new password", "The new password once more"):
        await clerk.field(label).fill(ANOTHER)
    await clerk.button("Change the password").click()
    await clerk.is_told("Your password is changed, and your other sign-ins are ended.")

    await clerk.field("Your password").fill(ANOTHER)
    await clerk.button("Set it up").click()
    await expect(page.locator(".qr-frame svg")).to_be_visible()
    secret = re.sub(r"\s", "", await page.locator(".secret").inner_text())
    step = step_at(datetime.now(UTC))
    await clerk.field("Code from your authenticator app").fill(code_of(secret, step))
    await clerk.button("Turn it on").click()
    await expect(page.locator(".recovery li").first).to_be_visible()
    recovery = await page.locator(".recovery li").all_inner_texts()
    assert len(recovery) == 10
    await clerk.link("I have them").click()
    await expect(clerk.region("Second factor")).to_contain_text(
        clerk.tn("%(n)s recovery code is left.", "%(n)s recovery codes are left.", 10)
    )

    await clerk.careful("Sign out everywhere").click()
    await clerk.button("Sign out everywhere, here too").click()
    await expect(page).to_have_url(re.compile("/sign-in"))
    await sign_in_by_hand(clerk, name, ANOTHER)
    await clerk.field("Code from your authenticator app").fill(code_of(secret, step))
    await clerk.button("Sign in").click()
    await expect(page.get_by_role("alert")).to_have_text(clerk.t("The code is wrong, or was used before."))
    clerk.browsing.errors.clear()  # the 401
    await clerk.field("Code from your authenticator app").fill(code_of(secret, step + 1))
    await clerk.button("Sign in").click()
    await expect(page.get_by_role("heading", name=clerk.t("Board"))).to_be_visible()
    await clerk.button("Sign out").click()
    await sign_in_by_hand(clerk, name, ANOTHER)
    await clerk.field("Code from your authenticator app").fill(recovery[0])
    await clerk.button("Sign in").click()
    await expect(page.get_by_role("heading", name=clerk.t("Board"))).to_be_visible()
    await clerk.open("/me")
    await clerk.careful("Take it away").click()
    await clerk.field("Your password", page.locator("details[open]")).fill(ANOTHER)
    await clerk.button("Take the second factor away").click()
    await clerk.is_told("Your second factor is off.")


async def test_the_wall_and_nothing_else(seat: Seat, room: DemoRoom, guise: Guise, posts: Two) -> None:
    name = await newcomer(room, guise, "display")
    post, _ = posts
    issued = await room.issue(3600, notes="a secret reason")
    wall = await seat(name, PASSWORD)
    page = wall.page
    await wall.open("/")
    await expect(page).to_have_url(f"{wall.browsing.home}/wall")
    here = page.locator(f"[data-post={post.id}]")
    await expect(here).to_contain_text(wall.t("Available"))
    await post.redeems(issued["code"])
    await expect(here).to_contain_text(wall.t("about {time} left", time="1 h"))
    content = await page.content()
    assert issued["code"] not in content
    assert "secret" not in content
    for path in ("/sessions", "/users", "/journal", "/codes/new", "/settings", f"/sessions/{issued['id']}/ticket"):
        answer = await page.goto(f"{wall.browsing.home}{path}")
        assert answer is not None
        assert answer.status == 403
    await expect(page.get_by_text(wall.t("Your account may not do that."))).to_be_visible()
    wall.browsing.errors.clear()  # the 403s


async def test_a_page_that_is_not_there(clerk: Clerk) -> None:
    for path in ("/nowhere", "/sessions/nobody", "/users/00000000-0000-0000-0000-000000000000", "/posts/none"):
        answer = await clerk.page.goto(f"{clerk.browsing.home}{path}")
        assert answer is not None
        assert answer.status == 404, path
        await expect(clerk.page.get_by_role("heading", level=1)).to_be_visible()
        await clerk.link("To the board").click()
        await expect(clerk.page.get_by_role("heading", name=clerk.t("Board"))).to_be_visible()
    clerk.browsing.errors.clear()  # the browser tells of each 404, too
