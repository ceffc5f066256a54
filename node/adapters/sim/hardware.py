"""The virtual parts of a post, one class a port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL.Image import Image

from hub.wire.terms import Relay
from node.core.effects import Sound
from node.core.events import KeypadBack, KeypadLost, KeyPressed, SignTyped
from node.core.screen import Layout, Picture

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


class VirtualPower:
    """node.ports.Power: relays that are lamps; `history` tells each change and when."""

    def __init__(self, names: Sequence[str], now_ms: Callable[[], int], changed: Callable[[], None]) -> None:
        self._relays = dict.fromkeys(names, Relay.OFF)
        self._now_ms, self._changed = now_ms, changed
        self.history: list[Switched] = []

    def on(self) -> None:
        """Close the relays."""
        self._switch(Relay.ON)

    def off(self) -> None:
        """Open the relays."""
        self._switch(Relay.OFF)

    def relays(self) -> Mapping[str, Relay]:
        """What each relay is now."""
        return dict(self._relays)

    def close(self) -> None:
        """All off."""
        self.off()

    def _switch(self, state: Relay) -> None:
        moved = [name for name, was in self._relays.items() if was is not state]
        self._relays = dict.fromkeys(self._relays, state)
        self.history += [Switched(self._now_ms(), name, state) for name in moved]
        if moved:
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
