"""The kernel's side of a post's hardware: keys that are pressed, lines that are read and pulled, a display's memory."""

from __future__ import annotations

import os
import threading
from functools import cache
from pathlib import Path

from evdev import UInput, ecodes
from PIL import Image, ImageChops

from firmware_config.keymaps import load_keymap
from node.adapters.drawing import draw
from node.core.screen import Layout, Picture
from node.core.view import clock_text

KEYMAP = "keyboard"
CONTACT_S = 0.05
"""How long a contact takes to move."""
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

    def pull(self, *, high: bool) -> None:
        """What hangs on it pulls it, as long as nobody drives it."""
        (self._folder / "pull").write_text("pull-up" if high else "pull-down")


class Contact:
    """A relay's second contact on its feedback line: it follows the relay, unless it is `stuck` open or closed."""

    def __init__(self, relay: Line, feedback: Line) -> None:
        self._relay, self._feedback = relay, feedback
        self.stuck: bool | None = None
        self._off = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="contact", daemon=True)
        self._thread.start()

    def take_off(self) -> None:
        """It moves no more."""
        self._off.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._off.wait(CONTACT_S):
            closed = self._relay.high if self.stuck is None else self.stuck
            if self._feedback.high is not closed:
                self._feedback.pull(high=closed)


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

    def hang(self) -> None:
        """From now on the bus stands still, with whoever speaks to it, until `let_go`."""
        (_DEBUG / "hanging").write_text("Y")

    def let_go(self) -> None:
        (_DEBUG / "hanging").write_text("N")

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

    def time(self, most_s: int, least_s: int) -> int | None:
        """The time that its large digits show, if it is one from `most_s` down to `least_s` seconds."""
        image = self.image()
        for seconds in range(most_s, least_s - 1, -1):
            top, bottom, digits = _digits(seconds)
            if _same(image.crop((0, top, _COLUMNS, bottom)), digits):
                return seconds
        return None


@cache
def _digits(seconds: int) -> tuple[int, int, Image.Image]:
    """The rows from and to that a time's large digits take, and those rows: drawing is slow in here."""
    drawn = draw(Picture(Layout.CLOCK, big=clock_text(seconds)))
    _, top, _, bottom = drawn.getbbox() or (0, 0, 0, 0)
    return top, bottom, drawn.crop((0, top, _COLUMNS, bottom))


def _same(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.logical_xor(one, other).getbbox() is None
