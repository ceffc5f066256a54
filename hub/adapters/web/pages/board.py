"""The board: an empty frame and what its script needs; the posts come over the live connection."""

from __future__ import annotations

import json

from aiohttp import web

from hub.adapters.web.guards import caller_of
from hub.adapters.web.pages.page import heed_language, house_of, render


async def show(request: web.Request) -> web.StreamResponse:
    """The board; nobody without a sign-in sees it."""
    heed_language(request)
    caller = await caller_of(request)
    if caller is None or caller.csrf is None:
        raise web.HTTPSeeOther("/sign-in")
    house = await house_of(request)
    return render(request, "board.html", house, caller=caller, presets=json.dumps(list(house.presets_s)))
