"""The node on its hardware's own code: input_event bytes in, a pin and the OLED's bus out, the running room between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from evdev import ecodes
from gpiozero.pins.mock import MockFactory
from PIL import Image, ImageChops

from firmware_config.keymaps import load_keymap
from hub.wire.terms import Language
from node.adapters.clock import BootClock
from node.adapters.drawing import draw
from node.adapters.gpio import GpioPower, NoBuzzer, RelayPin
from node.adapters.journal_file import JournalFile
from node.adapters.keypad_evdev import EvdevKeypad
from node.adapters.link_mqtt import LinkMqtt
from node.adapters.screen_luma import LumaScreen, oled
from node.core.post import Identity
from node.core.screen import Layout, Picture
from node.settings import load_settings
from node.shell import Ports, Shell
from tests.fakes.keypad import PipeDevice
from tests.fakes.screen import Ssd1306Bus
from tests.system.demo_room import DemoRoom
from tests.system.looking import until

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    # luma 2.6 calls what Pillow will drop in version 14; the extras keep Pillow below that.
    pytest.mark.filterwarnings("ignore:Image.Image.getdata is deprecated:DeprecationWarning"),
]

PINS = (RelayPin("display", 17), RelayPin("usb", 27, off_delay_s=1))
KEYS = load_keymap("keyboard").keys
NAMES = {ecodes.ecodes[name]: name for name in KEYS}


def names(code: int) -> Iterable[str]:
    return (NAMES[code],) if code in NAMES else ()


@dataclass
class Hardware:
    """The wires of one post."""

    keypad: PipeDevice
    pins: MockFactory
    bus: Ssd1306Bus

    def type(self, *words: str) -> None:
        """Press the keys that mean these signs or actions."""
        self.keypad.type(*(ecodes.ecodes[next(name for name, word in KEYS.items() if word == each)] for each in words))

    def levels(self) -> tuple[int, int]:
        """What the two relays' pins are."""
        display, usb = (int(self.pins.pin(relay.pin).state) for relay in PINS)
        return display, usb

    async def until_levels(self, *wanted: int) -> None:
        async def look() -> bool:
            return self.levels() == wanted

        await until(look, f"the pins are {wanted}")

    async def until_digits(self, texts: Iterable[str]) -> None:
        """Return when the display's memory holds the large digits of one of these times."""
        clocks = [_digits(draw(Picture(Layout.CLOCK, big=text)).convert("L")) for text in texts]

        async def look() -> bool:
            shown = _digits(self.bus.image().convert("L"))
            return any(ImageChops.difference(shown, clock).getbbox() is None for clock in clocks)

        await until(look, "the display shows the time")


def _digits(image: Image.Image) -> Image.Image:
    """The rows that only the large digits use."""
    return image.crop((0, 24, 128, 40))


@asynccontextmanager
async def real_post(config: Path) -> AsyncIterator[Hardware]:
    """A node as `poste-node run` makes it, on wires that a test holds."""
    settings = load_settings(config, {})
    hub = settings.hub
    wires = Hardware(PipeDevice(), MockFactory(), Ssd1306Bus())
    power = GpioPower(PINS, pin_factory=wires.pins)
    ports = Ports(
        journal=JournalFile(config.parent / "journal"),
        clock=BootClock(),
        keypad=EvdevKeypad(KEYS, lambda held: [] if wires.keypad.path in held else [wires.keypad], names),
        screen=LumaScreen(oled("ssd1306", 1, 0x3C, 0, wire=wires.bus), draw),
        power=power,
        buzzer=NoBuzzer(),
        link=LinkMqtt(
            post_id=settings.post.id, host=hub.host, port=hub.port, username=hub.username, password=hub.password
        ),
    )
    shell = Shell(ports, Identity(str(uuid4()), "0.1.0", Language.EN), new_id=lambda: str(uuid4()))
    running = asyncio.create_task(shell.run())
    try:
        await asyncio.wait({running, asyncio.create_task(shell.started.wait())}, return_when=asyncio.FIRST_COMPLETED)

        async def linked() -> bool:
            # The house's settings come with the first sync, and clear what was typed under others.
            return not running.done() and shell.snapshot().hub_link == "ok" and shell._post.synced

        await until(linked, "the hub is found")
        yield wires
        shell.stop()
        await running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        power.close()
        wires.keypad.close()
        wires.pins.reset()


async def test_key_presses_become_a_high_pin_and_time_on_the_display(room: DemoRoom, tmp_path: Path) -> None:
    await room.new_post("p09", tmp_path / "node.toml")
    issued = await room.issue(3600)
    async with real_post(tmp_path / "node.toml") as wires:
        assert wires.levels() == (0, 0)
        wires.type(*issued["code"], "confirm")
        await wires.until_levels(1, 1)
        assert (await room.session(issued))["post_id"] == "p09"
        await wires.until_digits(f"59:{second:02}" for second in range(30, 60))

        wires.type("end")
        await wires.until_levels(0, 0)
        display, usb = (wires.pins.pin(relay.pin).states[-1].timestamp for relay in PINS)
        assert usb - display > 0.9  # the display first
        await room.until_session(issued, lambda now: now["status"] == "suspended", "banked")
