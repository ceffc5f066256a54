"""The node's settings as the hardware that firmware_config knows: checks its pins, renders its boot configuration."""

from __future__ import annotations

from typing import Any

from firmware_config.hardware import Bus, Hardware, Keypad, Relay, Screen
from firmware_config.pins import Job, PinUse
from firmware_config.profiles import load_profile
from node.settings.shapes import ScreenSettings, Settings

_HEADER_I2C = 1
_KEYS = {
    "the buzzer": ("buzzer", "pin"),
    "the LED": ("hardware", "life_led_pin"),
    "the button": ("hardware", "shutdown_pin"),
    "the status LED": ("led", "pin"),
    "the push button": ("button", "pin"),
    "the screen's DC": ("screen", "dc_pin"),
    "the screen's RES": ("screen", "reset_pin"),
}


def hardware_of(settings: Settings) -> Hardware:
    """What hangs on this node's Pi; its `refusals()` have been looked at when the settings were read."""
    keypad, buzzer, led, button = settings.keypad, settings.buzzer, settings.led, settings.button
    return Hardware(
        pi=settings.hardware.pi,
        relays=tuple(
            Relay(relay.name, relay.pin, active_high=relay.active_high, feedback_pin=relay.feedback_pin)
            for relay in settings.relays
        ),
        screen=_screen(settings.screen),
        keypad=Keypad(keypad.keymap, keypad.match, keypad.rows, keypad.columns),
        buzzer_pin=buzzer.pin if buzzer else None,
        buzzer_active_high=buzzer is None or buzzer.active_high,
        led_pin=settings.hardware.life_led_pin,
        button_pin=settings.hardware.shutdown_pin,
        status_led_pin=led.pin if led else None,
        status_led_active_high=led is None or led.active_high,
        key_button_pin=button.pin if button else None,
        serial_console=settings.hardware.serial_console,
    )


def _screen(screen: ScreenSettings) -> Screen:
    return Screen(
        driver=screen.driver,
        bus=Bus.SPI if screen.on_spi else Bus.I2C,
        i2c_bus=_HEADER_I2C if isinstance(screen.bus, str) else screen.bus,
        address=screen.address,
        dc_pin=screen.dc_pin,
        reset_pin=screen.reset_pin,
        height=screen.height,
    )


def place_of(use: PinUse, settings: Settings) -> tuple[str, str, int]:
    """Where node.toml says this use of a pin: table, key, and which of its tables."""
    for place, relay in enumerate(settings.relays):
        if use.what == f"relay {relay.name}":
            return "relay", "pin", place
        if use.what == f"the feedback of relay {relay.name}":
            return "relay", "feedback_pin", place
    if use.job in {Job.ROW, Job.COLUMN}:
        return "keypad", "rows" if use.job is Job.ROW else "columns", 0
    return (*_KEYS[use.what], 0)


def profile_defaults(name_or_path: str) -> tuple[list[dict[str, object]], dict[str, dict[str, Any]]]:
    """What a profile says: its relays as [[relay]] tables, and the other tables' values.

    ProfileError where there is no such profile, or it is wrong.
    """
    hardware = load_profile(name_or_path).hardware
    screen, keypad = hardware.screen, hardware.keypad
    relays: list[dict[str, object]] = [
        {
            "name": relay.name,
            "pin": relay.pin,
            "active_high": relay.active_high,
            **({} if relay.feedback_pin is None else {"feedback_pin": relay.feedback_pin}),
        }
        for relay in hardware.relays
    ]
    tables: dict[str, dict[str, Any]] = {
        "hardware": {
            "pi": str(hardware.pi),
            "serial_console": hardware.serial_console,
            "life_led_pin": hardware.led_pin,
            "shutdown_pin": hardware.button_pin,
        },
        "screen": {
            "driver": screen.driver,
            "bus": "spi" if hardware.header_spi else screen.i2c_bus,
            "address": screen.address,
            "dc_pin": screen.dc_pin,
            "reset_pin": screen.reset_pin,
            "height": screen.height,
        },
        "keypad": {
            "match": keypad.match,
            "keymap": keypad.keymap,
            "rows": keypad.rows,
            "columns": keypad.columns,
        },
    }
    if hardware.buzzer_pin is not None:
        tables["buzzer"] = {"pin": hardware.buzzer_pin}
    return relays, tables
