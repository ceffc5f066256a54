"""What every Keypad does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from node.core.events import Key, KeyPressed, SignTyped
from node.ports import Keypad
from tests.fakes.watch import PATIENCE_S

Press = Callable[[Sequence[SignTyped | KeyPressed]], None]


@dataclass
class KeypadBench:
    """A keypad, and the fingers before it. `ready`: whether it hears them, once somebody reads its events."""

    keypad: Keypad
    press: Press
    ready: Callable[[], bool] = lambda: True


class KeypadSuite:
    """Each key as it is pressed, in order, without end."""

    async def test_keys_come_in_the_order_they_are_pressed(self, bench: KeypadBench) -> None:
        typed: list[SignTyped | KeyPressed] = [
            *map(SignTyped, "K7M2QX"),
            KeyPressed(Key.CONFIRM),
            KeyPressed(Key.ERASE),
            SignTyped("K"),
            *map(KeyPressed, (Key.PAUSE, Key.END, Key.BALANCE, Key.LANGUAGE, Key.HELP)),
        ]
        events = bench.keypad.events()
        first = await reading(bench, events)
        bench.press(typed)
        assert [await first, *await take(events, len(typed) - 1)] == typed

    async def test_keys_pressed_later_come_too(self, bench: KeypadBench) -> None:
        events = bench.keypad.events()
        first = await reading(bench, events)
        bench.press([SignTyped("A")])
        assert await first == SignTyped("A")
        bench.press([KeyPressed(Key.CONFIRM)])
        assert await take(events) == [KeyPressed(Key.CONFIRM)]

    async def test_nothing_comes_unless_something_is_pressed(self, bench: KeypadBench) -> None:
        first = await reading(bench, bench.keypad.events())
        await asyncio.sleep(0)
        assert not first.done()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


async def take(events: AsyncIterator[object], number: int = 1) -> list[object]:
    """The next so many."""
    async with asyncio.timeout(PATIENCE_S):
        return [await anext(events) for _ in range(number)]


async def reading(bench: KeypadBench, events: AsyncIterator[object]) -> asyncio.Task[object]:
    """A task that waits for the first event, begun and ready to hear it."""

    async def first() -> object:
        return (await take(events))[0]

    task = asyncio.create_task(first())
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.sleep(0)
        while not bench.ready():  # noqa: ASYNC110 - a device node of the kernel wakes nobody
            await asyncio.sleep(0.01)
    return task
