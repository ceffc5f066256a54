"""The udev rules that let an unprivileged node reach its devices, and keep everything else off its keypad.

Sources: udev(7); libinput's documentation, "Ignoring specific devices"; 99-com.rules of raspberrypi-sys-mods, which
hands the same devices to other groups, and which these rules have to follow in order of name; drivers/pinctrl of
raspberrypi/linux for the drivers' names.
"""

from __future__ import annotations

from firmware_config.hardware import USB_NUMBER, Bus, Hardware, Keypad
from firmware_config.overlay import OVERLAY

RULES_FILE = "99-poste-node.rules"
"""Their name in /etc/udev/rules.d: after 99-com.rules."""
GROUP = "poste-node"

_GLOB_SIGNS = frozenset('*?[]|\\"')


def udev_rules(hardware: Hardware, group: str = GROUP) -> str:
    """The rules file's text. `group`: the group of the node's user."""
    ours = f'GROUP:="{group}", MODE:="0660"'
    lines = [
        '# Made by "poste-node udev-rules": change node.toml and make it anew.',
        'ACTION=="remove", GOTO="poste_node_end"',
        "",
        "# The keypad is the node's alone: desktops ignore it, and its power key, if any, does not shut the Pi down.",
        *(
            line
            for device in _keypads(hardware.keypad)
            for line in (
                f'SUBSYSTEM=="input", KERNEL=="event*", {device}, {ours}, \\',
                '  ENV{LIBINPUT_IGNORE_DEVICE}="1", TAG-="power-switch"',
            )
        ),
        "",
        "# The header's pins: the chip's number differs between kernels, its driver does not. The other chips hold the",
        "# Pi's own power and radio, and stay as they are.",
        f'SUBSYSTEM=="gpio", KERNEL=="gpiochip*", DRIVERS=="pinctrl-bcm2835|pinctrl-rp1", {ours}',
        "",
        "# The screen.",
        f"{_screen(hardware)}, {ours}",
        "",
        'LABEL="poste_node_end"',
    ]
    return "\n".join(lines) + "\n"


def _keypads(keypad: Keypad) -> list[str]:
    """What tells each keypad from other input devices: the same devices that the node would take."""
    found = [f'ATTRS{{name}}=="{OVERLAY}"'] if keypad.is_matrix else []
    found += [_keypad(match) for match in keypad.match]
    return found or ['ENV{ID_INPUT_KEY}=="1", ENV{ID_BUS}=="usb|bluetooth"']


def _keypad(match: str) -> str:
    if match.startswith("/dev/"):
        path = _glob(match.removeprefix("/dev/"))
        # A folder below input holds links, such as those by-id, which udev has made before these rules.
        return (
            f'SYMLINK=="{path}"'
            if "/" in match.removeprefix("/dev/input/")
            else f'KERNEL=="{path.removeprefix("input/")}"'
        )
    if USB_NUMBER.fullmatch(match):
        vendor, product = match.lower().split(":")
        return f'ATTRS{{id/vendor}}=="{vendor}", ATTRS{{id/product}}=="{product}"'
    return f'ATTRS{{name}}=="*{_any_case(match)}*"'


def _screen(hardware: Hardware) -> str:
    if hardware.screen.bus is Bus.SPI:
        return 'SUBSYSTEM=="spidev", KERNEL=="spidev0.0"'
    return f'SUBSYSTEM=="i2c-dev", KERNEL=="i2c-{hardware.screen.i2c_bus}"'


def _any_case(text: str) -> str:
    """A glob for this text in capitals or small letters; the node compares names so, and udev has no such wish."""
    return "".join(
        f"[{sign.upper()}{sign.lower()}]" if sign.isascii() and sign.isalpha() else _glob(sign) for sign in text
    )


def _glob(text: str) -> str:
    # A sign that means something in a glob, or cannot stand in a rule, is "any sign": a rule too wide by that much.
    return "".join(sign if sign.isprintable() and sign not in _GLOB_SIGNS else "?" for sign in text)
