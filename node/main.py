"""The composition root: the only place that wires adapters to the shell, real ones or simulated ones."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import partial
from uuid import uuid4

from PIL.Image import Image

from firmware_config.keymaps import load_keymap
from hub.wire.codec import encode
from node.adapters import disk, machine
from node.adapters.clock import BootClock
from node.adapters.crash_file import LIMIT, PAUSE_MS, CrashFile
from node.adapters.drawing import draw
from node.adapters.journal_file import JournalFile
from node.adapters.link_mqtt import LinkMqtt
from node.adapters.notify import SystemdNotifier
from node.core.post import Identity
from node.core.relays import RelayRole
from node.core.screen import Picture
from node.core.view import self_test
from node.ports import Button, Buzzer, Clock, JournalError, Lamp, Power, Screen
from node.settings import ScreenSettings, Settings
from node.shell import Ports, Shell, ShellDied, checkup
from node.shell.checkup import Finding

Announce = Callable[[str], None]

RELAYS_WITHIN_S = 5
"""Beside their own delays."""


class NodeError(Exception):
    """The node cannot start or go on; the text is one line that says why."""


async def run_real(settings: Settings, version: str, announce: Announce) -> None:
    """Run a post on its hardware until SIGTERM or SIGINT; `announce` gets the line that says it is ready.

    Raises NodeError. The relays are off before and after, whatever happens.
    """
    with _real_ports(settings) as ports:
        crashes = CrashFile(settings.journal.folder)
        safe_for_ms = _safe_for_ms(crashes, ports.clock)
        shell = Shell(ports, await _identity(settings, version), new_id=_new_id, safe_for_ms=safe_for_ms)

        async def ready() -> None:
            announce(_ready_line(settings))

        await _run(shell, ready)
        crashes.end()


@contextmanager
def _real_ports(settings: Settings) -> Iterator[Ports]:
    """The post's hardware, its relays off; let go of at the end. NodeError when pins cannot be had."""
    from node.adapters import gpio
    from node.adapters.keypad_evdev import evdev_keypad

    with ExitStack() as at_end:
        try:
            power = gpio.GpioPower([gpio.RelayPin(**asdict(relay)) for relay in settings.relays])
            at_end.callback(power.close)
            buzzer, lamp, button = _small_parts(settings, at_end)
        except gpio.PinError as error:
            raise NodeError(str(error)) from error
        yield Ports(
            journal=JournalFile(settings.journal.folder),
            clock=BootClock(),
            keypad=evdev_keypad(settings.keypad.match, load_keymap(settings.keypad.keymap).keys),
            screen=_oled(settings.screen),
            power=power,
            buzzer=buzzer,
            link=_link(settings),
            supervisor=SystemdNotifier(os.environ),
            lamp=lamp,
            button=button,
        )


