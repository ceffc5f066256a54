"""The audit journal: what has happened, newest first."""

from __future__ import annotations

from aiohttp import web

from hub.adapters.web.api.logs import LogQuery
from hub.adapters.web.pages.listing import fetch, listing
from hub.adapters.web.pages.visit import Visit, page
from hub.domain.accounts import Role
from hub.usecases.views import LogFilter
from hub.wire.terms import Action


@page(Role.VIEWER)
async def show(visit: Visit) -> web.StreamResponse:
    """The list."""
    wanted = listing(visit, LogQuery)
    found = await fetch(visit.hub.queries.logs, LogFilter, wanted)
    return visit.show("journal.html", list=wanted, page=found, actions=list(Action))
