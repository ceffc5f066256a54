"""Keypads that a test presses: a plain fake, and a pipe that evdev's own decoder reads."""

from __future__ import annotations

import asyncio
import os
import struct
from collections.abc import AsyncIterator, Iterable, Iterator

from evdev import DeviceInfo, InputEvent, ecodes
from evdev.eventio_async import EventIO

from node.core.events import KeypadBack, KeypadLost, KeyPressed, SignTyped

KeypadEvent = SignTyped | KeyPressed | KeypadLost | KeypadBack


class FakeKeypad:
    """A `Keypad` of the node: gives what `press` was told, and dies of what `die` was told."""

    def __init__(self) -> None:
        self._pressed: asyncio.Queue[KeypadEvent | Exception] = asyncio.Queue()

    def press(self, events: Iterable[KeypadEvent]) -> None:
        for event in events:
            self._pressed.put_nowait(event)

    def die(self, error: Exception) -> None:
        self._pressed.put_nowait(error)

    async def events(self) -> AsyncIterator[KeypadEvent]:
        while True:
            event = await self._pressed.get()
            if isinstance(event, Exception):
                raise event
            yield event


class PipeDevice(EventIO):
    """An input device whose `struct input_event` bytes come from a pipe, through evdev's decoder.

    `unplug` makes the next read fail with ENODEV, as a real unplug does. `taken`: another program has grabbed it.
    """

    def __init__(
        self,
        name: str = "pipe keypad",
        path: str | None = None,
        usb: tuple[int, int] = (0x0B1A, 0x0C2D),
        codes: Iterable[int] = range(1, 128),
    ) -> None:
        self.fd, self._write_end = os.pipe()
        os.set_blocking(self.fd, False)
        self.name, self.path = name, path or f"fd:{self.fd}"
        self.info = DeviceInfo(ecodes.BUS_USB, *usb, 1)
        self._codes = list(codes)
        self.grabbed, self.closed, self.taken, self._gone = False, False, False, False

    def capabilities(self) -> dict[int, list[int]]:
        return {ecodes.EV_KEY: self._codes} if self._codes else {}

    def fileno(self) -> int:
        return self.fd

    def read(self) -> Iterator[InputEvent]:
        if self._gone:
            raise OSError(19, "No such device")
        return super().read()

    def grab(self) -> None:
        if self.taken:
            raise OSError(16, "Device or resource busy")
        self.grabbed = True

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            super().close()  # as evdev's own does: or the loop would go on watching whatever has this number next
            os.close(self.fd)
            os.close(self._write_end)

    def type(self, *codes: int) -> None:
        """Press and release each key."""
        for code in codes:
            self.send(ecodes.EV_KEY, code, 1)
            self.send(ecodes.EV_KEY, code, 0)

    def send(self, kind: int, code: int, value: int) -> None:
        """One event and its SYN report, as the kernel writes them."""
        os.write(self._write_end, _event(kind, code, value) + _event(ecodes.EV_SYN, 0, 0))

    def flood(self, code: int, presses: int) -> int:
        """Press and release a key as often as fits into the kernel's buffer here; returns how often that was."""
        os.set_blocking(self._write_end, False)
        one = b"".join(_event(ecodes.EV_KEY, code, value) + _event(ecodes.EV_SYN, 0, 0) for value in (1, 0))
        for done in range(presses):
            try:
                os.write(self._write_end, one)
            except BlockingIOError:
                return done
        return presses

    def unplug(self) -> None:
        self._gone = True
        os.write(self._write_end, _event(ecodes.EV_SYN, 0, 0))


def _event(kind: int, code: int, value: int) -> bytes:
    return struct.pack("llHHi", 0, 0, kind, code, value)
