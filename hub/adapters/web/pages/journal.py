"""The audit journal: what has happened, newest first."""

from __future__ import annotations

from functools import partial
from typing import cast

from aiohttp import web

from hub.adapters.web.api.logs import LogQuery, export_logs
from hub.adapters.web.lists import part
from hub.adapters.web.pages.listing import Days, exporting, listing, matching
from hub.adapters.web.pages.names import names
from hub.adapters.web.pages.visit import Visit, page
from hub.domain.accounts import Role
from hub.usecases.views import LogFilter
from hub.wire.terms import Action


class EntriesAsked(LogQuery, Days):
    """The filters of the API, and days of the house."""


@page(Role.VIEWER)
async def show(visit: Visit) -> web.StreamResponse:
    """The list."""
    wanted = listing(visit, EntriesAsked)
    found = await part(wanted.query, partial(visit.hub.queries.logs, _filter(visit, wanted.query)))
    return visit.show(
        "journal.html",
        list=wanted,
        page=found,
        actions=list(Action),
        names=await names(visit, [wanted.query.user, *(entry.user_id for entry in found.items)]),
        operators=await visit.hub.accounts.operators(),
    )


@page(Role.VIEWER)
async def export(visit: Visit) -> web.StreamResponse:
    """The list as a file."""
    call, query = exporting(visit, EntriesAsked)
    return cast("web.StreamResponse", await export_logs(call, _filter(visit, query)))


def _filter(visit: Visit, query: EntriesAsked) -> LogFilter:
    zone = visit.house.time_zone
    after, before = query.began(zone) or query.after, query.over(zone) or query.before
    return matching(LogFilter, query, after=after, before=before)
