"""One suite for every Keypad: the fake, the simulator's, and evdev's on real input_event bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import pytest
from evdev import ecodes

from firmware_config.keymaps import load_keymap
from node.adapters.keypad_evdev import EvdevKeypad, InputDevice, evdev_names
from node.adapters.sim import VirtualKeypad
from node.core.events import Key, KeypadBack, KeypadLost, KeyPressed, SignTyped
from tests.adapters.keypad import KeypadBench, KeypadSuite, take
from tests.fakes.keypad import FakeKeypad, PipeDevice

KEYS = load_keymap("keyboard").keys


def code_of(event: SignTyped | KeyPressed) -> int:
    """The number of a key that the key-map gives that meaning."""
    meaning = event.sign if isinstance(event, SignTyped) else str(event.key)
    return int(ecodes.ecodes[next(name for name, word in KEYS.items() if word == meaning)])


@dataclass
class Desk:
    """An evdev keypad whose devices come from a test; `rescan` lets it look again."""

    plugged: list[PipeDevice] = field(default_factory=list)
    seen: list[PipeDevice] = field(default_factory=list)
    rescan: asyncio.Event = field(default_factory=asyncio.Event)

    def keypad(self) -> EvdevKeypad:
        return EvdevKeypad(KEYS, self._find, evdev_names, pause=self._pause)

    def plug(self, name: str = "pipe keypad", path: str | None = None) -> PipeDevice:
        self.plugged.append(PipeDevice(name, path))
        self.rescan.set()
        return self.plugged[-1]

    def _find(self, held: Collection[str]) -> list[InputDevice]:
        found = [device for device in self.plugged if device.path not in held]
        self.plugged = [device for device in self.plugged if device not in found]
        self.seen += found
        return list(found)

    async def _pause(self) -> None:
        await self.rescan.wait()
        self.rescan.clear()


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    for device in [*made.plugged, *made.seen]:
        device.close()


class TestEveryKeypad(KeypadSuite):
    """The fake, the simulator's, and evdev's on a pipe."""

    @pytest.fixture(params=["fake", "sim", "evdev"])
    def bench(self, request: pytest.FixtureRequest, desk: Desk) -> KeypadBench:
        if request.param == "fake":
            fake = FakeKeypad()
            return KeypadBench(fake, fake.press)
        if request.param == "sim":
            virtual = VirtualKeypad()
            return KeypadBench(virtual, virtual.press)
        device = desk.plug()
        return KeypadBench(desk.keypad(), lambda keys: device.type(*map(code_of, keys)))


async def test_only_the_press_of_a_known_key_counts(desk: Desk) -> None:
    device = desk.plug()
    device.send(ecodes.EV_KEY, ecodes.KEY_A, 2)  # held down
    device.send(ecodes.EV_KEY, ecodes.KEY_A, 0)  # let go
    device.send(ecodes.EV_REL, ecodes.REL_X, 1)
    device.type(ecodes.KEY_F24, ecodes.KEY_MUTE, ecodes.KEY_B)
    assert await take(desk.keypad().events()) == [SignTyped("B")]
    assert device.grabbed


async def test_an_unplug_is_told_once_and_the_next_keypad_is_found(desk: Desk) -> None:
    device = desk.plug()
    events = desk.keypad().events()
    device.type(ecodes.KEY_A)
    assert await take(events) == [SignTyped("A")]
    desk.rescan.clear()
    device.unplug()
    assert await take(events) == [KeypadLost("pipe keypad")]
    assert device.closed
    waiting = asyncio.create_task(take(events, 2))
    desk.rescan.set()  # nothing there yet: nothing is told
    other = desk.plug()
    other.type(ecodes.KEY_B)
    assert await waiting == [KeypadBack("pipe keypad"), SignTyped("B")]


async def test_no_keypad_at_the_start_is_told(desk: Desk) -> None:
    events = desk.keypad().events()
    assert await take(events) == [KeypadLost("keypad")]
    desk.plug()
    assert await take(events) == [KeypadBack("pipe keypad")]


async def test_it_comes_back_under_another_event_number(desk: Desk) -> None:
    device = desk.plug(path="/dev/input/event3")
    events = desk.keypad().events()
    device.type(ecodes.KEY_A)
    assert await take(events) == [SignTyped("A")]
    device.unplug()
    assert await take(events) == [KeypadLost("pipe keypad")]
    desk.plug(path="/dev/input/event7").type(ecodes.KEY_B)
    assert await take(events, 2) == [KeypadBack("pipe keypad"), SignTyped("B")]


async def test_several_pads_type_at_once_and_the_loss_of_one_leaves_the_others(desk: Desk) -> None:
    pad, reader = desk.plug("pad"), desk.plug("reader")
    events = desk.keypad().events()
    pad.type(ecodes.KEY_A)
    assert await take(events) == [SignTyped("A")]
    assert pad.grabbed
    assert reader.grabbed
    pad.unplug()
    assert await take(events) == [KeypadLost("pad")]
    reader.type(ecodes.KEY_B)
    assert await take(events) == [SignTyped("B")]


async def test_a_pad_that_is_plugged_in_later_joins(desk: Desk) -> None:
    first = desk.plug("pad")
    events = desk.keypad().events()
    first.type(ecodes.KEY_A)
    await take(events)
    desk.plug("reader").type(ecodes.KEY_B)
    assert await take(events, 2) == [KeypadBack("reader"), SignTyped("B")]
    first.type(ecodes.KEY_C)
    assert await take(events) == [SignTyped("C")]


async def test_a_scanner_types_a_whole_code_at_once(desk: Desk) -> None:
    device = desk.plug()
    device.type(*(ecodes.ecodes[f"KEY_{sign}"] for sign in "K7M2QX"), ecodes.KEY_ENTER)
    assert await take(desk.keypad().events(), 7) == [*map(SignTyped, "K7M2QX"), KeyPressed(Key.CONFIRM)]


async def test_a_chord_types_each_of_its_keys_once(desk: Desk) -> None:
    device = desk.plug()
    for value in (1, 2, 2, 0):
        for code in (ecodes.KEY_A, ecodes.KEY_LEFTSHIFT, ecodes.KEY_B):
            device.send(ecodes.EV_KEY, code, value)
    device.type(ecodes.KEY_C)
    assert await take(desk.keypad().events(), 3) == [*map(SignTyped, "ABC")]


async def test_a_stuck_key_types_once_and_stops_no_other(desk: Desk) -> None:
    device = desk.plug()
    events = desk.keypad().events()
    device.send(ecodes.EV_KEY, ecodes.KEY_A, 1)
    for _ in range(100):
        device.send(ecodes.EV_KEY, ecodes.KEY_A, 2)
    device.type(ecodes.KEY_B)
    assert await take(events, 2) == [SignTyped("A"), SignTyped("B")]


async def test_a_pad_that_is_unplugged_while_a_key_is_down_comes_back_whole(desk: Desk) -> None:
    device = desk.plug()
    events = desk.keypad().events()
    device.send(ecodes.EV_KEY, ecodes.KEY_A, 1)
    assert await take(events) == [SignTyped("A")]
    device.unplug()
    assert await take(events) == [KeypadLost("pipe keypad")]
    desk.plug().type(ecodes.KEY_A)
    assert await take(events, 2) == [KeypadBack("pipe keypad"), SignTyped("A")]


async def test_keys_that_nobody_takes_stay_with_the_kernel(desk: Desk) -> None:
    device = desk.plug()
    events = desk.keypad().events()
    device.type(ecodes.KEY_A)
    assert await take(events) == [SignTyped("A")]
    presses = device.flood(ecodes.KEY_B, 100_000)
    taken = 1
    assert await take(events) == [SignTyped("B")]
    for _ in range(2_000):  # the loop goes round and round, and nobody takes more than that one
        await asyncio.sleep(0)
    more = device.flood(ecodes.KEY_B, 100_000)
    assert more < 200, "so many has it read beyond what was taken"
    assert await take(events, presses + more - taken) == [SignTyped("B")] * (presses + more - taken)


async def test_a_pad_that_another_program_has_is_had_when_that_one_lets_go(desk: Desk) -> None:
    desk.plug().taken = True
    events = desk.keypad().events()
    assert await take(events) == [KeypadLost("keypad")]
    assert desk.seen[0].closed
    desk.plug().type(ecodes.KEY_A)
    assert await take(events, 2) == [KeypadBack("pipe keypad"), SignTyped("A")]


async def test_a_failure_while_looking_is_not_hidden(desk: Desk) -> None:
    def broken(held: Collection[str]) -> list[InputDevice]:
        raise RuntimeError("no such folder")

    with pytest.raises(RuntimeError, match="no such folder"):
        await take(EvdevKeypad(KEYS, broken, evdev_names).events())


async def test_its_end_lets_go_of_the_devices(desk: Desk) -> None:
    device = desk.plug()
    device.type(ecodes.KEY_A)
    events = desk.keypad().events()
    assert await take(events) == [SignTyped("A")]
    waiting = asyncio.create_task(take(events))
    await asyncio.sleep(0)  # it waits in the middle of things now
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert device.closed
