"""The board in Chromium, nothing of it cached: what is sent for it, and how soon it works."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence

from playwright.async_api import Browser, Request, StorageState, async_playwright

from tests.bench.databases import SQLITE, databases
from tests.bench.figures import Aim, Figure, Unmeasured, spread
from tests.bench.house import Hub, furnished, hub
from tests.bench.nodes import nodes
from tests.bench.pace import each
from tests.bench.processes import bare_http
from tests.bench.run import Run

KB, REQUESTS, READY_MS = 150, 8, 300
POSTS = 60
_LIVE = 1
"""The connection that stays: Playwright does not count it as a request."""
_PATIENCE_S = 30
_WHOLE = f"""
document.querySelector("#link-word")?.textContent.trim() === "Live" &&
document.querySelectorAll(".card").length === {POSTS}
"""
"""Interactive: every post is on the board, and the board is live."""
_LOOK = """
const painted = () => { window.readyAt = performance.now(); };
const look = () => { if (%s) setTimeout(painted); else requestAnimationFrame(look); };
requestAnimationFrame(look);
"""
"""Notes when what is true has been laid out and painted, too, in milliseconds since the visit began."""


async def board(run: Run) -> Sequence[Figure]:
    """Visit again and again, each time with a browser that has nothing but the cookie."""
    found = shutil.which("chromium")
    if found is None:
        raise Unmeasured("there is no chromium: apt-get install chromium")
    visits, limit = [], []
    with databases(SQLITE) as new:
        house = await furnished(run.folder, new, posts=POSTS)
        async with hub(house) as running, bare_http(run.folder) as bare, async_playwright() as playwright:
            fleet = [running.node(name) for name in house.keys.codes]
            browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
            async with nodes(fleet), browser:
                await each(fleet, lambda node: node.report(periodic=False), POSTS)
                cookie = await _signed_in(browser, running)
                for number in range(run.few(25, 5) + 1):
                    visit = await _visit(browser, f"{running.panel}/", _LOOK % _WHOLE, cookie)
                    empty = await _visit(browser, bare, _LOOK % "document.readyState === 'complete'")
                    if number:  # the first ones also warm Chromium
                        visits.append(visit)
                        limit.append(empty[2])
    sent, asked, ready = (spread([visit[part] for visit in visits]) for part in range(3))
    aims = (Aim("median", ready.median, READY_MS, "ms"),)
    what, against = f"board: {POSTS} posts, interactive", "an empty page in the same browser"
    return [
        Figure("board: transferred", "kB", sent, aims=(Aim("most", sent.most, KB, "kB"),)),
        Figure("board: requests, with the live one", "", asked, aims=(Aim("most", asked.most, REQUESTS),)),
        Figure(what, "ms", ready, against, spread(limit), aims),
    ]


async def _signed_in(browser: Browser, running: Hub) -> StorageState:
    context = await browser.new_context(locale="en")
    keys = running.house.keys
    form: dict[str, str | float | bool] = {"username": keys.username, "password": keys.password}
    answer = await context.request.post(f"{running.panel}/sign-in", form=form, max_redirects=0)
    if answer.status >= 400:
        raise Unmeasured(f"no way in: {answer.status}")
    state = await context.storage_state()
    await context.close()
    return state


async def _visit(
    browser: Browser, url: str, look: str, state: StorageState | None = None
) -> tuple[float, float, float]:
    """Kilobytes, requests, milliseconds until it works."""
    context = await browser.new_context(locale="en", storage_state=state)
    page = await context.new_page()
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))  # noqa: PLW0108 - it wants a Python function
    await page.add_init_script(look)
    await page.goto(url)
    async with asyncio.timeout(_PATIENCE_S):
        # Not wait_for_function, whose own polling the page's content policy refuses.
        while not (ready_ms := float(await page.evaluate("window.readyAt ?? 0"))):  # noqa: ASYNC110 - in a browser
            await asyncio.sleep(0.02)
    sizes = [await request.sizes() for request in requests]
    await context.close()
    sent = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    return sent / 1000, len(requests) + _LIVE, ready_ms
