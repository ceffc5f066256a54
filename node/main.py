"""The composition root: the only place that wires adapters to the shell, real ones or simulated ones."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import asdict
from uuid import uuid4

from firmware_config.keymaps import load_keymap
from hub.wire.codec import encode
from node.adapters import machine
from node.adapters.clock import BootClock
from node.adapters.drawing import draw
from node.adapters.journal_file import JournalFile
from node.adapters.link_mqtt import LinkMqtt
from node.core.post import Identity
from node.ports import JournalError
from node.settings import Settings
from node.shell import Ports, Shell, ShellDied

Announce = Callable[[str], None]


class NodeError(Exception):
    """The node cannot start or go on; the text is one line that says why."""


async def run_real(settings: Settings, version: str, announce: Announce) -> None:
    """Run a post on its hardware until SIGTERM or SIGINT; `announce` gets the line that says it is ready.

    Raises NodeError. The relays are off before and after, whatever happens.
    """
    from node.adapters.buzzer_gpio import BuzzerError, GpioBuzzer, NoBuzzer
    from node.adapters.keypad_evdev import evdev_keypad
    from node.adapters.power_gpio import GpioPower, PowerError, RelayPin
    from node.adapters.screen_luma import LumaScreen, oled

    screen = settings.screen
    connect = oled(screen.driver, screen.bus, screen.address, screen.rotate)
    with ExitStack() as at_end:
        try:
            power = GpioPower([RelayPin(**asdict(relay)) for relay in settings.relays])
            at_end.callback(power.close)
            buzzer = GpioBuzzer(settings.buzzer.pin) if settings.buzzer else NoBuzzer()
            at_end.callback(buzzer.close)
        except (PowerError, BuzzerError) as error:
            raise NodeError(str(error)) from error
        ports = Ports(
            journal=JournalFile(settings.journal.folder),
            clock=BootClock(),
            keypad=evdev_keypad(settings.keypad.match, load_keymap(settings.keypad.keymap).keys),
            screen=LumaScreen(connect, draw),
            power=power,
            buzzer=buzzer,
            link=_link(settings),
        )
        shell = Shell(ports, await _identity(settings, version), new_id=_new_id)

        async def ready() -> None:
            announce(_ready_line(settings))

        await _run(shell, ready)


async def run_simulated(settings: Settings, version: str, host: str, port: int, announce: Announce) -> None:
    """Run a post without hardware, and its page at an address (port 0: any), until SIGTERM or SIGINT.

    After a power cut, which begins the program anew, nothing is announced again. Raises NodeError.
    """
    from node.adapters import sim

    try:
        listening, handed_on = sim.page_socket(host, port)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else error
        raise NodeError(f"no page at {host}:{port} ({why}): choose another one with --sim HOST:PORT") from error
    bell, clock = sim.Bell(asyncio.get_running_loop()), BootClock()
    keypad, screen = sim.VirtualKeypad(), sim.VirtualScreen(draw, bell.ring)
    ports = Ports(
        journal=JournalFile(settings.journal.folder),
        clock=clock,
        keypad=keypad,
        screen=screen,
        power=sim.VirtualPower([relay.name for relay in settings.relays], clock.now_ms, bell.ring),
        buzzer=sim.VirtualBuzzer(),
        link=_link(settings),
    )
    shell = Shell(ports, await _identity(settings, version), new_id=_new_id, watch=lambda _: bell.ring())
    page = sim.Page(
        settings.post.id,
        keypad=keypad,
        screen=screen,
        bell=bell,
        state=lambda: json.loads(encode(shell.snapshot())),
        power_cut=lambda: sim.power_cut(listening),
    )

    async def ready() -> None:
        url = await page.start(listening)
        if not handed_on:
            announce(f"{_ready_line(settings)}, page {url}")

    try:
        await _run(shell, ready)
    finally:
        await page.stop()
        listening.close()


async def _run(shell: Shell, ready: Callable[[], Awaitable[None]]) -> None:
    """The shell until a signal; `ready` once it takes keys."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, shell.stop)
    running = asyncio.create_task(shell.run())
    started = asyncio.create_task(shell.started.wait())
    try:
        await asyncio.wait({running, started}, return_when=asyncio.FIRST_COMPLETED)
        if started.done():
            await ready()
        await running
    except (JournalError, ShellDied) as error:
        raise NodeError(str(error)) from error
    finally:
        started.cancel()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def _link(settings: Settings) -> LinkMqtt:
    hub = settings.hub
    try:
        return LinkMqtt(
            post_id=settings.post.id,
            host=hub.host,
            port=hub.port,
            username=hub.username,
            password=hub.password,
            ca=hub.ca,
        )
    except OSError as error:
        raise NodeError(f"[hub] ca: {hub.ca} cannot be used: {error.strerror or error}") from error


async def _identity(settings: Settings, version: str) -> Identity:
    return Identity(
        boot_id=_new_id(),
        version=version,
        language=settings.post.language,
        ip=await asyncio.to_thread(machine.ip_towards, settings.hub.host, settings.hub.port),
        mac=machine.mac(),
        hardware=machine.hardware(),
        clock_synced=machine.clock_synced(),
    )


def _ready_line(settings: Settings) -> str:
    return f"poste-node {settings.post.id}: ready"


def _new_id() -> str:
    return str(uuid4())
