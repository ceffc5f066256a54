"""Start to ready of a hub with a long past."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from tests.bench.databases import SQLITE, databases
from tests.bench.figures import Figure, against_limit
from tests.bench.house import furnished, hub
from tests.bench.processes import importing, libraries
from tests.bench.run import Run

TIMES = 2.0
PAST = 100_000
_MODULES = ("hub.cli.run_hub", "hub.main", "hub.adapters.db.models", "hub.adapters.db.migrations")
_ENGINES = {SQLITE: ("hub.adapters.db.sqlite_engine",)}


async def start(run: Run, kind: str) -> Sequence[Figure]:
    """Start to ready, again and again, by turns with bare imports."""
    past = run.few(PAST, PAST // 10)
    names = await libraries(run.folder, *_MODULES, *_ENGINES.get(kind, ("tortoise.backends.asyncpg",)))
    measured, limit = [], []
    with databases(kind) as new:
        house = await furnished(run.folder, new, posts=20, past=past)
        for _ in range(run.few(12, 4)):
            began = monotonic()
            async with importing(run.folder, names):
                limit.append((monotonic() - began) * 1000)
            began = monotonic()
            async with hub(house):
                measured.append((monotonic() - began) * 1000)
    what = f"hub: start to ready with {past:,} past sessions, {kind}"
    against = "bare Python that imports the same libraries"
    return [against_limit(what, "ms", measured, against, limit, median_at_most=TIMES)]
