"""Relays that a test looks at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

from hub.wire.terms import Relay
from node.core.effects import Sound
from node.core.events import FaultGone, FaultSeen, KeyPressed, Powered, Tick
from node.ports import Light
from tests.fakes.watch import silent


class FakePower:
    """A `Power` of the node; `history` holds each change of all relays together."""

    def __init__(
        self,
        names: tuple[str, ...] = ("display",),
        ring: Callable[[], None] = silent,
        now_ms: Callable[[], int] = lambda: 0,
    ) -> None:
        self._names, self._ring, self._now_ms = names, ring, now_ms
        self.history = [Relay.OFF]
        self.forgotten = 0
        self.closed = False
        self._told: asyncio.Queue[FaultSeen | FaultGone | Powered | Tick] = asyncio.Queue()

    @property
    def is_on(self) -> bool:
        return self.history[-1] is Relay.ON

    def on(self) -> None:
        self._switch(Relay.ON)
        self.tell(Powered(self._now_ms()))

    def off(self) -> None:
        self._switch(Relay.OFF)

    def forget(self) -> None:
        self.forgotten += 1
        self._ring()

    def tell(self, *events: FaultSeen | FaultGone | Powered | Tick) -> None:
        """Let `events()` yield these."""
        for event in events:
            self._told.put_nowait(event)

    async def events(self) -> AsyncIterator[FaultSeen | FaultGone | Powered | Tick]:
        while True:
            yield await self._told.get()

    def relays(self) -> Mapping[str, Relay]:
        return dict.fromkeys(self._names, self.history[-1])

    def close(self) -> None:
        self.off()
        self.closed = True

    def _switch(self, state: Relay) -> None:
        if self.history[-1] is not state:
            self.history.append(state)
        self._ring()


class FakeBuzzer:
    """A `Buzzer` of the node that remembers."""

    def __init__(self) -> None:
        self.beeps: list[Sound] = []

    def beep(self, sound: Sound) -> None:
        self.beeps.append(sound)


class FakeLamp:
    """A `Lamp` of the node; `shown` holds each change."""

    def __init__(self, ring: Callable[[], None] = silent) -> None:
        self._ring = ring
        self.shown: list[Light] = []

    def show(self, light: Light) -> None:
        if self.shown[-1:] != [light]:
            self.shown.append(light)
        self._ring()


class FakeButton:
    """A `Button` of the node that a test presses."""

    def __init__(self) -> None:
        self._pressed: asyncio.Queue[KeyPressed] = asyncio.Queue()

    def press(self, key: KeyPressed) -> None:
        self._pressed.put_nowait(key)

    async def events(self) -> AsyncIterator[KeyPressed]:
        while True:
            yield await self._pressed.get()
