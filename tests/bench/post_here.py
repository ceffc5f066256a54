"""A post in this process: the real shell, core, journal and clock, on virtual hardware whose wires take their time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from hub.wire.messages import HubReport, Lease, PostSettings, Redeem, Sync
from hub.wire.terms import Language, Relay
from node.adapters.clock import BootClock
from node.adapters.drawing import draw
from node.adapters.journal_file import JournalFile
from node.adapters.screen_luma import LumaScreen, Panel, oled
from node.adapters.sim import VirtualBuzzer, VirtualKeypad, VirtualPower
from node.core.events import Key, KeyPressed, SignTyped
from node.core.post import Identity
from node.core.relays import RelayRule
from node.core.screen import Picture
from node.shell import Ports, Shell
from tests.bench.figures import Unmeasured
from tests.fakes.link import FakeLink
from tests.fakes.oled_bus import Ssd1306Bus
from tests.fakes.watch import Watch

CODE = "K7M2QX"
PATIENCE_S = 30.0
_I2C_BIT_S = 1 / 400_000
_BITS_A_BYTE = 9
_ADDRESS = 0x3C


def now_ms() -> float:
    """CLOCK_BOOTTIME, as posts count, but finer."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) / 1e6


def i2c_panel() -> Panel:
    """An OLED on a bus that takes as long as a Pi's at 400 kHz: nine bits a byte, address and register too."""
    return oled("ssd1306", 1, _ADDRESS, 0, wire=_Wire())


class _Wire(Ssd1306Bus):
    def write_i2c_block_data(self, address: int, register: int, data: list[int]) -> None:
        time.sleep((len(data) + 2) * _BITS_A_BYTE * _I2C_BIT_S)
        super().write_i2c_block_data(address, register, data)


class _TimedScreen(LumaScreen):
    """Notes when each picture is wholly on the glass."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(i2c_panel(), draw)
        self._watch = watch
        self.shown: list[tuple[float, Picture]] = []

    def show(self, picture: Picture) -> None:
        super().show(picture)
        self.shown.append((now_ms(), picture))
        self._watch.ring()


@dataclass
class PostHere:
    """The running post, and the hub's part in the measurement's hand."""

    folder: Path
    watch: Watch = field(default_factory=Watch)
    keypad: VirtualKeypad = field(default_factory=VirtualKeypad)
    switched: list[tuple[float, Relay]] = field(default_factory=list)
    """When the relay moved, and to what."""

    def __post_init__(self) -> None:
        self.link = FakeLink(self.watch.ring)
        self.screen = _TimedScreen(self.watch)
        clock = BootClock()
        loop = asyncio.get_running_loop()
        self._power = VirtualPower([RelayRule("display")], clock.now_ms, self._moved, loop.call_later)
        ports = Ports(
            journal=JournalFile(self.folder),
            clock=clock,
            keypad=self.keypad,
            screen=self.screen,
            power=self._power,
            buzzer=VirtualBuzzer(),
            link=self.link,
        )
        self.shell = Shell(ports, Identity(_id(), "0.1.0", Language.EN), new_id=_id)

    def _moved(self) -> None:
        self.switched.append((now_ms(), self._power.relays()["display"]))
        self.watch.ring()

    async def powered(self, seconds: int) -> float:
        """Have a code typed and a lease granted, then let the hub die; when the relay closed."""
        self.link.found()
        self.link.say(HubReport(online=True, hub_epoch=_id()))
        settings = PostSettings(language=Language.EN, grace_s=0)
        self.link.say(Sync(hub_epoch=_id(), utc="2026-11-23T09:00:00Z", settings=settings))
        self.keypad.press([*map(SignTyped, CODE), KeyPressed(Key.CONFIRM)])
        asked: Redeem | None = None
        while asked is None:
            await self.watch.until(lambda: bool(self.link.sent))
            asked = next((one for one in self.link.sent if isinstance(one, Redeem)), None)
            self.link.sent.clear()
        self.link.say(Lease(_id(), rev=1, total_s=seconds, req_id=asked.req_id))
        on_at, _ = await self._switching(Relay.ON)
        self.link.lost()
        return on_at

    async def cut(self, within_s: float) -> float:
        """When the relay opened."""
        return (await self._switching(Relay.OFF, within_s))[0]

    async def shows(self, text: str) -> float:
        """When a picture with just these signs in large came onto the glass, from now on."""
        seen = len(self.screen.shown)

        def found() -> list[float]:
            return [at for at, picture in self.screen.shown[seen:] if picture.big == text]

        await self.watch.until(lambda: bool(found()))
        return found()[0]

    async def _switching(self, state: Relay, within_s: float = PATIENCE_S) -> tuple[float, Relay]:
        await self.watch.until(lambda: any(one[1] is state for one in self.switched), within_s=within_s)
        return next(one for one in self.switched if one[1] is state)


@asynccontextmanager
async def post_here(folder: Path) -> AsyncIterator[PostHere]:
    """A post that takes keys; ended at the end."""
    made = PostHere(folder)
    running = asyncio.create_task(made.shell.run())
    try:
        async with asyncio.timeout(PATIENCE_S):
            await made.shell.started.wait()
        yield made
        if running.done():
            raise Unmeasured(f"the post ended: {running.exception()}")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def _id() -> str:
    return str(uuid4())
