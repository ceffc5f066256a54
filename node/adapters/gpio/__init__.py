"""What hangs on the Pi's pins, through gpiozero: relays, buzzer, status LED, push button.

gpiozero itself is loaded when the first of them is made, so that this package can be imported anywhere.
"""

from __future__ import annotations

from node.adapters.gpio.button import GpioButton
from node.adapters.gpio.buzzer import BuzzerPatterns, GpioBuzzer, NoBuzzer
from node.adapters.gpio.lamp import GpioLamp
from node.adapters.gpio.pins import PinError
from node.adapters.gpio.power import GpioPower, RelayPin

__all__ = ["BuzzerPatterns", "GpioButton", "GpioBuzzer", "GpioLamp", "GpioPower", "NoBuzzer", "PinError", "RelayPin"]
