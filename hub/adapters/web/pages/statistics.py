"""Statistics: when the posts are used, how stays are, and how each post does, for a range of days."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from pydantic import BaseModel, ValidationError

from hub.adapters.web.api.stats import RangeQuery, StaysQuery, each, occupancy_report, posts_report, stays_report
from hub.adapters.web.context import Web
from hub.adapters.web.csv_export import send_csv
from hub.adapters.web.pages.forms import EMPTY, Filled, wrongs
from hub.adapters.web.pages.visit import Visit, page
from hub.adapters.web.shapes import OccupancyShape, PostUseShape, StaysShape
from hub.domain.accounts import Role
from hub.domain.calendar import days, local_day, monday_of
from hub.domain.errors import Invalid
from hub.domain.reports import Period, Split, Stays, added_up, stays
from hub.usecases.statistics import Counted, count

LONGEST_BY_DAY = 92
"""Longer ranges are told week by week."""
_OPEN_HOURS = range(9, 18)
"""Hours that are shown even when nobody came."""
_LEVELS = 5


class Span(StrEnum):
    """Ranges that a click picks; each ends today."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


SPANS = {Span.TODAY: 1, Span.WEEK: 7, Span.MONTH: 30, Span.YEAR: 365}
"""How many days each has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; where that makes no sense, the usual month, and what is wrong."""

    query: RangeQuery
    span: Span | None
    form: Filled[RangeQuery] = EMPTY


@page(Role.VIEWER)
async def show(visit: Visit) -> web.StreamResponse:
    """The page."""
    asked = _asked(visit)
    try:
        counted = await _count(visit, asked.query, "zone", "category")
    except Invalid as error:
        asked = _usual(visit, asked.form.refused(error))
        counted = await _count(visit, asked.query, "zone", "category")
    days_asked = RangeQuery.model_validate({"from": counted.first.isoformat(), "to": counted.last.isoformat()})
    _, hours = await occupancy_report(visit.hub, days_asked)
    _, posts = await posts_report(visit.hub, days_asked)
    period = Period.DAY if (counted.last - counted.first).days < LONGEST_BY_DAY else Period.WEEK
    found = stays(counted.tallies, period, Split.NOTHING)
    total = next(iter(added_up(found)), None)
    return visit.show(
        "statistics.html",
        status=422 if asked.form.errors else 200,
        spans=list(SPANS),
        asked=asked,
        first=counted.first,
        last=counted.last,
        period=period,
        total=total,
        rows=_gapless(found, counted, period),
        zones=added_up(stays(counted.tallies, period, Split.ZONE)),
        categories=added_up(stays(counted.tallies, period, Split.CATEGORY)),
        posts=posts,
        offline_s=sum(post.offline_s for post in posts),
        fault_s=sum(post.fault_s for post in posts),
        hours=_hours_shown(hours),
        week=[(day, list(row)) for day, row in groupby(hours, lambda hour: hour.weekday)],
        level=level,
        used=total is not None or any(post.offline_s or post.fault_s for post in posts),
        export=lambda name, **more: _export_address(name, counted, **more),
    )


def level(share: float | None) -> int:
    """How dark a cell is: 0 for nothing, then 1 to 5 in equal steps."""
    return min(_LEVELS, 1 + int(share * _LEVELS)) if share else 0


def _asked(visit: Visit) -> Asked:
    given = {name: text.strip() for name, text in visit.request.query.items()}
    if given.get("range") in set(Span):
        span = Span(given["range"])
        return Asked(_last_days(visit, SPANS[span]), span)
    values = {name: given[name] for name in ("from", "to") if given.get(name)}
    if not values:
        return _usual(visit, EMPTY)
    try:
        return Asked(RangeQuery.model_validate(values), None, Filled(values))
    except ValidationError as error:
        return _usual(visit, Filled(values, None, wrongs(error)))


def _usual(visit: Visit, form: Filled[RangeQuery]) -> Asked:
    return Asked(_last_days(visit, SPANS[Span.MONTH]), Span.MONTH, form)


def _last_days(visit: Visit, number: int) -> RangeQuery:
    today = local_day(visit.room.clock.now(), visit.house.time_zone)
    first = today - timedelta(days=number - 1)
    return RangeQuery.model_validate({"from": first.isoformat(), "to": today.isoformat()})


async def _count(visit: Visit, query: RangeQuery, *by: str) -> Counted:
    now = visit.room.clock.now()
    return await count(visit.hub.queries, visit.house.time_zone, now, query.first, query.last, by)


def _gapless(found: Iterable[Stays], counted: Counted, period: Period) -> list[Stays]:
    """A row for every day or week of the range: one without a stay is a gap in a plot, not a day left out."""
    there = {row.start: row for row in found}
    starts = dict.fromkeys(_start(day, period) for day in days(counted.first, counted.last))
    return [there.get(start) or Stays(start, None, None, 0, 0, None, 0) for start in starts]


def _start(day: date, period: Period) -> date:
    return monday_of(day) if period is Period.WEEK else day


def _hours_shown(hours: Iterable[OccupancyShape]) -> range:
    """Opening hours, and on to the first and the last that anybody used."""
    used = [hour.hour for hour in hours if hour.occupied_s] or [_OPEN_HOURS[0]]
    return range(min(_OPEN_HOURS[0], *used), max(_OPEN_HOURS[-1], *used) + 1)


def _export_address(name: str, counted: Counted, **more: str) -> str:
    told = {"from": counted.first.isoformat(), "to": counted.last.isoformat(), **more}
    return f"/statistics/{name}.csv?{urlencode(told)}"


Report = Callable[[Web, Any], Awaitable[tuple[Counted, list[Any]]]]


def _export(
    name: str, query: type[RangeQuery], shape: type[BaseModel], report: Report
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The same file as the API gives, for a browser that only has its cookie."""

    @page(Role.VIEWER)
    async def send(visit: Visit) -> web.StreamResponse:
        try:
            wanted = query.model_validate(dict(visit.request.query))
        except ValidationError as error:
            raise Invalid(*next((field, wrong.words) for field, wrong in wrongs(error).items())) from error
        _, rows = await report(visit.hub, wanted)
        response: web.StreamResponse = await send_csv(visit.request, name, shape, each(rows))
        return response

    return send


EXPORTS = {
    "occupancy": _export("occupancy", RangeQuery, OccupancyShape, occupancy_report),
    "sessions": _export("stays", StaysQuery, StaysShape, stays_report),
    "posts": _export("posts", RangeQuery, PostUseShape, posts_report),
}
"""By the name of the file in their address."""
