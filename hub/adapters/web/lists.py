"""Lists short enough to be sorted and cut here: those that the database pages itself go by `hub.usecases.views`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from hub.adapters.web.fields import Paged
from hub.adapters.web.problems import invalid
from hub.adapters.web.shapes import Listed, Shape

S = TypeVar("S", bound=Shape)


def in_order(items: Sequence[S], query: Paged, orders: Collection[str]) -> Listed[S]:
    """The part that was asked for, by one of `orders` (the first unless said) and then by id; Problem 422."""
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
