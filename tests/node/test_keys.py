"""poste-node keys: someone shows which key is which, and the key-map is one that the node can use."""

from __future__ import annotations

import asyncio
import io
import os
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from pathlib import Path
from string import ascii_uppercase, digits

import pytest
from evdev import ecodes

from firmware_config.keymaps import ACTIONS, load_keymap, parse_keymap
from node.adapters.keypad_evdev import InputDevice, InputEvent, Keypads, evdev_names, pressed
from node.cli import run
from node.cli.common import CommandError
from node.cli.keys import Events, save, taught
from node.cli.learn import MEANINGS, Answered, Heard, Plugged, Pressed, keymap_toml, learn
from node.core.events import KeypadLost
from tests.fakes.keypad import PipeDevice
from tests.fakes.watch import PATIENCE_S

PAD = load_keymap("numeric_pad").keys


class Person:
    """Answers each question by what `answer` says of the word that is asked for; keeps what was said."""

    def __init__(self, answer: Callable[[str], list[Heard]]) -> None:
        self.said: list[str] = []
        self._answer = answer
        self._next: list[Heard] = []

    def say(self, line: str) -> None:
        self.said.append(line)
        if line.startswith("The key "):
            word = line.rpartition("(")[2].rstrip("):") if "(" in line else line.rpartition(" ")[2].rstrip(":")
            self._next += self._answer(word)

    async def hear(self) -> Heard:
        return self._next.pop(0)


def key_for(word: str) -> Pressed:
    return Pressed((next(name for name, meant in PAD.items() if meant == word),))


async def test_each_action_and_sign_is_asked_for() -> None:
    person = Person(lambda word: [Pressed((f"KEY_OF_{word.upper()}",))])
    keys = await learn(person.hear, person.say)
    assert tuple(keys.values()) == (*ACTIONS, *digits, *ascii_uppercase)
    assert keys["KEY_OF_CONFIRM"] == "confirm"
    assert keys["KEY_OF_7"] == "7"


def test_every_action_is_explained() -> None:
    assert tuple(MEANINGS) == ACTIONS


async def test_one_key_and_the_rest_of_a_kind_can_be_skipped() -> None:
    def answer(word: str) -> list[Heard]:
        if word == "help":
            return [Answered("\n")]
        return [Answered("Rest\n")] if word == "A" else [key_for(word)]

    person = Person(answer)
    keys = await learn(person.hear, person.say)
    assert set(keys.values()) == {*ACTIONS, *digits} - {"help"}
    assert person.said[-1] == "  no more letters"


async def test_confirm_cannot_be_skipped() -> None:
    def answer(word: str) -> list[Heard]:
        if word == "confirm":
            return [Answered("\n"), Answered("rest\n"), key_for("confirm")]
        return [Answered("rest\n")]

    person = Person(answer)
    assert await learn(person.hear, person.say) == {"KEY_KPENTER": "confirm"}
    assert "  this one is needed: press the key on the pad" in person.said


async def test_a_key_has_one_meaning_by_whichever_name() -> None:
    def answer(word: str) -> list[Heard]:
        if word == "confirm":
            return [Pressed(("KEY_MUTE", "KEY_MIN_INTERESTING"))]
        if word == "erase":
            return [Pressed(("KEY_MIN_INTERESTING", "KEY_MUTE")), Pressed(("KEY_B",))]
        return [Answered("rest\n")]

    person = Person(answer)
    assert await learn(person.hear, person.say) == {"KEY_MUTE": "confirm", "KEY_B": "erase"}
    assert "  KEY_MIN_INTERESTING is confirm already: press another one" in person.said


async def test_words_at_the_terminal_and_unplugs_change_nothing() -> None:
    def answer(word: str) -> list[Heard]:
        if word == "confirm":
            return [Plugged("found pad"), key_for("confirm")]
        return [Answered("seven\n"), Answered("rest\n")]

    person = Person(answer)
    assert await learn(person.hear, person.say) == {"KEY_KPENTER": "confirm"}
    assert "  found pad" in person.said


