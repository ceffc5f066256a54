"""Keypads as one: every fitting device is grabbed, so that its keys reach nothing else, and found again.

No state of keys is kept: a press counts once, its repeats and its release do not, so a key that is stuck, or held
while others are pressed or while its pad is unplugged, harms nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from typing import Generic, Protocol, TypeVar

from node.core.events import NO_KEYPAD, Key, KeypadBack, KeypadLost, KeyPressed, SignTyped

EV_KEY = 1
_PRESSED = 1
"""0 is the release and 2 the key's own repeat: neither types anything."""
_RESCAN_S = 1.0
_WAITING = 64
"""Presses that wait to be taken. With more, devices are not read on: the kernel keeps some, and drops the rest."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


class InputEvent(Protocol):
    """What evdev tells of one event."""

    type: int
    code: int
    value: int


class InputDevice(Protocol):
    """What this adapter uses of evdev.InputDevice."""

    @property
    def path(self) -> str: ...

    @property
    def name(self) -> str: ...

    def grab(self) -> None: ...

    def async_read_loop(self) -> AsyncIterator[InputEvent]: ...

    def close(self) -> None: ...


Find = Callable[[Collection[str]], list[InputDevice]]
"""Every fitting device, opened, but those at these paths, which are held already."""
Names = Callable[[int], Iterable[str]]
"""Every name of a key's number: evdev knows aliases."""


async def _rescan_pause() -> None:
    await asyncio.sleep(_RESCAN_S)


class Keypads(Generic[T]):
    """Every device that `find` offers, at any time, and what `read` makes of its events (None: nothing)."""

    def __init__(
        self,
        find: Find,
        read: Callable[[InputEvent], T | None],
        *,
        pause: Callable[[], Awaitable[None]] = _rescan_pause,
    ) -> None:
        self._find, self._meaning, self._pause = find, read, pause
        self._held: set[str] = set()
        self._refused: set[str] = set()

    async def events(self) -> AsyncIterator[T | KeypadLost | KeypadBack]:
        """Each press, without end. KeypadLost at the start when there is no device, and once at each unplug.

        Devices are looked for every second.
        """
        told: asyncio.Queue[T | KeypadLost | KeypadBack] = asyncio.Queue(_WAITING)
        watching = asyncio.create_task(self._watch(told))
        taking: asyncio.Task[T | KeypadLost | KeypadBack] | None = None
        try:
            while True:
                taking = asyncio.create_task(told.get())
                await asyncio.wait({watching, taking}, return_when=asyncio.FIRST_COMPLETED)
                if watching.done():
                    raise _first(watching.exception())
                yield await taking
        finally:
            ending = [task for task in (watching, taking) if task is not None]
            for task in ending:
                task.cancel()
            await asyncio.gather(*ending, return_exceptions=True)

    async def _watch(self, told: asyncio.Queue[T | KeypadLost | KeypadBack]) -> None:
        """Look for devices, and have each one read."""
        at_start = True
        async with asyncio.TaskGroup() as readers:
            while True:
                taken = [device for device in self._find(self._held) if self._take(device)]
                for device in taken:
                    readers.create_task(self._read(device, told, back=not at_start))
                if at_start and not taken:
                    await told.put(KeypadLost(NO_KEYPAD))
                at_start = False
                await self._pause()

    def _take(self, device: InputDevice) -> bool:
        try:
            device.grab()
        except OSError as error:  # another program has it, or it is gone again
            if device.path not in self._refused:
                _log.warning("keypad %s at %s cannot be had: %s", device.name, device.path, error)
                self._refused.add(device.path)
            device.close()
            return False
        self._refused.discard(device.path)
        self._held.add(device.path)
        return True

    async def _read(self, device: InputDevice, told: asyncio.Queue[T | KeypadLost | KeypadBack], *, back: bool) -> None:
        """Tell a device's presses until it is unplugged. `back`: say first that it is there."""
        _log.info("keypad %s at %s", device.name, device.path)
        try:
            if back:
                await told.put(KeypadBack(device.name))
            async for event in device.async_read_loop():
                press = self._meaning(event)
                if press is not None:
                    await told.put(press)
        except OSError as error:  # 19 (no such device) is an unplug; any other is as good as one
            _log.warning("keypad %s: %s", device.name, error)
        finally:
            self._held.discard(device.path)
            device.close()
        await told.put(KeypadLost(device.name))


def _first(error: BaseException | None) -> BaseException:
    """What went wrong first: a group's text says nothing of it."""
    if isinstance(error, BaseExceptionGroup):
        return _first(error.exceptions[0])
    return error or RuntimeError("the keypads are no longer watched")


class EvdevKeypad(Keypads[SignTyped | KeyPressed]):
    """node.ports.Keypad on evdev's devices.

    `keys` maps evdev key names to a sign or an action word, as a key-map does. Keys that it does not name are ignored.
    """

    def __init__(
        self,
        keys: Mapping[str, str],
        find: Find,
        names: Names,
        *,
        pause: Callable[[], Awaitable[None]] = _rescan_pause,
    ) -> None:
        def read(event: InputEvent) -> SignTyped | KeyPressed | None:
            word = next((keys[name] for name in pressed(event, names) if name in keys), None)
            if word is None:
                return None
            return SignTyped(word) if len(word) == 1 else KeyPressed(Key(word))

        super().__init__(find, read, pause=pause)


def pressed(event: InputEvent, names: Names) -> tuple[str, ...]:
    """Every name of the key that this event presses; none for all other events."""
    return tuple(names(event.code)) if event.type == EV_KEY and event.value == _PRESSED else ()
