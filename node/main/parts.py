"""A post's parts as its settings want them: real hardware, or virtual."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import partial

from PIL.Image import Image

from firmware_config.keymaps import load_keymap
from node.adapters.clock import BootClock
from node.adapters.drawing import draw
from node.adapters.journal_file import JournalFile
from node.adapters.link_mqtt import LinkMqtt
from node.adapters.notify import SystemdNotifier
from node.core.screen import Picture
from node.main.surroundings import Surroundings
from node.ports import Button, Buzzer, Lamp, Power, Screen
from node.settings import ScreenSettings, Settings
from node.shell import Ports


class NodeError(Exception):
    """The node cannot start or go on; the text is one line that says why."""


@contextmanager
def real_ports(settings: Settings) -> Iterator[Ports]:
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
            link=link_of(settings),
            supervisor=SystemdNotifier(os.environ),
            lamp=lamp,
            button=button,
            machine=Surroundings(settings.journal.folder),
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


@contextmanager
def virtual_ports(settings: Settings) -> Iterator[Ports]:
    """The same without any hardware."""
    from node.adapters import sim

    clock = BootClock()
    yield Ports(
        journal=JournalFile(settings.journal.folder),
        clock=clock,
        keypad=sim.VirtualKeypad(),
        screen=sim.VirtualScreen(virtual_draw(settings.screen), lambda: None),
        power=virtual_power(settings, lambda: None),
        buzzer=sim.VirtualBuzzer(),
        link=link_of(settings),
    )


def virtual_power(settings: Settings, changed: Callable[[], None]) -> Power:
    """Relays that obey the same rules as real ones, and call `changed` when one moves."""
    from node.adapters import gpio, sim

    rules = [gpio.RelayPin(**asdict(relay)).rule() for relay in settings.relays]
    return sim.VirtualPower(rules, BootClock().now_ms, changed, asyncio.get_running_loop().call_later)


def _draw(screen: ScreenSettings) -> partial[Image]:
    return partial(draw, large=screen.digits == "large")


def virtual_draw(screen: ScreenSettings) -> Callable[[Picture, tuple[int, int]], Image]:
    """Draws in the size that the settings say, whatever the size that is asked for."""
    return lambda picture, _: _draw(screen)(picture, screen.size)


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


def link_of(settings: Settings) -> LinkMqtt:
    """The way to the hub; NodeError when the authority's certificate cannot be used."""
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
