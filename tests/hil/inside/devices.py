"""The kernel's side of a post's hardware: keys that are pressed, lines that are read, a display's memory."""

from __future__ import annotations

import os
from pathlib import Path

from evdev import UInput, ecodes
from PIL import Image, ImageChops

from firmware_config.keymaps import load_keymap
from node.adapters.drawing import draw
from node.core.screen import Layout, Picture
from node.core.view import clock_text

KEYMAP = "keyboard"
_DEBUG = Path("/sys/kernel/debug/oled-sim")
_PAGES, _COLUMNS = 8, 128


class Keypad:
    """A USB keyboard, as the kernel's uinput makes one; plugged in from its making to `unplug`."""

    def __init__(self, name: str = "Poste test keypad") -> None:
        self._codes = {word: ecodes.ecodes[key] for key, word in load_keymap(KEYMAP).keys.items()}
        self._device = UInput({ecodes.EV_KEY: sorted(set(self._codes.values()))}, name=name)

    @property
    def path(self) -> str:
        """Its device file."""
        assert self._device.device is not None, "the kernel made no device file"
        return str(self._device.device.path)

    def press(self, *words: str) -> None:
        """Press and let go: signs, or the actions of a key-map."""
        for word in words:
            for value in (1, 0):
                self._device.write(ecodes.EV_KEY, self._codes[word], value)
                self._device.syn()

    def type(self, code: str) -> None:
        """A code and Enter."""
        self.press(*code, "confirm")

    def unplug(self) -> None:
        self._device.close()


def other_device() -> UInput:
    """Something that is no keypad, such as a power button, and takes a number among the input devices."""
    return UInput({ecodes.EV_KEY: [ecodes.KEY_POWER]}, name="Power button")


class Line:
    """One line of the GPIO chip, as gpio-sim has it."""

    def __init__(self, number: int) -> None:
        self._folder = Path(os.environ["GPIO_LINES"]) / f"sim_gpio{number}"

    @property
    def high(self) -> bool:
        """Its level, driven or pulled."""
        return (self._folder / "value").read_text().strip() == "1"


class Oled:
    """The display, as oled-sim has it."""

    @property
    def lit(self) -> bool:
        return (_DEBUG / "lit").read_text().strip() == "Y"

    def unplug(self) -> None:
        """From now on nobody answers at its address."""
        (_DEBUG / "unplugged").write_text("Y")

    def plug(self) -> None:
        (_DEBUG / "unplugged").write_text("N")

    def image(self) -> Image.Image:
        """The lit pixels of its memory: eight pages of 128 columns, the lowest bit on top."""
        ram = (_DEBUG / "ram").read_bytes()
        # One byte a row, lowest bit first: every page is a strip that has to be turned.
        strips = Image.frombytes("1", (8, _PAGES * _COLUMNS), ram, "raw", "1;R")
        image = Image.new("1", (_COLUMNS, _PAGES * 8))
        for page in range(_PAGES):
            strip = strips.crop((0, page * _COLUMNS, 8, (page + 1) * _COLUMNS))
            image.paste(strip.transpose(Image.Transpose.TRANSPOSE), (0, page * 8))
        return image

    def shows(self, picture: Picture) -> bool:
        """Whether it is lit and shows this picture, pixel for pixel."""
        return self.lit and _same(self.image(), draw(picture))

    def time(self, most_s: int) -> int | None:
        """The time that its large digits show, from 0 to `most_s` seconds; None when they show none."""
        image = self.image()
        for seconds in range(most_s, -1, -1):
            drawn = draw(Picture(Layout.CLOCK, big=clock_text(seconds)))
            _, top, _, bottom = drawn.getbbox() or (0, 0, 0, 0)
            if _same(*(each.crop((0, top, _COLUMNS, bottom)) for each in (image, drawn))):
                return seconds
        return None


def _same(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.logical_xor(one, other).getbbox() is None
