"""Alarms that ring when a test lets time pass, and the levels that pins have had by then."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gpiozero.pins.mock import MockFactory


class FakeTime:
    """Makes alarms of one time, for `alarm=`; `pass_` lets it pass."""

    def __init__(self, now_ms: int = 1_000) -> None:
        self.now_ms = now_ms
        self._alarms: list[FakeAlarm] = []

    def alarm(self, _: str, ring: Callable[[], None]) -> FakeAlarm:
        made = FakeAlarm(self, ring)
        self._alarms.append(made)
        return made

    def pass_(self, ms: int) -> None:
        """So many milliseconds, each alarm ringing at its time."""
        end_ms = self.now_ms + ms
        while due := [alarm for alarm in self._alarms if alarm.at_ms is not None and alarm.at_ms <= end_ms]:
            first = min(due, key=lambda alarm: alarm.at_ms or 0)
            self.now_ms = max(self.now_ms, first.at_ms or 0)
            first.at_ms = None
            first.ring()
        self.now_ms = end_ms


class FakeAlarm:
    """An `Alarm` of the GPIO adapters."""

    def __init__(self, time: FakeTime, ring: Callable[[], None]) -> None:
        self._time, self.ring = time, ring
        self.at_ms: int | None = None
        self.closed = False

    def now_ms(self) -> int:
        return self._time.now_ms

    def set(self, at_ms: int | None) -> None:
        self.at_ms = None if self.closed else at_ms

    def close(self) -> None:
        self.at_ms, self.closed = None, True


class Levels:
    """Every level of some pins, with its fake time: `history` is the list of (ms, pin, level) changes."""

    def __init__(self, factory: MockFactory, time: FakeTime, pins: Iterable[int]) -> None:
        self._factory, self._time = factory, time
        self._pins = {pin: factory.pin(pin).state for pin in pins}
        self.history: list[tuple[int, int, bool]] = []
        for pin in self._pins:
            self._watch(pin)

    def _watch(self, number: int) -> None:
        pin = self._factory.pin(number)
        change = pin._change_state  # the mock's one door for every level, whoever drives it

        def noted(value: bool) -> bool:
            changed = bool(change(value))
            if changed:
                self.history.append((self._time.now_ms, number, value))
            return changed

        pin._change_state = noted
