"""One suite for every Keypad: the fake, the simulator's, and evdev's on real input_event bytes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pytest
from evdev import ecodes

from firmware_config.keymaps import load_keymap
from node.adapters.keypad_evdev import EvdevKeypad
from node.adapters.sim import VirtualKeypad
from node.core.events import Key, KeypadBack, KeypadLost, KeyPressed, SignTyped
from node.ports import Keypad
from tests.fakes.keypad import FakeKeypad, PipeDevice
from tests.fakes.watch import PATIENCE_S

KEYS = load_keymap("keyboard").keys


def names(code: int) -> Iterable[str]:
    known = ecodes.bytype[ecodes.EV_KEY].get(code, ())
    return (known,) if isinstance(known, str) else known


def code_of(event: SignTyped | KeyPressed) -> int:
    """The number of a key that the key-map gives that meaning."""
    meaning = event.sign if isinstance(event, SignTyped) else str(event.key)
    return int(ecodes.ecodes[next(name for name, word in KEYS.items() if word == meaning)])


@dataclass
class Bench:
    """An evdev keypad whose devices come from a test; `rescan` lets it look again."""

    plugged: list[PipeDevice] = field(default_factory=list)
    seen: list[PipeDevice] = field(default_factory=list)
    rescan: asyncio.Event = field(default_factory=asyncio.Event)

    def keypad(self) -> EvdevKeypad:
        return EvdevKeypad(KEYS, self._find, names, pause=self._pause)

    def plug(self) -> PipeDevice:
        self.plugged.append(PipeDevice())
        self.rescan.set()
        return self.plugged[-1]

    def _find(self) -> PipeDevice | None:
        if not self.plugged:
            return None
        self.seen.append(self.plugged.pop())
        return self.seen[-1]

    async def _pause(self) -> None:
        await self.rescan.wait()
        self.rescan.clear()


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    for device in [*made.plugged, *made.seen]:
        device.close()


Press = Callable[[list[SignTyped | KeyPressed]], None]


@pytest.fixture(params=["fake", "sim", "evdev"])
def keypad(request: pytest.FixtureRequest, bench: Bench) -> tuple[Keypad, Press]:
    if request.param == "fake":
        fake = FakeKeypad()
        return fake, fake.press
    if request.param == "sim":
        virtual = VirtualKeypad()
        return virtual, virtual.press
    device = bench.plug()
    return bench.keypad(), lambda keys: device.type(*map(code_of, keys))


async def take(events: AsyncIterator[object], number: int = 1) -> list[object]:
    async with asyncio.timeout(PATIENCE_S):
        return [await anext(events) for _ in range(number)]


async def test_keys_come_in_the_order_they_are_pressed(keypad: tuple[Keypad, Press]) -> None:
    port, press = keypad
    typed: list[SignTyped | KeyPressed] = [
        *map(SignTyped, "K7M2QX"),
        KeyPressed(Key.CONFIRM),
        KeyPressed(Key.ERASE),
        SignTyped("K"),
    ]
    press(typed)
    assert await take(port.events(), len(typed)) == typed


async def test_keys_pressed_later_come_too(keypad: tuple[Keypad, Press]) -> None:
    port, press = keypad
    events = port.events()
    waiting = asyncio.create_task(take(events))
    press([SignTyped("A")])
    assert await waiting == [SignTyped("A")]
    press([KeyPressed(Key.CONFIRM)])
    assert await take(events) == [KeyPressed(Key.CONFIRM)]


async def test_only_the_press_of_a_known_key_counts(bench: Bench) -> None:
    device = bench.plug()
    device.send(ecodes.EV_KEY, ecodes.KEY_A, 2)  # held down
    device.send(ecodes.EV_KEY, ecodes.KEY_A, 0)  # let go
    device.send(ecodes.EV_REL, ecodes.REL_X, 1)
    device.type(ecodes.KEY_F24, ecodes.KEY_MUTE, ecodes.KEY_B)
    assert await take(bench.keypad().events()) == [SignTyped("B")]
    assert device.grabbed


async def test_an_unplug_is_told_once_and_the_next_keypad_is_found(bench: Bench) -> None:
    device = bench.plug()
    events = bench.keypad().events()
    device.type(ecodes.KEY_A)
    assert await take(events) == [SignTyped("A")]
    bench.rescan.clear()
    device.unplug()
    assert await take(events) == [KeypadLost("pipe keypad")]
    assert device.closed
    waiting = asyncio.create_task(take(events, 2))
    bench.rescan.set()  # nothing there yet: nothing is told
    other = bench.plug()
    other.type(ecodes.KEY_B)
    assert await waiting == [KeypadBack("pipe keypad"), SignTyped("B")]


async def test_no_keypad_at_the_start_is_told(bench: Bench) -> None:
    events = bench.keypad().events()
    assert await take(events) == [KeypadLost("keypad")]
    bench.plug()
    assert await take(events) == [KeypadBack("pipe keypad")]
