"""The check-up of a post's parts: what is well is found well, and what is not comes with advice."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest

from hub.wire.messages import Finding, HubReport
from hub.wire.terms import Relay
from node.cli.check import table
from node.core.events import KeypadBack, KeypadLost, SignTyped
from node.core.screen import Layout, Picture
from node.shell import checkup
from tests.fakes.clock import FakeClock
from tests.fakes.keypad import FakeKeypad
from tests.fakes.link import FakeLink
from tests.fakes.power import FakePower
from tests.fakes.screen import FakeScreen
from tests.fakes.watch import PATIENCE_S

PICTURE = Picture(Layout.MESSAGE, title="check")
T = TypeVar("T")


class StuckPower(FakePower):
    """Relays of which some do what they like."""

    def __init__(self, stuck: Mapping[str, Relay], names: tuple[str, ...] = ("display", "usb")) -> None:
        super().__init__(names)
        self._stuck = stuck

    def relays(self) -> Mapping[str, Relay]:
        return {**super().relays(), **self._stuck}


async def passing(clock: FakeClock, work: Coroutine[Any, Any, T]) -> T:
    """What the work gives, while its clock runs fast."""
    task = asyncio.ensure_future(work)
    async with asyncio.timeout(PATIENCE_S):
        while not task.done():
            clock.advance(10)
            await asyncio.sleep(0)
    return task.result()


async def relays(power: FakePower, *, switch: bool, resets: tuple[str, ...] = ()) -> dict[str, tuple[bool, str]]:
    clock = FakeClock()
    found = await passing(clock, checkup.relays(power, clock, switch=switch, patience_ms=1_000, resets=resets))
    assert all(finding.advice for finding in found if not finding.ok)
    return {finding.what: (finding.ok, finding.told) for finding in found}


async def test_relays_are_only_looked_at_unless_asked() -> None:
    power = FakePower(("display", "usb"))
    found = await relays(power, switch=False)
    assert [ok for ok, _ in found.values()] == [True, True]
    assert power.history == [Relay.OFF]


async def test_relays_go_on_and_off() -> None:
    power = FakePower(("display", "usb"))
    well = (True, "went on and off")
    assert await relays(power, switch=True) == {"relay display": well, "relay usb": well}
    assert power.history == [Relay.OFF, Relay.ON, Relay.OFF]


async def test_a_relay_that_does_not_follow_is_named() -> None:
    found = await relays(StuckPower({"usb": Relay.OFF}), switch=True)
    assert found == {"relay display": (True, "went on and off"), "relay usb": (False, "does not go on")}
    found = await relays(StuckPower({"usb": Relay.ON}), switch=True)
    assert found["relay usb"] == (False, "does not go off")
    found = await relays(StuckPower({"usb": Relay.ON}), switch=False)
    assert found["relay usb"] == (False, "on")


async def test_a_reset_relay_is_left_alone() -> None:
    found = await relays(StuckPower({"reset": Relay.OFF}, ("display", "reset")), switch=True, resets=("reset",))
    assert [ok for ok, _ in found.values()] == [True, True]
    assert "not tried" in found["relay reset"][1]


@pytest.mark.parametrize(
    ("event", "ok"),
    [(None, True), (KeypadBack("pad"), True), (SignTyped("1"), True), (KeypadLost("keypad"), False)],
)
async def test_a_keypad_is_there_unless_it_says_that_it_is_not(event: Any, ok: bool) -> None:
    clock, keypad = FakeClock(), FakeKeypad()
    if event is not None:
        keypad.press([event])
    found = await passing(clock, checkup.keypad(keypad, clock))
    assert (found.ok, bool(found.advice)) == (ok, not ok)


async def test_a_screen_takes_a_picture() -> None:
    clock, screen = FakeClock(), FakeScreen()
    assert (await checkup.screen(screen, clock, PICTURE)).ok
    assert screen.shown == [PICTURE]


async def test_a_screen_that_does_not_answer_is_told() -> None:
    clock, screen = FakeClock(), FakeScreen()
    screen.broken = True
    found = await checkup.screen(screen, clock, PICTURE)
    assert (found.ok, "does not answer" in found.told, "i2cdetect" in found.advice) == (False, True, True)


async def test_a_screen_that_hangs_is_left_to_itself() -> None:
    clock, screen = FakeClock(), FakeScreen()
    screen.hang()
    try:
        found = await passing(clock, checkup.screen(screen, clock, PICTURE))
    finally:
        screen.let_go()
    assert (found.ok, found.told) == (False, "the bus hangs")


async def test_the_broker_and_the_hub_answer() -> None:
    clock, link = FakeClock(), FakeLink()
    link.found()
    link.say(HubReport(online=True))
    found = await checkup.broker(link, clock)
    assert [(finding.what, finding.ok) for finding in found] == [("broker", True), ("hub", True)]


async def test_a_hub_that_is_away_is_not_the_brokers_fault() -> None:
    clock, link = FakeClock(), FakeLink()
    link.found()
    link.say(HubReport(online=False))
    found = await passing(clock, checkup.broker(link, clock))
    assert [(finding.what, finding.ok) for finding in found] == [("broker", True), ("hub", False)]


async def test_no_broker_is_one_finding() -> None:
    clock = FakeClock()
    (found,) = await passing(clock, checkup.broker(FakeLink(), clock))
    assert (found.what, found.ok, "password" in found.advice) == ("broker", False, True)


@pytest.mark.parametrize(
    ("error", "free_mib", "sync_ms", "ok", "told"),
    [
        ("", 900, 4.25, True, "900 MiB free, 4.2 ms"),
        ("", 3, 4.0, False, "3 MiB free"),
        ("", 900, 800.0, False, "800.0 ms"),
        ("Read-only file system", 0, 0.0, False, "Read-only file system"),
    ],
)
def test_a_disk_needs_room_and_speed(error: str, free_mib: int, sync_ms: float, ok: bool, told: str) -> None:
    found = checkup.disk(Path("/var/lib/poste-node"), error, free_mib=free_mib, sync_ms=sync_ms)
    assert (found.ok, told in found.told) == (ok, True)


def test_only_a_real_post_minds_the_wall_clock() -> None:
    assert [
        checkup.clock(synced=synced, simulated=simulated).ok
        for synced, simulated in [(True, False), (False, True), (False, False)]
    ] == [True, True, False]


def test_the_table_says_what_to_do_about_what_is_not_well() -> None:
    told = table(
        [Finding("clock", ok=True, told="set", advice="no"), Finding("relay usb", ok=False, told="on", advice="look")]
    )
    assert told == "ok    clock      set\nFAIL  relay usb  on\n                 look"
