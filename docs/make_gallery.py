"""Takes pictures of every page of the panel: desktop and phone, light and dark, French and English.

python -m docs.make_gallery [FOLDER]    into .gallery, or another folder, with an index.html that shows them all
python -m docs.make_gallery --docs      only those that docs/panel.md shows, made small, into docs/panel

The pages are those of the real application, on a room with a post of every kind, and Debian's Chromium looks at them.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, async_playwright

from docs.panel_pages import BY_NOBODY, pages_of
from hub.adapters.db.migrate import migrate
from hub.adapters.web.app import make_app
from hub.domain.accounts import Role
from hub.usecases.people.users import UserChange, add_user
from tests.browser.desk import BY, PASSWORD, Desk, open_desk
from tests.browser.test_quality import furnish

ROOT = Path(__file__).parents[1]
SHOWN = ROOT / "docs" / "panel"
_SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
_COLOURS = 64
_SUNDAY = 7
_CATEGORIES = ("student", "job search", None)
_SETTLE_S = 0.4
"""For what comes over the live connection."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    language: str
    size: str
    theme: str

    def file(self, page: str) -> str:
        return f"{page}.{self.language}.{self.size}.{self.theme}.png"


LOOKS = [Look(*each) for each in product(("en", "fr"), _SIZES, ("light", "dark"))]
SELECTION = {
    "board": [Look("en", "desktop", "light"), Look("fr", "phone", "dark")],
    "codes-new": [Look("fr", "desktop", "light"), Look("en", "phone", "light")],
    "sessions-one-ticket": [Look("fr", "desktop", "light")],
    "sessions-one": [Look("en", "desktop", "dark")],
    "users-one": [Look("fr", "desktop", "light")],
    "statistics": [Look("en", "desktop", "light"), Look("fr", "phone", "dark")],
    "posts": [Look("fr", "desktop", "dark")],
    "posts-one": [Look("en", "phone", "light")],
    "wall": [Look("fr", "desktop", "dark")],
    "settings": [Look("en", "desktop", "light"), Look("fr", "phone", "light")],
}
"""What docs/panel.md shows."""


@asynccontextmanager
async def room() -> AsyncIterator[tuple[Desk, dict[str, str]]]:
    """A desk with posts, codes and accounts, and the address of each of its pages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hub.db"
        await migrate(path)
        async with open_desk(path) as desk:
            await furnish(desk)
            for name, role in (("ada", Role.ADMIN), ("marie", Role.OPERATOR), ("vera", Role.VIEWER)):
                await desk.operator(name, role)
            user = await add_user(desk.room, UserChange(display_name="Amina Diallo", category="student"), BY)
            await _past(desk)
            issued = [(await desk.issued(1800)).session.id for _ in range(2)]
            ids = {"sessions": issued[0], "users": user.id, "posts": "p1", "operators": "2"}
            both = f"ids={'+'.join(issued)}"
            queries = {
                "/codes/issued": f"ids={issued[0]}",
                "/tickets": f"{both}&size=a6",
                "/new-post/hardware": "id=p7&name=Post+7&zone=Hall",
            }
            yield desk, pages_of(make_app(desk.context), ids, queries)


async def _past(desk: Desk) -> None:
    """Four weeks of stays at posts that were there all the while, fuller in the morning, and none on Sundays."""
    today = desk.room.clock.now().replace(hour=8, minute=10)
    async with desk.room.store.transaction() as tx:
        for post in await tx.posts():
            await tx.save(replace(post, created_at=today - timedelta(days=40)))
    for day in range(1, 29):
        opened = today - timedelta(days=day)
        for number in range(0 if opened.isoweekday() == _SUNDAY else 3 + day % 3):
            begun = opened + timedelta(hours=(2 * number * number // 3 + day % 2) % 9)
            lasting_s = 1200 + 700 * ((day + number) % 4)
            await desk.past(f"p{1 + number % 6}", begun, lasting_s, _CATEGORIES[(day + number) % 3])


async def take(
    desk: Desk, browser: Browser, pages: Mapping[str, str], look: Look, *, whole: bool
) -> AsyncIterator[tuple[str, bytes]]:
    """Each page's name and picture, to its end or as much as the window shows."""
    width, height = _SIZES[look.size]
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if look.theme == "dark" else "light",
        locale=look.language,
        reduced_motion="reduce",
    )
    page = await context.new_page()
    for name, address in sorted(pages.items(), key=lambda one: one[0] not in BY_NOBODY):
        if name not in BY_NOBODY and not await context.cookies():
            form: dict[str, str | float | bool] = {"username": "ada", "password": PASSWORD}
            await context.request.post(f"{desk.url}/sign-in", form=form, max_redirects=0)
        await page.set_viewport_size({"width": width, "height": height})
        await page.goto(f"{desk.url}{address}")
        await asyncio.sleep(_SETTLE_S)
        if whole:  # a window as tall as the page, for what sticks to its edges
            tall: int = await page.evaluate("() => document.documentElement.scrollHeight")
            await page.set_viewport_size({"width": width, "height": max(height, tall)})
        yield name, await page.screenshot()
    await context.close()


