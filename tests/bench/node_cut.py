"""Lateness of the cut: from the relay's own on to its own off against the lease's seconds, the hub dead meanwhile."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

from node.adapters.clock import BootClock
from tests.bench.figures import Aim, Figure, spread
from tests.bench.post_here import now_ms, post_here
from tests.bench.processes import burnt_cpu
from tests.bench.run import Run

LIMIT_MS = 100
_AT_ONCE = 8
_LEASES_S = (2, 3, 4, 11)
"""The longest needs a second debit, written on the way."""


async def lateness(run: Run) -> Sequence[Figure]:
    """Many short leases at posts of their own, a few at a time; a bare timer of the same length beside each."""
    measured: list[float] = []
    limit: list[float] = []
    slots = asyncio.Semaphore(_AT_ONCE)
    async with burnt_cpu(run.folder), asyncio.TaskGroup() as group:
        for number in range(run.few(200, 24)):
            seconds = _LEASES_S[number % len(_LEASES_S)]
            group.create_task(_one(run.folder / str(number), seconds, slots, measured, limit))
    told = spread(measured)
    return [
        Figure(
            "lateness of the cut, hub dead, 1 CPU burnt",
            "ms",
            told,
            "a bare timer of the same length",
            spread(limit),
            (Aim("earliest", told.least, 0, "ms", at_least=True), Aim("p99", told.p99, LIMIT_MS, "ms")),
        )
    ]


async def _one(folder: Path, seconds: int, slots: asyncio.Semaphore, measured: list[float], limit: list[float]) -> None:
    async with slots:
        await asyncio.sleep(random.random())  # leases of different posts do not end together
        async with post_here(folder) as post:
            on_at = await post.powered(seconds)
            bare = asyncio.create_task(_timer(on_at + seconds * 1000))
            off_at = await post.cut(seconds + 10)
            measured.append(off_at - on_at - seconds * 1000)
            limit.append(await bare)


async def _timer(until_ms: float) -> float:
    """How late a sleep ends."""
    await BootClock().wait_until(int(until_ms) + 1)
    return now_ms() - until_ms
