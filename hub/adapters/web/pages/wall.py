"""The wall: the room for everybody in it, without a name, a code or a note; its script asks for the room by itself."""

from __future__ import annotations

from aiohttp import web

from hub.adapters.web.pages.visit import Visit, page
from hub.domain.accounts import Role


@page(Role.DISPLAY)
async def show(visit: Visit) -> web.StreamResponse:
    """An empty frame, which the script fills and keeps true."""
    return visit.show("wall.html")
