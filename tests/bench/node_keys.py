"""Key press to changed frame: a stay is counting, the hub is dead, and a processor is burnt beside it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence

from node.adapters.drawing import draw
from node.adapters.screen_luma import Panel
from node.core.events import Key, KeyPressed, SignTyped
from node.core.screen import Picture
from tests.bench.figures import Aim, Figure, spread
from tests.bench.post_here import CODE, i2c_panel, now_ms, post_here
from tests.bench.processes import burnt_cpu
from tests.bench.run import Run

LIMIT_MS = 50
_STAY_S = 3600
_GAPS_S = (0.03, 0.3)
"""Between a frame and the next key: a quick typist, and no rhythm that the count of the seconds could fall in with."""


async def key_to_frame(run: Run) -> Sequence[Figure]:
    """Type and erase signs one by one; draw and send the same picture bare after each."""
    chance = random.Random(1)
    measured, limit = [], []
    bare = i2c_panel()
    bare.begin()
    async with burnt_cpu(run.folder), post_here(run.folder / "journal") as post:
        await post.powered(_STAY_S)
        await asyncio.sleep(0.5)
        for key, text in _keys(run.few(400, 60)):
            pressed_at = now_ms()
            post.keypad.press([key])
            measured.append(await post.shows(text) - pressed_at)
            limit.append(await asyncio.to_thread(_bare_frame, bare, post.screen.shown[-1][1]))
            await asyncio.sleep(chance.uniform(*_GAPS_S))
    told = spread(measured)
    return [
        Figure(
            "key press to changed frame, hub dead, 1 CPU burnt",
            "ms",
            told,
            "draw the same picture and send it over the same bus (I2C, 400 kHz)",
            spread(limit),
            (Aim("p99", told.p99, LIMIT_MS, "ms"),),
        )
    ]


def _keys(number: int) -> Iterator[tuple[SignTyped | KeyPressed, str]]:
    """Keys, and what is to stand on the screen after each: never nothing, never a whole code."""
    length, step = 0, 1
    for _ in range(number):
        length += step
        yield (SignTyped(CODE[length - 1]) if step > 0 else KeyPressed(Key.ERASE)), CODE[:length]
        if length in {1, len(CODE) - 1}:
            step = 1 if length == 1 else -1


def _bare_frame(panel: Panel, picture: Picture) -> float:
    began = now_ms()
    panel.write(draw(picture, panel.size))
    return now_ms() - began
