"""Relays that a test looks at."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hub.wire.terms import Relay
from node.core.effects import Sound
from tests.fakes.watch import silent


class FakePower:
    """A `Power` of the node; `history` holds each change of all relays together."""

    def __init__(self, names: tuple[str, ...] = ("display",), ring: Callable[[], None] = silent) -> None:
        self._names, self._ring = names, ring
        self.history = [Relay.OFF]
        self.closed = False

    @property
    def is_on(self) -> bool:
        return self.history[-1] is Relay.ON

    def on(self) -> None:
        self._switch(Relay.ON)

    def off(self) -> None:
        self._switch(Relay.OFF)

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
