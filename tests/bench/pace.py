"""Doing something again and again: how long it takes, so many at a time, or at a steady pace."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")


async def ms(work: Awaitable[object]) -> float:
    """Milliseconds until it is done."""
    began = monotonic()
    await work
    return (monotonic() - began) * 1000


async def each(items: Iterable[T], work: Callable[[T], Awaitable[Any]], at_once: int) -> None:
    """Do the work for each, so many of them at a time."""
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(worker())


async def spread_out(items: Sequence[T], period_s: float, work: Callable[[T], Awaitable[Any]]) -> None:
    """Do the work for each once a period, evenly spread over it, without end; work that takes its time holds nobody up.

    Raises what a piece of work raises.
    """
    began, number = monotonic(), 0
    async with asyncio.TaskGroup() as group:
        while True:
            due = began + number * period_s / len(items)
            await asyncio.sleep(max(0.0, due - monotonic()))
            group.create_task(_run(work, items[number % len(items)]))
            number += 1


async def _run(work: Callable[[T], Awaitable[Any]], item: T) -> None:
    await work(item)
