"""What the node needs of the world. Each port has a real adapter, and a fake that passes the same tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from hub.wire.messages import Finding, PostReport, Up
from hub.wire.terms import Relay
from node.core.effects import Sound
from node.core.events import (
    BrokerFound,
    BrokerLost,
    FaultGone,
    FaultSeen,
    KeypadBack,
    KeypadLost,
    KeyPressed,
    Powered,
    Received,
    SignTyped,
    Tick,
)
from node.core.ledger import Record
from node.core.screen import Picture


class JournalError(Exception):
    """The journal cannot be written (full, read-only, broken); the text says which file and why."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the journal held: None when there was none that could be read.

    `older` says that the newest generation was unreadable and the one before it is told (R24); `aside` names the
    file that was put aside because no generation could be read.
    """

    record: Record | None
    older: bool = False
    aside: str | None = None


class Journal(Protocol):
    """The node's memory over power cuts."""

    def load(self) -> Loaded: ...

    def save(self, record: Record) -> None:
        """Durable when it returns; JournalError when it could not be made so, and then the old record stands."""


class Clock(Protocol):
    """Time that only goes forward, also while the machine sleeps (CLOCK_BOOTTIME)."""

    def now_ms(self) -> int: ...

    async def wait_until(self, ms: int) -> None: ...


class Keypad(Protocol):
    """Where codes are typed."""

    def events(self) -> AsyncIterator[SignTyped | KeyPressed | KeypadLost | KeypadBack]:
        """Each key as it is pressed, without end; heals by itself after an unplug."""


class ScreenError(Exception):
    """The screen did not take a picture."""


class Screen(Protocol):
    """The OLED."""

    def show(self, picture: Picture) -> None:
        """Draw; blocking, called outside the loop's thread; ScreenError when the display does not answer."""

    def close(self) -> None: ...


class Power(Protocol):
    """The relays. Each word returns at once; what has a delay follows by itself (see node.core.relays)."""

    def on(self) -> None:
        """Answered by a Powered from `events` once a relay is on, unless an `off` comes before that."""

    def off(self) -> None:
        """The cut; it overtakes an `on` that is still under way."""

    def forget(self) -> None:
        """A stay is over: what is behind a reset relay shall forget its user."""

    def events(self) -> AsyncIterator[FaultSeen | FaultGone | Powered | Tick]:
        """Powered when the first relay is on; relays that do not follow (`relay:NAME`), or do again; a Tick when one
        has moved by itself. Without end."""

    def relays(self) -> Mapping[str, Relay]:
        """What each relay is now, by name."""

    def close(self) -> None:
        """All off, and let go of the pins."""


class Buzzer(Protocol):
    """Sounds, where there is a buzzer."""

    def beep(self, sound: Sound) -> None: ...


class Light(Enum):
    """How the status LED shines."""

    DARK = "dark"
    STEADY = "steady"
    FLASH = "flash"
    """A short flash now and then."""
    SLOW = "slow"
    FAST = "fast"


class Lamp(Protocol):
    """The status LED, where there is one."""

    def show(self, light: Light) -> None: ...


class Button(Protocol):
    """A push button, where there is one."""

    def events(self) -> AsyncIterator[KeyPressed]:
        """One for each press, without end."""


class HubLink(Protocol):
    """The way to the hub and back."""

    def events(self) -> AsyncIterator[Received | BrokerFound | BrokerLost]:
        """What comes from the hub, without end; reconnects by itself."""

    async def send(self, message: Up) -> None:
        """Publish; dropped with a log line when there is no broker (the core repeats what matters)."""

    async def report(self, report: PostReport, *, periodic: bool) -> None:
        """Publish the retained status: QoS 0 when periodic, else QoS 1."""

    async def close(self) -> None:
        """An orderly goodbye: what is under way is sent, then the last report as offline; `events` ends."""


class Machine(Protocol):
    """What the node runs on, beside its own parts."""

    async def look(self, *, write: bool) -> list[Finding]:
        """How its clock is and, where writes disturb nobody, its disk."""


class Supervisor(Protocol):
    """What watches over the program from outside, such as systemd."""

    @property
    def beat_ms(self) -> int | None:
        """How often it wants a sign of life; None: never."""

    def ready(self) -> None:
        """The post takes keys."""

    def say(self, status: str) -> None:
        """One line on what the post is doing."""

    def alive(self) -> None:
        """The sign of life. When it fails to come for twice `beat_ms`, the program is killed."""

    def stopping(self) -> None:
        """The orderly end has begun."""
