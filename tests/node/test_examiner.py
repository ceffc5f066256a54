"""The self-test of a post at work: what it finds, and that it disturbs nobody."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from hub.wire.codec import decode, encode
from hub.wire.messages import Findings, Identify, SelfTest
from hub.wire.terms import Relay
from node.core.events import FaultSeen, KeypadLost
from node.core.ledger import Record
from node.core.state import Post
from node.main.surroundings import Surroundings
from node.ports import Light
from node.shell.examiner import Examiner, parts
from node.shell.shell import Shell
from tests.fakes.machine import FakeMachine
from tests.fakes.power import FakePower
from tests.node.shell_driver import Room, uid

WELL = [("relay display", True), ("keypad", True), ("screen", True)]


def with_machine(room: Room) -> FakeMachine:
    machine = FakeMachine()
    room.shell = Shell(replace(room.shell._ports, machine=machine), room.shell._me, new_id=room.shell._new_id)
    return machine


def told(found: Findings) -> list[tuple[str, bool]]:
    return [(finding.what, finding.ok) for finding in found.findings]


async def test_a_post_at_rest_looks_at_everything() -> None:
    room = Room()
    machine = with_machine(room)
    async with room.running():
        await room.greet()
        room.link.say(SelfTest(uid(7)))
        found = await room.sent(Findings)
        assert (found.test_id, told(found)) == (uid(7), [("clock", False), *WELL, ("journal", True)])
        assert found.findings[0].advice == "see `timedatectl`"
        assert all(not finding.advice for finding in found.findings if finding.ok)
        assert machine.wrote == [True]


async def test_a_running_stay_is_not_disturbed() -> None:
    room = Room()
    machine = with_machine(room)
    async with room.running():
        await room.greet()
        await room.powered()
        saves, history = len(room.journal.saved), list(room.power.history)
        room.link.say(SelfTest(uid(7)))
        found = await room.sent(Findings)
        assert ("relay display", True) in told(found)
        assert machine.wrote == [False]
        assert (len(room.journal.saved), room.power.history) == (saves, history)


async def test_the_newest_of_several_tests_is_answered() -> None:
    room = Room()
    sent: list[object] = []
    examiner = Examiner(room.shell._ports, lambda: room.shell._post, sent.append)
    for number in (1, 2, 3):
        examiner.begin(uid(number))
    assert examiner._asked.qsize() == 1
    assert examiner._asked.get_nowait() == uid(3)


async def test_the_led_blinks_while_the_desk_looks_for_the_post() -> None:
    room = Room()
    async with room.running():
        await room.greet()
        await room.until(lambda: room.lamp.shown[-1] is Light.FLASH)
        room.link.say(Identify(uid(1), 30))
        await room.until(lambda: room.lamp.shown[-1] is Light.FAST)
        await room.time_passes(31_000, lambda: room.lamp.shown[-1] is Light.FLASH)


async def post_after(*events: FaultSeen | KeypadLost) -> Post:
    room = Room()
    async with room.running():
        for event in events:
            room.shell._put(event)
        await room.until(room.shell._queue.empty)
        return room.shell._post


@pytest.mark.parametrize(
    ("event", "what"),
    [
        (FaultSeen("screen"), "screen"),
        (FaultSeen("journal"), "journal"),
        (FaultSeen("relay:display"), "relay display"),
        (FaultSeen("crash_loop"), "crash_loop"),
        (KeypadLost("Pad A"), "keypad"),
    ],
)
async def test_what_is_not_well_comes_with_advice(event: FaultSeen | KeypadLost, what: str) -> None:
    found = list(parts(await post_after(event), {"display": Relay.OFF}))
    (ill,) = [finding for finding in found if not finding.ok]
    assert ill.what == what
    assert ill.advice


async def test_the_most_that_can_be_found_fits_into_a_message() -> None:
    names = tuple(f"relay-{number:02}-{'x' * 80}" for number in range(20))
    room = Room(Record(uid(0xE0)))
    room.power = FakePower(names)
    ports = replace(room.shell._ports, power=room.power)
    room.shell = Shell(ports, room.shell._me, new_id=room.shell._new_id)
    async with room.running():
        await room.greet()
        room.shell._put(KeypadLost("é" * 300))
        room.power.tell(*(FaultSeen(f"relay:{name}") for name in names))
        room.link.say(SelfTest(uid(7)))
        found = await room.sent(Findings)
        assert decode(Findings, encode(found)) == found
        assert len(found.findings) == 16
        assert not found.findings[0].ok


async def test_surroundings_are_the_clock_and_unless_a_stay_runs_the_disk(tmp_path: Path) -> None:
    here = Surroundings(tmp_path, simulated=True)
    assert [finding.what for finding in await here.look(write=False)] == ["clock"]
    clock, disk = await here.look(write=True)
    assert (clock.ok, disk.what, disk.ok) == (True, "journal", True)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - without pathlib, which ruff takes for slow here
