"""The relays on GPIO pins: off at the start, off at the end whatever it is, staged in between."""

from __future__ import annotations

import asyncio
import atexit
import logging
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from hub.wire.terms import Relay
from node.adapters.gpio.alarm import NewAlarm, ThreadAlarm
from node.adapters.gpio.pins import PinError, contact, output, pin_errors
from node.core import relays as plan
from node.core.events import FaultGone, FaultSeen, Powered, Tick
from node.core.relays import RelayRole, RelayRule

_log = logging.getLogger(__name__)

Told = FaultSeen | FaultGone | Powered | Tick
"""What relays tell by themselves."""


@dataclass(frozen=True, slots=True)
class RelayPin:
    """One relay: its BCM pin, and its times as node.toml has them (see node.settings.RelaySettings)."""

    name: str
    pin: int
    active_high: bool = True
    on_delay_s: int = 0
    off_delay_s: int = 0
    feedback_pin: int | None = None
    """An input that is high while the relay's contact is really closed."""
    role: RelayRole = RelayRole.POWER
    min_off_s: int = 0
    follow_ms: int = 500
    reset_after_s: int = 5
    reset_pulse_s: int = 1

    def rule(self) -> RelayRule:
        """What the plan needs of it."""
        return RelayRule(
            name=self.name,
            role=self.role,
            on_delay_ms=self.on_delay_s * 1000,
            off_delay_ms=self.off_delay_s * 1000,
            min_off_ms=self.min_off_s * 1000,
            reset_after_ms=self.reset_after_s * 1000,
            reset_pulse_ms=self.reset_pulse_s * 1000,
            feedback=self.feedback_pin is not None,
            follow_ms=self.follow_ms,
        )


class GpioPower:
    """node.ports.Power, by the rules of node.core.relays.

    Words return at once: what has a delay follows on a thread of its own, also when the loop stands still. A pin that
    does not obey is PinError, from the word or, later, from `events()`; then all relays are off.
    """

    def __init__(self, relays: Sequence[RelayPin], *, pin_factory: Any = None, alarm: NewAlarm = ThreadAlarm) -> None:
        self._lock, self._pins, self._closed = threading.RLock(), ExitStack(), False
        self._outputs: dict[str, Any] = {}
        self._contacts: dict[str, Any] = {}
        self._told: list[Told | PinError] = []
        self._wake: Callable[[], None] | None = None
        self._alarm = alarm("relays", self._ring)
        self._plan = plan.at_rest(tuple(relay.rule() for relay in relays), self._alarm.now_ms())
        # An end that nobody foresaw still runs this: before gpiozero's own hook, which would let the pins float.
        atexit.register(self.close)
        try:
            for relay in relays:
                self._take(relay, pin_factory)
        except PinError:
            self.close()
            raise
        self._go_on()

    def on(self) -> None:
        """Close the relays in order."""
        self._word(plan.switched_on)

    def off(self) -> None:
        """Open the relays in order; whatever was still to go on does not."""
        self._word(plan.switched_off)

    def forget(self) -> None:
        """Have the reset relays pulsed."""
        self._word(plan.forgotten)

    def relays(self) -> Mapping[str, Relay]:
        """What each contact is, by its feedback where there is one, else what its pin says."""
        with self._lock, pin_errors("a relay's pin cannot be read"):
            told = {name: self._contacts.get(name, device) for name, device in self._outputs.items()}
            return {name: Relay.ON if device.value else Relay.OFF for name, device in told.items()}

    async def events(self) -> AsyncIterator[Told]:
        """As node.ports.Power has it. For one reader."""
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            self._wake = lambda: _wake(loop, woken)
        woken.set()
        while True:
            await woken.wait()
            woken.clear()
            with self._lock:
                told, self._told = self._told, []
            for event in told:
                if isinstance(event, PinError):
                    raise event
                yield event

    def close(self) -> None:
        """All off at once, without any delay, and let go of the pins. Every pin is tried, whatever another one does."""
        atexit.unregister(self.close)
        self._alarm.close()
        with self._lock, pin_errors("a relay's pin does not obey"):
            self._closed = True
            self._outputs, self._contacts = {}, {}
            self._pins.close()

    def _take(self, relay: RelayPin, pin_factory: Any) -> None:
        device = output(relay.pin, f"relay {relay.name}", active_high=relay.active_high, pin_factory=pin_factory)
        self._outputs[relay.name] = device
        self._pins.callback(device.close)
        if relay.feedback_pin is not None:
            what = f"the feedback of relay {relay.name}"
            self._contacts[relay.name] = contact(relay.feedback_pin, what, pin_factory=pin_factory)
            self._pins.callback(self._contacts[relay.name].close)
        self._pins.callback(device.off)  # the last to be pushed is the first to be called

    def _word(self, word: Callable[[plan.Relays, int], plan.Relays]) -> None:
        with self._lock:
            if self._closed:
                return
            self._plan = word(self._plan, self._alarm.now_ms())
            with pin_errors("a relay's pin does not obey"):
                self._go_on()

    def _go_on(self) -> bool:
        """Do what is due, look at the contacts, and set the alarm for what comes next; whether a relay moved."""
        now_ms = self._alarm.now_ms()
        self._plan, due = plan.passed(self._plan, now_ms)
        for step in due:
            device = self._outputs[step.name]
            (device.on if step.on else device.off)()
        self._plan, powered = plan.answered(self._plan)
        if powered:
            self._tell(Powered(self._alarm.now_ms() + 1))  # read after the relay's move, and rounded up
        seen = {name: bool(device.value) for name, device in self._contacts.items()}
        before, self._plan = self._plan.faulty, plan.sensed(self._plan, seen, now_ms)
        self._tell(*(FaultSeen(f"relay:{name}") for name in sorted(self._plan.faulty - before)))
        self._tell(*(FaultGone(f"relay:{name}") for name in sorted(before - self._plan.faulty)))
        self._alarm.set(plan.next_ms(self._plan, now_ms))
        return bool(due)

    def _ring(self) -> None:
        with self._lock:
            if self._closed:
                return
            try:
                with pin_errors("a relay's pin does not obey"):
                    if self._go_on():
                        self._tell(Tick())
            except PinError as error:
                self._tell(error)
                self._give_up()

    def _give_up(self) -> None:
        try:
            self.close()
        except PinError as error:
            _log.error("not every relay could be switched off: %s", error)

    def _tell(self, *events: Told | PinError) -> None:
        if events:
            self._told += events
            if self._wake is not None:
                self._wake()


def _wake(loop: asyncio.AbstractEventLoop, woken: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(woken.set)
