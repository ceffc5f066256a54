"""The node's block of /boot/firmware/config.txt, rendered from its hardware so that the two cannot drift.

Sources: Raspberry Pi documentation, "config.txt" (`gpio`, conditional filters, lines of at most 98 characters) and
"Device Trees, overlays and parameters" (scope of dtparam); arch/arm/boot/dts/overlays/README of raspberrypi/linux
(i2c_arm, spi, watchdog, gpio-led, gpio-shutdown); raspberrypi/linux pull request 6117 (strict_gpiod, every model).
The screen has no overlay on purpose: ssd1306 and its like would give it to the kernel, and the node could not have it.
"""

from __future__ import annotations

from firmware_config.errors import FirmwareConfigError
from firmware_config.hardware import Hardware
from firmware_config.overlay import OVERLAY

BEGIN = '# >>> poste-node: made by "poste-node boot-config"; change node.toml and make it anew'
END = "# <<< poste-node"
LONGEST_LINE = 98
"""The firmware reads no further than this many characters of a line."""

I2C_BAUD = 400_000
"""A whole picture takes 25 ms at this speed, and 100 ms at the bus's default."""
_HOLD_MS = 2000


class BlockError(FirmwareConfigError):
    """A config.txt whose markers do not pair; the text names the line to look for."""


def boot_config(hardware: Hardware) -> str:
    """The block, with its marker lines, to go at the end of config.txt; UnsafePins where a pin is refused."""
    hardware.checked()
    lines = [BEGIN, "[all]", "# Ends whatever overlay stands above: its parameters would come before the board's."]
    lines += ["dtoverlay=", *_levels(hardware), *_buses(hardware)]
    lines += ["# A pin that its program lets go of, dead or alive, is an input again, and its relay off."]
    lines += ["dtparam=strict_gpiod", "dtparam=watchdog=on", *_overlays(hardware), END]
    return "\n".join(lines) + "\n"


def with_block(config: str, block: str) -> str:
    """A config.txt with this block instead of the one that it has, else at its end.

    BlockError where a marker is missing or there twice: then nobody knows what is ours.
    """
    begins, ends = config.count(BEGIN), config.count(f"{END}\n")
    if begins == ends == 0:
        gap = "" if config.endswith("\n\n") or not config else "\n" if config.endswith("\n") else "\n\n"
        return f"{config}{gap}{block}"
    before, _, rest = config.partition(BEGIN)
    _, closed, after = rest.partition(f"{END}\n")
    if begins != 1 or ends != 1 or not closed:
        raise BlockError(f'config.txt must have the line "{BEGIN}" once, and after it "{END}" once')
    return f"{before}{block}{after}"


def _levels(hardware: Hardware) -> list[str]:
    """What each pin is at, from when the firmware has read this until the node takes it."""
    lines = []
    for relay in hardware.relays:
        active = "high" if relay.active_high else "low"
        lines += [f"# Relay {relay.name}, active {active}: off.", _off(relay.pin, active_high=relay.active_high)]
        if relay.feedback_pin is not None:
            lines += [f"# Feedback of relay {relay.name}: an input.", f"gpio={relay.feedback_pin}=ip,pd"]
    if hardware.buzzer_pin is not None:
        lines += ["# Buzzer: silent.", _off(hardware.buzzer_pin, active_high=hardware.buzzer_active_high)]
    if hardware.status_led_pin is not None:
        lines += ["# Status LED: dark.", _off(hardware.status_led_pin, active_high=hardware.status_led_active_high)]
    if hardware.key_button_pin is not None:
        lines += ["# Push button to GND: an input.", f"gpio={hardware.key_button_pin}=ip,pu"]
    return lines


def _off(pin: int, *, active_high: bool) -> str:
    # The pull is what holds a relay off once strict_gpiod has made the pin an input.
    return f"gpio={pin}=op,pd,dl" if active_high else f"gpio={pin}=op,pu,dh"


def _buses(hardware: Hardware) -> list[str]:
    if hardware.header_i2c:
        return ["# Screen on I2C.", "dtparam=i2c_arm=on", f"dtparam=i2c_arm_baudrate={I2C_BAUD}"]
    if hardware.header_spi:
        return ["# Screen on SPI.", "dtparam=spi=on"]
    return [f"# The screen's I2C bus {hardware.screen.i2c_bus} is not the header's: enable it as its maker says."]


def _overlays(hardware: Hardware) -> list[str]:
    lines = []
    if hardware.led_pin is not None:
        lines += [
            "# LED: beats while the kernel lives.",
            f"dtoverlay=gpio-led,gpio={hardware.led_pin},label=poste-life,trigger=heartbeat",
        ]
    if hardware.button_pin is not None:
        lines += [
            f"# Button to GND: held for {_HOLD_MS // 1000} s, an orderly shutdown.",
            f"dtoverlay=gpio-shutdown,gpio_pin={hardware.button_pin},active_low=1,gpio_pull=up,debounce={_HOLD_MS}",
        ]
    if hardware.keypad.is_matrix:
        lines += [
            f"# Matrix keypad: needs overlays/{OVERLAY}.dtbo, made from this node's pins.",
            f"dtoverlay={OVERLAY}",
        ]
    return lines
