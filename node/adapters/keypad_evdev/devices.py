"""Which of the kernel's input devices are the keypad's: chosen by name, path or USB number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from firmware_config.hardware import USB_NUMBER
from node.adapters.keypad_evdev.keypad import EV_KEY, EvdevKeypad, Find, InputDevice, InputEvent, Keypads, pressed
from node.core.events import Key

_FEWEST_KEYS = 10
"""Fewer are buttons, such as a power button, and no keypad."""


class _Info(Protocol):
    @property
    def vendor(self) -> int: ...

    @property
    def product(self) -> int: ...


class OpenDevice(InputDevice, Protocol):
    """What is used of evdev.InputDevice to choose one."""

    @property
    def info(self) -> _Info: ...

    def capabilities(self) -> Mapping[int, Any]: ...


def fits(device: OpenDevice, match: Sequence[str]) -> bool:
    """Whether any of these means this device; none of them at all means every device.

    A path, such as a link in /dev/input/by-id; vendor:product in hexadecimal ("046d:c31c"); else a part of the name.
    """
    return not match or any(_is_meant(device, wanted) for wanted in match)


def _is_meant(device: OpenDevice, wanted: str) -> bool:
    if wanted.startswith("/"):
        return Path(wanted).resolve() == Path(device.path).resolve()
    if USB_NUMBER.fullmatch(wanted):
        return f"{device.info.vendor:04x}:{device.info.product:04x}" == wanted.lower()
    return wanted.lower() in device.name.lower()


def finder(
    match: Sequence[str],
    can_type: Callable[[Iterable[int]], bool],
    *,
    paths: Callable[[], Iterable[str]],
    opened: Callable[[str], OpenDevice],
) -> Find:
    """Every device that fits and whose keys' numbers `can_type`, by path.

    One that was looked at and not wanted is not opened again until its file changes; unless a path is matched, as links
    to a device are made after it.
    """
    unwanted: dict[str, int] = {}
    may_be_linked = any(wanted.startswith("/") for wanted in match)

    def find(held: Collection[str]) -> list[InputDevice]:
        found: list[InputDevice] = []
        for path in sorted(paths()):
            try:
                changed = Path(path).stat().st_ctime_ns
                if path in held or unwanted.get(path) == changed:
                    continue
                device = opened(path)
            except OSError:  # unplugged between the listing and now, or not ours to read
                continue
            if fits(device, match) and can_type(device.capabilities().get(EV_KEY, ())):
                found.append(device)
            else:
                device.close()
                if not may_be_linked:
                    unwanted[path] = changed
        return found

    return find


def evdev_names(code: int) -> tuple[str, ...]:
    """evdev's names of a key's number, the usual one first; empty for a number without one."""
    from evdev import ecodes

    known = ecodes.bytype[EV_KEY].get(code, ())
    return (known,) if isinstance(known, str) else tuple(known)


def _evdev_devices(match: Sequence[str], can_type: Callable[[Iterable[int]], bool]) -> Find:
    """`finder` over the kernel's devices; ModuleNotFoundError where evdev is not installed."""
    import evdev

    opened: Callable[[str], Any] = evdev.InputDevice
    return finder(match, can_type, paths=evdev.list_devices, opened=opened)


def evdev_keypad(match: Sequence[str], keys: Mapping[str, str]) -> EvdevKeypad:
    """The real one, on every device that fits `match` (see `fits`); ModuleNotFoundError where evdev is not installed.

    Only a device that can confirm by `keys` is taken: a keypad shows several devices, a power button one.
    """

    def confirms(codes: Iterable[int]) -> bool:
        return any(keys.get(name) == Key.CONFIRM for code in codes for name in evdev_names(code))

    return EvdevKeypad(keys, _evdev_devices(match, confirms), evdev_names)


def evdev_key_presses(match: Sequence[str]) -> Keypads[tuple[str, ...]]:
    """The names of each key that is pressed on any device that fits `match` and has keys enough for a code.

    For who would learn a keypad's keys. ModuleNotFoundError where evdev is not installed.
    """

    def read(event: InputEvent) -> tuple[str, ...] | None:
        return pressed(event, evdev_names) or None

    return Keypads(_evdev_devices(match, lambda codes: len(list(codes)) >= _FEWEST_KEYS), read)
