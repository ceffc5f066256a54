"""The keypad on the kernel's input devices."""

from __future__ import annotations

from node.adapters.keypad_evdev.devices import OpenDevice, evdev_key_presses, evdev_keypad, evdev_names, finder
from node.adapters.keypad_evdev.keypad import EvdevKeypad, InputDevice, InputEvent, Keypads, pressed

__all__ = [
    "EvdevKeypad",
    "InputDevice",
    "InputEvent",
    "Keypads",
    "OpenDevice",
    "evdev_key_presses",
    "evdev_keypad",
    "evdev_names",
    "finder",
    "pressed",
]
