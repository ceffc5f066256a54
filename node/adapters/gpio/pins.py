"""How a pin is had, and what happens when it cannot be."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class PinError(Exception):
    """A pin cannot be had (no GPIO chip, another program holds it) or does not obey; the text says which and why."""


@contextmanager
def pin_errors(what: str) -> Iterator[None]:
    """Whatever a pin library raises becomes PinError: each has kinds of its own (lgpio.error is a bare Exception)."""
    try:
        yield
    except Exception as error:
        raise PinError(f"{what}: {error}") from error


def button(pin: int, *, pin_factory: Any = None) -> Any:
    """A gpiozero.Button between the pin and GND; PinError when the pin cannot be had."""
    _prepare()
    from gpiozero import Button

    with pin_errors(f"the pin {pin} of the button cannot be had"):
        return Button(pin, pull_up=True, pin_factory=pin_factory)


def output(pin: int, what: str, *, active_high: bool, pin_factory: Any = None) -> Any:
    """A gpiozero.OutputDevice that is off from the first moment; PinError when the pin cannot be had."""
    _prepare()
    from gpiozero import OutputDevice

    with pin_errors(f"the pin {pin} of {what} cannot be had"):
        return OutputDevice(pin, active_high=active_high, initial_value=False, pin_factory=pin_factory)


def contact(pin: int, what: str, *, pin_factory: Any = None) -> Any:
    """A gpiozero.DigitalInputDevice that is active while its pin is high; PinError when it cannot be had."""
    _prepare()
    from gpiozero import DigitalInputDevice

    with pin_errors(f"the pin {pin} of {what} cannot be had"):
        return DigitalInputDevice(pin, pull_up=False, pin_factory=pin_factory)


def _prepare() -> None:
    # lgpio puts a notification file into the working directory unless told where.
    os.environ.setdefault("LG_WD", tempfile.gettempdir())
