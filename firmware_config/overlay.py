"""The device tree overlay of a matrix keypad, rendered from its pins: Raspberry Pi OS ships none for one.

Sources: the binding input/gpio-matrix-keypad of the Linux kernel and its driver matrix_keypad.c; input-event-codes.h;
arch/arm/boot/dts/overlays/README of raspberrypi/linux, which lists no overlay with that driver; raspberrypi/linux issue
6567 (rows need their pulls said).
"""

from __future__ import annotations

from firmware_config.errors import FirmwareConfigError
from firmware_config.hardware import Hardware

OVERLAY = "poste-keypad"
"""Name of the overlay (OVERLAY.dtbo), and of the input device that it makes."""

LEGENDS = ("123A", "456B", "789C", "*0#D")
"""What the pad's keys are marked with, row by row."""

KEY_CODES = {legend: 0x200 + at for at, legend in enumerate("0123456789*#ABCD")}
"""Legend -> the kernel's code of KEY_NUMERIC_0 to _9, _STAR, _POUND, _A to _D: so high that X11 knows none of them."""

_DEBOUNCE_MS, _SETTLE_US = 20, 10


def keypad_overlay(hardware: Hardware) -> str:
    """The overlay's source, for `dtc -@ -I dts -O dtb -o poste-keypad.dtbo`.

    Rows are inputs pulled down, columns are driven high in turn: GPIO 9 to 27 are pulled that way from power-up on.
    UnsafePins where a pin is refused; FirmwareConfigError where the keypad is no matrix.
    """
    hardware.checked()
    rows, columns = hardware.keypad.rows, hardware.keypad.columns
    if not rows:
        raise FirmwareConfigError("the keypad is not on GPIO pins (no rows and columns), so it needs no overlay")
    pins = " ".join(map(str, (*rows, *columns)))
    inputs = " ".join("0" for _ in (*rows, *columns))
    pulls = " ".join("1" for _ in (*rows, *columns))
    return f"""\
// Made by "poste-node boot-config --overlay": change node.toml and make it anew.
/dts-v1/;
/plugin/;

/ {{
	compatible = "brcm,bcm2835";

	fragment@0 {{
		target = <&gpio>;
		__overlay__ {{
			keypad_pins: keypad_pins {{
				brcm,pins = <{pins}>;
				brcm,function = <{inputs}>; // all inputs: the driver turns columns to outputs by itself
				brcm,pull = <{pulls}>; // all down
			}};
		}};
	}};

	fragment@1 {{
		target-path = "/";
		__overlay__ {{
			{OVERLAY} {{
				compatible = "gpio-matrix-keypad";
				pinctrl-names = "default";
				pinctrl-0 = <&keypad_pins>;
				debounce-delay-ms = <{_DEBOUNCE_MS}>;
				col-scan-delay-us = <{_SETTLE_US}>;
				linux,no-autorepeat;
				row-gpios = {_lines(rows)};
				col-gpios = {_lines(columns)};
				linux,keymap = <
{_keymap()}
				>;
			}};
		}};
	}};
}};
"""


def _lines(pins: tuple[int, ...]) -> str:
    # The flag 0 is "active high".
    return ", ".join(f"<&gpio {pin} 0>" for pin in pins)


def _keymap() -> str:
    return "\n".join(
        "\t\t\t\t\t"
        + " ".join(f"0x{row:02x}{column:02x}{KEY_CODES[legend]:04x}" for column, legend in enumerate(legends))
        for row, legends in enumerate(LEGENDS)
    )
