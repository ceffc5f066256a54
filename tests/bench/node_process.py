"""A post as a process of its own, on virtual hardware: what it costs while it counts, and how soon it is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

from tests.bench.figures import Aim, Figure, against_limit, spread
from tests.bench.processes import Process, importing, libraries, python
from tests.bench.run import Run
from tests.system.node_process import config, stay

MEMORY_TIMES, CPU_PERCENT, START_TIMES = 1.3, 1.0, 2.0
CARD_KB_AN_HOUR = 4_000
"""400 saves an hour, each of one page and what the file system adds to it."""
_MODULES = ("node.cli", "node.main", "node.adapters.sim", "node.adapters.screen_luma", "aiohttp.web")
"""What `poste-node run --sim` imports, some of it late."""


async def cost(run: Run) -> Sequence[Figure]:
    """Memory, processor and disk over a while in which a stay counts and the hub is away."""
    seconds = run.few(90, 20)
    names = await libraries(run.folder, *_MODULES)
    stay(run.folder / "journal", left_s=590)
    async with _post(run.folder) as process, importing(run.folder, names) as other:
        post, bare = process.weighed, other.weighed
        await asyncio.sleep(3)  # it has started, greeted nobody, and settled down
        memory, limit = [], []
        cpu_s, written, bare_cpu_s, began = (
            post.cpu_s(),
            post.written_bytes(),
            bare.cpu_s(),
            monotonic(),
        )
        while monotonic() - began < seconds:
            await asyncio.sleep(1)
            memory.append(post.resident_kib() / 1024)
            limit.append(bare.resident_kib() / 1024)
        took_s = monotonic() - began
        cpu = (post.cpu_s() - cpu_s) / took_s * 100
        bare_cpu = (bare.cpu_s() - bare_cpu_s) / took_s * 100
        card_kb = (post.written_bytes() - written) / 1000 / took_s * 3600
    return [
        against_limit(
            "node: resident memory while counting",
            "MiB",
            memory,
            "bare Python that imports the same libraries",
            limit,
            median_at_most=MEMORY_TIMES,
        ),
        Figure(
            "node: processor while counting",
            "% of a core",
            spread([cpu]),
            aims=(Aim("mean", cpu, CPU_PERCENT, "%"),),
            beside={"bare_percent": bare_cpu, "over_s": took_s},
        ),
        Figure(
            "node: sent to the card while counting",
            "kB/h",
            spread([card_kb]),
            aims=(Aim("mean", card_kb, CARD_KB_AN_HOUR, "kB/h"),),
            beside={"over_s": took_s},
        ),
    ]


async def start(run: Run) -> Sequence[Figure]:
    """Start to ready, again and again, by turns with bare imports."""
    names = await libraries(run.folder, *_MODULES)
    measured, limit = [], []
    for _ in range(run.few(15, 4)):
        began = monotonic()
        async with importing(run.folder, names):
            limit.append((monotonic() - began) * 1000)
        began = monotonic()
        async with _post(run.folder):
            measured.append((monotonic() - began) * 1000)
    what, against = "node: start to ready", "bare Python that imports the same libraries"
    return [against_limit(what, "ms", measured, against, limit, median_at_most=START_TIMES)]


@asynccontextmanager
async def _post(folder: Path) -> AsyncIterator[Process]:
    words = ("-m", "node", "run", "--config", str(config(folder)), "--sim", "127.0.0.1:0")
    async with python(*words, log=folder / "node.log") as process:
        await process.line()
        yield process
