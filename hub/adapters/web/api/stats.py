"""Statistics, as JSON or CSV: when the posts are used, how stays are, and how each post does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, WithJsonSchema

from hub.adapters.web.context import Web
from hub.adapters.web.csv_export import send_csv, wants_csv
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import Query
from hub.adapters.web.fields import day as read_day
from hub.adapters.web.shapes import OccupancyShape, PostUseShape, Report, Shape, StaysShape
from hub.domain.accounts import Role
from hub.domain.reports import Period, Split, occupancy, post_use, stays
from hub.usecases.statistics import Counted, count
from hub.usecases.views import PostFilter

S = TypeVar("S", bound=Shape)
Day = Annotated[
    date, BeforeValidator(read_day), WithJsonSchema({"type": "string", "format": "date"}, mode="validation")
]


class RangeQuery(Query):
    """Which days, in the house's time zone; both are included. Without them: the thirty days until today."""

    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None


class StaysQuery(RangeQuery):
    """How the stays are put together."""

    period: Period = Period.DAY
    by: Annotated[Split, Field(description="tell zones or categories apart")] = Split.NOTHING


@endpoint(
    "GET",
    "/stats/occupancy",
    Role.VIEWER,
    Report[OccupancyShape],
    csv=True,
    summary="How full the posts are, hour by hour",
)
async def stats_occupancy(call: Call, query: RangeQuery) -> Any:
    return await _answer(call, "occupancy", OccupancyShape, *await occupancy_report(call.web, query))


@endpoint("GET", "/stats/sessions", Role.VIEWER, Report[StaysShape], csv=True, summary="Stays by day or week")
async def stats_sessions(call: Call, query: StaysQuery) -> Any:
    return await _answer(call, "stays", StaysShape, *await stays_report(call.web, query))


@endpoint(
    "GET", "/stats/posts", Role.VIEWER, Report[PostUseShape], csv=True, summary="How each post is used and how it does"
)
async def stats_posts(call: Call, query: RangeQuery) -> Any:
    return await _answer(call, "posts", PostUseShape, *await posts_report(call.web, query))


async def occupancy_report(web: Web, query: RangeQuery) -> tuple[Counted, list[OccupancyShape]]:
    """All hours of a week."""
    counted = await _count(web, query, "hour")
    rows = occupancy(counted.tallies, counted.first, counted.last, counted.zone, web.room.clock.now())
    return counted, [OccupancyShape(**asdict(row)) for row in rows]


async def stays_report(web: Web, query: StaysQuery) -> tuple[Counted, list[StaysShape]]:
    """The stays by day or week, and zone or category."""
    counted = await _count(web, query, "zone", "category")
    return counted, [StaysShape(**asdict(row)) for row in stays(counted.tallies, query.period, query.by)]


async def posts_report(web: Web, query: RangeQuery) -> tuple[Counted, list[PostUseShape]]:
    """Each post, with the name that it has now."""
    counted = await _count(web, query, "post_id")
    names = await _names(web)
    return counted, [PostUseShape(**asdict(row), name=names.get(row.post_id)) for row in post_use(counted.tallies)]


async def _count(web: Web, query: RangeQuery, *by: str) -> Counted:
    zone = (await web.queries.house()).house.time_zone
    return await count(web.queries, zone, web.room.clock.now(), query.first, query.last, by)


async def _names(web: Web) -> dict[str, str]:
    now, queries = web.room.clock.now(), web.queries
    views = [view for retired in (False, True) for view in await queries.posts(now, PostFilter(retired=retired))]
    return {view.post.id: view.post.name for view in views}


async def _answer(call: Call, name: str, shape: type[S], counted: Counted, rows: list[S]) -> Any:
    if wants_csv(call.request):
        return await send_csv(call.request, name, shape, each(rows))
    return Report[shape](first=counted.first, last=counted.last, time_zone=counted.zone, items=rows)  # type: ignore[valid-type]


async def each(rows: Iterable[S]) -> AsyncIterator[S]:
    """Rows that are there already, for an export that streams."""
    for row in rows:
        yield row


ENDPOINTS = (stats_occupancy, stats_sessions, stats_posts)