def _small_parts(settings: Settings, at_end: ExitStack) -> tuple[Buzzer, Lamp | None, Button | None]:
    """Buzzer, status LED and push button, as far as there are any; gpio.PinError when a pin cannot be had."""
    from node.adapters import gpio

    buzzer: gpio.GpioBuzzer | gpio.NoBuzzer = gpio.NoBuzzer()
    lamp = button = None
    if settings.buzzer is not None:
        told = settings.buzzer
        patterns = gpio.BuzzerPatterns(told.key_ms, told.warning_ms, told.end_ms)
        buzzer = gpio.GpioBuzzer(told.pin, active_high=told.active_high, patterns=patterns)
        at_end.callback(buzzer.close)
    if settings.led is not None:
        lamp = gpio.GpioLamp(settings.led.pin, active_high=settings.led.active_high)
        at_end.callback(lamp.close)
    if settings.button is not None:
        button = gpio.GpioButton(settings.button.pin, settings.button.key)
        at_end.callback(button.close)
    return buzzer, lamp, button


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
    keypad, screen = sim.VirtualKeypad(), sim.VirtualScreen(_virtual_draw(settings.screen), bell.ring)
    lamp = sim.VirtualLamp(bell.ring) if settings.led else None
    ports = Ports(
        journal=JournalFile(settings.journal.folder),
        clock=clock,
        keypad=keypad,
        screen=screen,
        power=_virtual_power(settings, bell.ring),
        buzzer=sim.VirtualBuzzer(),
        link=_link(settings),
        supervisor=SystemdNotifier(os.environ),
        lamp=lamp,
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


async def check(settings: Settings, *, simulated: bool, switch: bool) -> list[Finding]:
    """Look at every part of a post that does not run now; `switch`: the relays, too, are put on and off again.

    Pins that another program holds end it early: a post that runs keeps its keypad and its connection.
    """
    found = await asyncio.to_thread(disk.look_at, settings.journal.folder)
    findings = [
        checkup.clock(synced=machine.clock_synced(), simulated=simulated),
        checkup.disk(found.folder, found.error, free_mib=found.free_mib, sync_ms=found.sync_ms),
    ]
    try:
        with _virtual_ports(settings) if simulated else _real_ports(settings) as ports:
            # A supply that rests after an off rests after the start, too.
            delays_s = sum(relay.on_delay_s + relay.off_delay_s + relay.min_off_s for relay in settings.relays)
            resets = [relay.name for relay in settings.relays if relay.role is RelayRole.RESET]
            patience_ms = (delays_s + RELAYS_WITHIN_S) * 1000
            findings += await checkup.relays(
                ports.power, ports.clock, switch=switch, patience_ms=patience_ms, resets=resets
            )
            findings.append(await checkup.keypad(ports.keypad, ports.clock))
            findings.append(await checkup.screen(ports.screen, ports.clock, self_test(settings.post.language)))
            findings += await checkup.broker(ports.link, ports.clock)
    except NodeError as error:
        advice = "stop the post first (systemctl stop poste-node), and see the pins in node.toml"
        findings.append(Finding("pins", ok=False, told=str(error), advice=advice))
    return findings


@contextmanager
def _virtual_ports(settings: Settings) -> Iterator[Ports]:
    from node.adapters import sim

    clock = BootClock()
    yield Ports(
        journal=JournalFile(settings.journal.folder),
        clock=clock,
        keypad=sim.VirtualKeypad(),
        screen=sim.VirtualScreen(_virtual_draw(settings.screen), lambda: None),
        power=_virtual_power(settings, lambda: None),
        buzzer=sim.VirtualBuzzer(),
        link=_link(settings),
    )


def _virtual_power(settings: Settings, changed: Callable[[], None]) -> Power:
    from node.adapters import gpio, sim

    rules = [gpio.RelayPin(**asdict(relay)).rule() for relay in settings.relays]
    return sim.VirtualPower(rules, BootClock().now_ms, changed, asyncio.get_running_loop().call_later)


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


def _draw(screen: ScreenSettings) -> partial[Image]:
    return partial(draw, large=screen.digits == "large")


def _virtual_draw(screen: ScreenSettings) -> Callable[[Picture, tuple[int, int]], Image]:
    """Draws in the size that the settings say, whatever the size that is asked for."""
    return lambda picture, size: _draw(screen)(picture, (size[0], screen.height))


def _oled(screen: ScreenSettings) -> Screen:
    from node.adapters.screen_luma import Light, LumaScreen, Night, oled, oled_on_spi

    night = None
    if screen.night_from is not None and screen.night_to is not None:
        night = Night(screen.night_from, screen.night_to, screen.night_contrast)
    try:
        if screen.on_spi:
            pins = screen.dc_pin, screen.reset_pin
            panel = oled_on_spi(screen.driver, screen.rotate, height=screen.height, dc_pin=pins[0], reset_pin=pins[1])
        else:
            panel = oled(screen.driver, int(screen.bus), screen.address, screen.rotate, height=screen.height)
    except ImportError as error:
        raise NodeError(f"[screen] bus: SPI needs {error.name} (on the Pi: apt install python3-spidev)") from error
    return LumaScreen(panel, _draw(screen), Light(screen.contrast, night))


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
