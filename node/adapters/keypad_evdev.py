"""The keypad on the kernel's input devices: grabbed, so that its keys reach nothing else, and found again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import Protocol

from node.core.events import Key, KeypadBack, KeypadLost, KeyPressed, SignTyped

_EV_KEY = 1
_PRESSED = 1
"""0 is the release and 2 the key's own repeat: neither types anything."""
_RESCAN_S = 1.0

_log = logging.getLogger(__name__)


class InputEvent(Protocol):
    """What evdev tells of one event."""

    type: int
    code: int
    value: int


class InputDevice(Protocol):
    """What this adapter uses of evdev.InputDevice."""

    name: str

    def grab(self) -> None: ...

    def async_read_loop(self) -> AsyncIterator[InputEvent]: ...

    def close(self) -> None: ...


async def _rescan_pause() -> None:
    await asyncio.sleep(_RESCAN_S)


class EvdevKeypad:
    """node.ports.Keypad: the first device that `find` offers; KeypadLost when there is none.

    `keys` maps evdev key names to a sign or an action word, as a key-map does; `names` tells every name of a
    key's number (evdev knows aliases). Keys that the map does not name are ignored.
    """

    def __init__(
        self,
        keys: Mapping[str, str],
        find: Callable[[], InputDevice | None],
        names: Callable[[int], Iterable[str]],
        *,
        pause: Callable[[], Awaitable[None]] = _rescan_pause,
    ) -> None:
        self._keys, self._find, self._names, self._pause = keys, find, names, pause

    async def events(self) -> AsyncIterator[SignTyped | KeyPressed | KeypadLost | KeypadBack]:
        """Each key press, without end. An unplug is told once; the keypad is looked for every second."""
        name, lost = "keypad", False
        while True:
            device = self._find()
            if device is not None:
                name = device.name
                try:
                    device.grab()
                    if lost:
                        lost = False
                        yield KeypadBack(name)
                    async for event in device.async_read_loop():
                        pressed = self._meaning(event)
                        if pressed is not None:
                            yield pressed
                except OSError as error:  # 19 (no such device) is an unplug; any other is as good as one
                    _log.warning("keypad %s: %s", name, error)
                finally:
                    device.close()
            if not lost:
                lost = True
                yield KeypadLost(name)
            await self._pause()

    def _meaning(self, event: InputEvent) -> SignTyped | KeyPressed | None:
        if event.type != _EV_KEY or event.value != _PRESSED:
            return None
        word = next((self._keys[name] for name in self._names(event.code) if name in self._keys), None)
        if word is None:
            return None
        return SignTyped(word) if len(word) == 1 else KeyPressed(Key(word))


def evdev_keypad(match: str, keys: Mapping[str, str]) -> EvdevKeypad:
    """The real one: the first device, by path, whose name holds `match` or whose path it is ("" takes any).

    Only a device that can confirm by `keys` is taken: a keypad shows several devices, a power button one.
    ModuleNotFoundError where evdev is not installed.
    """
    import evdev
    from evdev import ecodes

    def names(code: int) -> Iterable[str]:
        known = ecodes.bytype[ecodes.EV_KEY].get(code, ())
        return (known,) if isinstance(known, str) else known

    def find() -> InputDevice | None:
        for path in sorted(evdev.list_devices()):
            try:
                device = evdev.InputDevice(path)
            except OSError:  # unplugged between the listing and now
                continue
            codes = device.capabilities().get(ecodes.EV_KEY, [])
            confirms = any(keys.get(name) == Key.CONFIRM for code in codes for name in names(code))
            if confirms and (match.lower() in device.name.lower() or match == path):
                return device
            device.close()
        return None

    return EvdevKeypad(keys, find, names)