def test_the_file_is_a_key_map() -> None:
    text = keymap_toml('Our "pad"\n\x7f', {"KEY_KPENTER": "confirm", "KEY_KP1": "1"})
    keymap = parse_keymap("own", text)
    assert keymap.description == 'Our "pad"\n\x7f'
    assert dict(keymap.keys) == {"KEY_KPENTER": "confirm", "KEY_KP1": "1"}


async def _never() -> None:
    await asyncio.Event().wait()


def events_of(*devices: PipeDevice) -> Events:
    """What the devices' keys are called, as the command hears it."""
    waiting: list[InputDevice] = list(devices)

    def find(held: Collection[str]) -> list[InputDevice]:
        found, waiting[:] = waiting[:], []
        return found

    def read(event: InputEvent) -> tuple[str, ...] | None:
        return pressed(event, evdev_names) or None

    return Keypads(find, read, pause=_never).events()


class Desk:
    """A pad, a terminal, and someone at both: presses the numeric pad's own keys, and has no letters."""

    def __init__(self) -> None:
        self.device = PipeDevice()
        reading, self._writing = os.pipe()
        self.terminal = os.fdopen(reading, encoding="utf-8")
        self.said: list[str] = []

    def say(self, line: str) -> None:
        self.said.append(line)
        if line == "The key for A:":
            os.write(self._writing, b"rest\n")
        elif line.startswith("The key "):
            word = line.rpartition("(")[2].rstrip("):") if "(" in line else line[-2]
            self.device.type(ecodes.ecodes[key_for(word).names[0]])

    def close(self) -> None:
        os.close(self._writing)
        for thread in threading.enumerate():
            if thread.name == "terminal":  # it ends at the end of its lines
                thread.join(PATIENCE_S)
        self.terminal.close()
        self.device.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.close()


async def test_a_pad_is_learned_through_its_own_events(desk: Desk) -> None:
    async with asyncio.timeout(PATIENCE_S):
        text = await taught(events_of(desk.device), desk.terminal, desk.say)
    keys = parse_keymap("learned", text).keys
    assert sorted(keys.values()) == sorted([*ACTIONS, *digits])
    assert all(PAD[name] == word for name, word in keys.items())
    assert desk.device.grabbed
    assert desk.device.closed
    assert "  KEY_KPENTER" in desk.said


async def test_no_pad_is_told_and_a_closed_terminal_ends_it() -> None:
    said: list[str] = []
    with pytest.raises(CommandError, match="the terminal has closed"):
        async with asyncio.timeout(PATIENCE_S):
            await taught(events_of(), io.StringIO(""), said.append)


async def test_a_failure_of_the_pads_is_not_hidden(desk: Desk) -> None:
    async def broken() -> AsyncIterator[KeypadLost]:
        yield KeypadLost("keypad")
        raise RuntimeError("no such folder")

    with pytest.raises(RuntimeError, match="no such folder"):
        async with asyncio.timeout(PATIENCE_S):
            await taught(broken(), desk.terminal, desk.said.append)


def test_the_file_is_one_that_the_node_can_load(tmp_path: Path) -> None:
    out = tmp_path / "my-pad.toml"
    save(out, keymap_toml("Ours", {"KEY_KPENTER": "confirm"}))
    assert load_keymap(str(out)).keys == {"KEY_KPENTER": "confirm"}
    assert out.stat().st_mode & 0o777 == 0o644
    with pytest.raises(CommandError, match="File exists"):
        save(out, "another")


def test_a_key_without_a_name_is_none() -> None:
    assert evdev_names(0x2FF) == ()


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, out = tmp_path / "node.toml", tmp_path / "pad.toml"
    config.touch(0o600)
    config.write_text('[post]\nid = "p01"\n[hub]\nhost = "h"\npassword = "x"\n', encoding="utf-8")
    out.write_text("mine", encoding="utf-8")
    assert run(["keys", "--config", str(config), "--out", str(out)]) == 1
    told = capsys.readouterr().err
    assert told == f"poste-node: --out: {out} is there already: name another file\n"
    assert out.read_text(encoding="utf-8") == "mine"
