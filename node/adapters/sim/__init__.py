"""A post without hardware: virtual keypad, OLED and relays, and the page that shows and works them."""

from __future__ import annotations

from node.adapters.sim.bell import Bell
from node.adapters.sim.hardware import VirtualBuzzer, VirtualKeypad, VirtualLamp, VirtualPower, VirtualScreen
from node.adapters.sim.keys import BadKeys, parse_keys
from node.adapters.sim.page import Page
from node.adapters.sim.restart import page_socket, power_cut

__all__ = [
    "BadKeys",
    "Bell",
    "Page",
    "VirtualBuzzer",
    "VirtualKeypad",
    "VirtualLamp",
    "VirtualPower",
    "VirtualScreen",
    "page_socket",
    "parse_keys",
    "power_cut",
]
