"""The virtual parts of a post, one class a port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Protocol

from PIL.Image import Image

from hub.wire.terms import Relay
from node.core import relays as plan
from node.core.effects import Sound
from node.core.events import FaultGone, FaultSeen, KeypadBack, KeypadLost, KeyPressed, Powered, SignTyped, Tick
from node.core.relays import RelayRule
from node.core.screen import Layout, Picture
from node.ports import Light

Draw = Callable[[Picture, tuple[int, int]], Image]

_SIZE = (128, 64)
_DARK = Picture(Layout.MESSAGE)


class VirtualKeypad:
    """node.ports.Keypad: what is pressed is what the page posts."""

    def __init__(self) -> None:
        self._pressed: asyncio.Queue[SignTyped | KeyPressed] = asyncio.Queue()

    def press(self, keys: Iterable[SignTyped | KeyPressed]) -> None:
        """Press keys one after the other."""
        for key in keys:
            self._pressed.put_nowait(key)

    async def events(self) -> AsyncIterator[SignTyped | KeyPressed | KeypadLost | KeypadBack]:
        """Each key as it is pressed, without end."""
        while True:
            yield await self._pressed.get()


class VirtualScreen:
    """node.ports.Screen: draws with the OLED's own `draw` and keeps the pixels; `changed` is called after each."""

    def __init__(self, draw: Draw, changed: Callable[[], None]) -> None:
        self._draw, self._changed = draw, changed
        self._shown = (0, _DARK, draw(_DARK, _SIZE))

    @property
    def count(self) -> int:
        """How many pictures were shown."""
        return self._shown[0]

    @property
    def picture(self) -> Picture:
        """What is shown."""
        return self._shown[1]

    def png(self) -> bytes:
        """The display's pixels, 128 x 64, white on black."""
        file = BytesIO()
        self._shown[2].save(file, "PNG")
        return file.getvalue()

    def show(self, picture: Picture) -> None:
        """Draw. One tuple is replaced at once: show() runs in another thread than its readers."""
        self._shown = (self._shown[0] + 1, picture, self._draw(picture, _SIZE))
        self._changed()

    def close(self) -> None:
        """Dark."""
        self.show(_DARK)


@dataclass(frozen=True, slots=True)
class Switched:
    """One relay's change, at `now_ms()` of the clock it was made with."""

    at_ms: int
    name: str
    state: Relay


class Later(Protocol):
    """What is to be called later, such as `asyncio.TimerHandle`."""

    def cancel(self) -> None: ...


class VirtualPower:
    """node.ports.Power: relays that are lamps, by the rules of node.core.relays; `history` tells each change and when.

    `later(seconds, call)` calls back, as `loop.call_later` does. Every contact follows its relay.
    """

    def __init__(
        self,
        rules: Sequence[RelayRule],
        now_ms: Callable[[], int],
        changed: Callable[[], None],
        later: Callable[[float, Callable[[], None]], Later],
    ) -> None:
        self._now_ms, self._changed, self._later = now_ms, changed, later
        self._plan = plan.at_rest(tuple(replace(rule, feedback=False) for rule in rules), now_ms())
        self._timer: Later | None = None
        self._told: asyncio.Queue[Powered | Tick] = asyncio.Queue()
        self.history: list[Switched] = []

    def on(self) -> None:
        """Close the relays in order."""
        self._plan = plan.switched_on(self._plan, self._now_ms())
        self._go_on()

    def off(self) -> None:
        """Open the relays in order."""
        self._plan = plan.switched_off(self._plan, self._now_ms())
        self._go_on()

    def forget(self) -> None:
        """Have the reset relays pulsed."""
        self._plan = plan.forgotten(self._plan, self._now_ms())
        self._go_on()

    def relays(self) -> Mapping[str, Relay]:
        """What each relay is now."""
        return {rule.name: _state(rule.name in self._plan.closed) for rule in self._plan.rules}

    async def events(self) -> AsyncIterator[FaultSeen | FaultGone | Powered | Tick]:
        """Powered as it is asked for, and a Tick for each time that a relay has moved by itself."""
        while True:
            yield await self._told.get()

    def close(self) -> None:
        """All off, at once."""
        now_ms = self._now_ms()
        self._switched([plan.Switching(now_ms, name, on=False) for name in sorted(self._plan.closed)])
        self._plan = plan.at_rest(self._plan.rules, now_ms)
        self._arm(None)

    def _go_on(self) -> bool:
        now_ms = self._now_ms()
        self._plan, due = plan.passed(self._plan, now_ms)
        self._switched(due)
        self._plan, powered = plan.answered(self._plan)
        if powered:
            self._told.put_nowait(Powered(self._now_ms() + 1))  # as the real one: after the move, and rounded up
        at_ms = plan.next_ms(self._plan, now_ms)
        self._arm(None if at_ms is None else at_ms - now_ms)
        return bool(due)

    def _switched(self, steps: Sequence[plan.Switching]) -> None:
        self.history += [Switched(self._now_ms(), step.name, _state(step.on)) for step in steps]
        if steps:
            self._changed()

    def _arm(self, wait_ms: int | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if wait_ms is None else self._later(wait_ms / 1000, self._ring)

    def _ring(self) -> None:
        self._timer = None
        if self._go_on():
            self._told.put_nowait(Tick())


def _state(on: bool) -> Relay:
    return Relay.ON if on else Relay.OFF


class VirtualLamp:
    """node.ports.Lamp: `light` is how it shines; `changed` is called after each change."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self.light = Light.DARK

    def show(self, light: Light) -> None:
        """Shine so."""
        if light is not self.light:
            self.light = light
            self._changed()


class VirtualBuzzer:
    """node.ports.Buzzer: counts, and is silent."""

    def __init__(self) -> None:
        self.beeps: list[Sound] = []

    def beep(self, sound: Sound) -> None:
        """Remember the sound."""
        self.beeps.append(sound)

    def close(self) -> None:
        """Nothing to let go of."""
