"""Lists over the API: a page as JSON, or the whole as CSV, read chunk by chunk behind the last one read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from typing import TypeVar

from pydantic import BaseModel

from hub.adapters.web.fields import Paged
from hub.adapters.web.problems import invalid
from hub.adapters.web.shapes import Listed
from hub.usecases import views
from hub.usecases.views import Page, Paging

V = TypeVar("V")
S = TypeVar("S", bound=BaseModel)


async def part(asked: Paged, read: Callable[[Paging], Awaitable[Page[V]]]) -> Page[V]:
    """The part of a list that is asked for; Problem 422 for an ordering that there is none of."""
    try:
        return await read(Paging(asked.page, asked.page_size, asked.ordering))
    except ValueError as error:
        raise invalid(("ordering", str(error))) from error


async def listed(asked: Paged, read: Callable[[Paging], Awaitable[Page[V]]], show: Callable[[V], S]) -> Listed[S]:
    """The part of a list that is asked for, to be shown; Problem 422 for an ordering that there is none of."""
    page = await part(asked, read)
    return Listed(items=[show(one) for one in page.items], total=page.total, page=page.page, page_size=page.page_size)


async def every(read: Callable[[V | None], Awaitable[list[V]]], show: Callable[[V], S]) -> AsyncIterator[S]:
    """All items, oldest first, to be shown."""
    async for one in views.every(read):
        yield show(one)


def in_order(items: Sequence[S], query: Paged, orders: Collection[str]) -> Listed[S]:
    """The part that was asked for of a list that is short enough to be sorted here.

    By one of `orders` (the first unless said), then by id; Problem 422 for another ordering.
    """
    ordering = query.ordering or next(iter(orders))
    field = ordering.removeprefix("-")
    if field not in orders:
        raise invalid(("ordering", f"must be one of {', '.join(orders)}, with or without a leading -"))

    def key(item: S) -> tuple[str, str]:
        return str(getattr(item, field) or ""), str(getattr(item, "id", ""))

    sorted_items = sorted(items, key=key, reverse=ordering[0] == "-")
    first = (query.page - 1) * query.page_size
    return Listed(
        items=sorted_items[first : first + query.page_size],
        total=len(items),
        page=query.page,
        page_size=query.page_size,
    )
