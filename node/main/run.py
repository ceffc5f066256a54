"""A post at work until a signal, on its hardware or on a page."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable
from uuid import uuid4

from hub.wire.codec import encode
from node.adapters import machine
from node.adapters.clock import BootClock
from node.adapters.crash_file import LIMIT, PAUSE_MS, CrashFile
from node.adapters.journal_file import JournalFile
from node.adapters.notify import SystemdNotifier
from node.core.post import Identity
from node.main.parts import NodeError, link_of, real_ports, virtual_draw, virtual_power
from node.main.surroundings import Surroundings
from node.ports import Clock, JournalError
from node.settings import Settings
from node.shell import Ports, Shell, ShellDied

Announce = Callable[[str], None]


async def run_real(settings: Settings, version: str, announce: Announce) -> None:
    """Run a post on its hardware until SIGTERM or SIGINT; `announce` gets the line that says it is ready.

    Raises NodeError. The relays are off before and after, whatever happens.
    """
    with real_ports(settings) as ports:
        crashes = CrashFile(settings.journal.folder)
        safe_for_ms = _safe_for_ms(crashes, ports.clock)
        shell = Shell(ports, await _identity(settings, version), new_id=_new_id, safe_for_ms=safe_for_ms)

        async def ready() -> None:
            announce(_ready_line(settings))

        await _run(shell, ready)
        crashes.end()


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
    keypad, screen = sim.VirtualKeypad(), sim.VirtualScreen(virtual_draw(settings.screen), bell.ring)
    lamp = sim.VirtualLamp(bell.ring) if settings.led else None
    ports = Ports(
        journal=JournalFile(settings.journal.folder),
        clock=clock,
        keypad=keypad,
        screen=screen,
        power=virtual_power(settings, bell.ring),
        buzzer=sim.VirtualBuzzer(),
        link=link_of(settings),
        supervisor=SystemdNotifier(os.environ),
        lamp=lamp,
        machine=Surroundings(settings.journal.folder, simulated=True),
    )
    crashes = CrashFile(settings.journal.folder)
    shell = Shell(
        ports,
        await _identity(settings, version),
        new_id=_new_id,
        watch=lambda _: bell.ring(),
        safe_for_ms=_safe_for_ms(crashes, clock, power_cut=handed_on),
    )
    page = sim.Page(
        settings.post.id,
        keypad=keypad,
        screen=screen,
        bell=bell,
        state=lambda: json.loads(encode(shell.snapshot())),
        power_cut=lambda: sim.power_cut(listening),
        lamp=lamp,
    )

    async def ready() -> None:
        url = await page.start(listening)
        if not handed_on:
            announce(f"{_ready_line(settings)}, page {url}")

    try:
        await _run(shell, ready)
        crashes.end()
    finally:
        await page.stop()
        listening.close()


async def _run(shell: Shell, ready: Callable[[], Awaitable[None]]) -> None:
    """The shell until a signal; `ready` once it takes keys."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # a terminal that closes is no reason to crash
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


def _safe_for_ms(crashes: CrashFile, clock: Clock, *, power_cut: bool = False) -> int:
    """How long this run is to stay in safe mode: not at all, unless the program keeps dying."""
    return PAUSE_MS if crashes.begin(clock.now_ms(), power_cut=power_cut) >= LIMIT else 0


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