async def gallery() -> AsyncIterator[tuple[str, str, Look, bytes]]:
    """Each page in each look: its name, its address and its picture. A room for each look: posts fall silent soon."""
    async with _chromium() as browser:
        for look in LOOKS:
            async with room() as (desk, pages):
                everything = BY_NOBODY | pages
                async for name, picture in take(desk, browser, everything, look, whole=True):
                    yield name, everything[name], look, picture


async def selection() -> AsyncIterator[tuple[str, Look, bytes]]:
    """What the documentation shows, in few colours."""
    async with _chromium() as browser:
        for look in dict.fromkeys(look for looks in SELECTION.values() for look in looks):
            async with room() as (desk, pages):
                wanted = {name: pages[name] for name, looks in SELECTION.items() if look in looks}
                async for name, picture in take(desk, browser, wanted, look, whole=False):
                    yield name, look, small(picture)


def small(picture: bytes) -> bytes:
    """The same picture as a small file."""
    packed = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as whole:
        whole.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def index(pages: Mapping[str, str]) -> str:
    """A page that shows all pictures, a row for each page of the panel."""
    rows = "".join(
        f"<h2>{escape(name)} <code>{escape(address)}</code></h2><p>"
        + "".join(
            f'<a href="{look.file(name)}"><img loading="lazy" alt="{look}" src="{look.file(name)}"></a> '
            for look in LOOKS
        )
        + "</p>"
        for name, address in pages.items()
    )
    style = "body{font-family:sans-serif;margin:2rem}img{height:22rem;border:1px solid #999;vertical-align:top}"
    return f"<!doctype html><meta charset=utf-8><title>Poste Public: every page</title><style>{style}</style>{rows}\n"


def _thumb(file: str) -> str:
    return f'<a href="{file}"><img loading="lazy" alt="{file}" src="{file}"></a> '


@asynccontextmanager
async def _chromium() -> AsyncIterator[Browser]:
    program = shutil.which("chromium-headless-shell")
    if program is None:
        raise SystemExit("the gallery needs Chromium: apt-get install chromium-headless-shell")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        await browser.close()


async def write_gallery(folder: Path) -> int:
    """All pictures, and the page that shows them; gives how many pages there are."""
    pages: dict[str, str] = {}
    async for name, address, look, picture in gallery():
        pages[name] = address
        (folder / look.file(name)).write_bytes(picture)
    (folder / "index.html").write_text(index(pages), "utf-8")
    return len(pages)


async def write_selection(folder: Path) -> None:
    """The pictures of docs/panel.md."""
    async for name, look, picture in selection():
        (folder / look.file(name)).write_bytes(picture)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Take pictures of every page of the panel.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / ".gallery", help="where to (default: .gallery)")
    parser.add_argument("--docs", action="store_true", help="only the few that docs/panel.md shows")
    words = parser.parse_args(arguments)
    folder: Path = SHOWN if words.docs else words.folder
    folder.mkdir(parents=True, exist_ok=True)
    if words.docs:
        asyncio.run(write_selection(folder))
        return 0
    pages = asyncio.run(write_gallery(folder))
    sys.stdout.write(f"{pages} pages in {len(LOOKS)} looks: {folder / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
