"""Sixty posts on one board."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.browser.room.conftest import Seat
from tests.browser.room.guise import GUISES

pytestmark = pytest.mark.asyncio(loop_scope="session")
POSTS = 60


async def test_sixty_posts_live(seat: Seat) -> None:
    clerk = await seat()
    room, page = clerk.room, clerk.page
    used = list(room.posts.values())[GUISES.index(clerk.guise) :: 10]
    await clerk.open_board()
    await expect(page.locator(".card[data-status=available]")).to_have_count(POSTS)
    await asyncio.gather(*(room.api("POST", f"/posts/{post.id}/start", {"duration_s": 3600}) for post in used))
    for post in used:
        await expect(page.locator(f"[data-post={post.id}] .clock")).to_have_text(re.compile("^59:5"))
    free = clerk.tn("{n} post free", "{n} posts free", POSTS - len(used))
    await expect(page.locator("#count")).to_contain_text(free)
    await page.keyboard.press("/")
    await page.keyboard.type("poste 42")
    await expect(page.locator(".card:visible")).to_have_count(1)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name=used[-1].name, exact=True).focus()
    await page.keyboard.press("e")
    await used[-1].until(lambda now: now["phase"] == "idle", "is dark")
    for post in used[:-1]:
        await post.keys("{end}")
    await expect(page.locator(".card[data-status=available]")).to_have_count(POSTS)
