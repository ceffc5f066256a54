"""The board: an empty frame and what its script needs; the posts come over the live connection."""

from __future__ import annotations

from aiohttp import web

from hub.adapters.web.pages.visit import Visit, page
from hub.domain.accounts import Role


@page(Role.DISPLAY)
async def show(visit: Visit) -> web.StreamResponse:
    """The board; a screen on the wall is led to what it may show."""
    if not visit.may(Role.VIEWER):
        raise web.HTTPSeeOther("/wall")
    return visit.show("board.html")
