"""What every Button does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from node.core.events import Key, KeyPressed
from node.ports import Button
from tests.fakes.watch import PATIENCE_S, silent


@dataclass
class ButtonBench:
    """A button that means `end`, and the finger before it; `later` lets the contact settle."""

    button: Button
    press: Callable[[], None]
    later: Callable[[], None] = silent


class ButtonSuite:
    """One event for each press, without end."""

    async def test_each_press_is_told_once(self, bench: ButtonBench) -> None:
        events = bench.button.events()
        for _ in range(2):
            told = asyncio.ensure_future(anext(events))
            await asyncio.sleep(0)
            bench.press()
            bench.later()
            assert await asyncio.wait_for(told, PATIENCE_S) == KeyPressed(Key.END)
        more = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        assert not more.done()
        more.cancel()
        await asyncio.gather(more, return_exceptions=True)
