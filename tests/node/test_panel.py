"""Beside the screen: relay faults, the push button, the status LED, and a PC that forgets its user."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.wire.messages import Incident, PostReport, Settle
from hub.wire.terms import HubLink, IncidentKind, Language, Phase, Relay
from node.core.events import FaultGone, FaultSeen, Key, KeyPressed, Tick
from node.core.ledger import OpenLease, Record, StaffGrant
from node.core.post import Identity, Post
from node.core.tables import PowerState
from node.ports import Light
from node.shell.panel import Panel, light
from tests.fakes.power import FakePower
from tests.node.shell_driver import BOOT, LEASE, Room, uid

LEASE_OPEN = OpenLease(LEASE, rev=1, total_s=600, debited_s=9)
GRANT = StaffGrant(uid(0x6), total_s=600, debited_s=9)


async def test_a_relay_that_does_not_follow_is_an_incident_and_a_fault_until_it_does() -> None:
    room = Room()
    async with room.running():
        await room.greet()
        room.power.tell(FaultSeen("relay:display"))
        told = await room.sent(Incident)
        assert (told.kind, told.detail) == (IncidentKind.RELAY_MISMATCH, "relay:display")
        await room.until(lambda: room.link.reports[-1][0].faults == ("relay:display",))
        await room.until(lambda: room.lamp.shown[-1] is Light.FAST)
        room.power.tell(FaultGone("relay:display"))
        await room.until(lambda: room.link.reports[-1][0].faults == ())


async def test_a_relay_that_moves_by_itself_is_told_at_once() -> None:
    room = Room()
    async with room.running():
        await room.greet()
        await room.powered()
        await room.until(lambda: room.link.reports[-1][0].relays == {"display": Relay.ON})
        room.power.history.append(Relay.OFF)  # as a staged relay, whose time has come
        room.power.tell(Tick())
        await room.until(lambda: room.link.reports[-1][0].relays == {"display": Relay.OFF})


async def test_the_push_button_ends_the_stay_and_the_pc_forgets_its_user() -> None:
    room = Room()
    async with room.running():
        await room.greet()
        await room.powered()
        assert room.power.forgotten == 0
        room.button.press(KeyPressed(Key.END))
        await room.sent(Settle)
        await room.until(lambda: room.power.forgotten == 1)
        assert not room.power.is_on


async def test_the_end_of_the_program_is_not_the_end_of_the_stay() -> None:
    room = Room()
    async with room.running() as task:
        await room.greet()
        await room.powered()
        room.shell.stop()
        await room.until(task.done)
    assert (room.power.is_on, room.power.forgotten) == (False, 0)


async def test_the_led_tells_free_from_in_use() -> None:
    room = Room()
    async with room.running():
        await room.greet()
        await room.until(lambda: room.lamp.shown[-1] is Light.FLASH)
        await room.powered()
        await room.until(lambda: room.lamp.shown[-1] is Light.STEADY)
    assert room.lamp.shown[0] is Light.FAST  # the hub was not there yet


FREE = PostReport(online=True, boot_id=BOOT, state_epoch=uid(1), version="0.1.0", hub_link=HubLink.OK)


@pytest.mark.parametrize(
    ("report", "shown"),
    [
        (FREE, Light.FLASH),
        (replace(FREE, phase=Phase.ENTERING), Light.FLASH),
        (replace(FREE, phase=Phase.LOCKED_OUT), Light.FLASH),
        (replace(FREE, phase=Phase.RUNNING), Light.STEADY),
        (replace(FREE, phase=Phase.RUNNING, hub_link=HubLink.NO_HUB), Light.STEADY),
        (replace(FREE, phase=Phase.MAINTENANCE), Light.STEADY),
        (replace(FREE, phase=Phase.GRACE), Light.SLOW),
        (replace(FREE, hub_link=HubLink.NO_BROKER), Light.FAST),
        (replace(FREE, phase=Phase.FAULT), Light.FAST),
        (replace(FREE, phase=Phase.RUNNING, faults=("screen",)), Light.FAST),
    ],
)
def test_what_the_led_says(report: PostReport, shown: Light) -> None:
    assert light(report) is shown


class Watched:
    """A panel that sees a post go from state to state."""

    def __init__(self, record: Record | None = None) -> None:
        self.power = FakePower()
        self._panel = Panel(None, self.power)
        self._panel.begin(record or Record(uid(1)))

    def see(self, state: PowerState, *, lease: OpenLease | None = None, grant: StaffGrant | None = None) -> int:
        """How often the user has been forgotten by now."""
        record = Record(uid(1), lease=lease, grant=grant)
        me = Identity(BOOT, "0.1.0", Language.EN)
        self._panel.see(Post(me=me, record=record, at_ms=0, power=state, key_at_ms=0), FREE)
        return self.power.forgotten


def test_a_cut_in_the_midst_of_a_stay_forgets_nobody() -> None:
    watched = Watched()
    states = (PowerState.RUNNING, PowerState.GRACE, PowerState.SPENT, PowerState.RUNNING)
    assert [watched.see(state, lease=LEASE_OPEN) for state in states] == [0, 0, 0, 0]
    assert watched.see(PowerState.OFF) == 1
    assert watched.see(PowerState.OFF) == 1


def test_one_stay_after_the_other_forgets_the_first() -> None:
    watched = Watched()
    watched.see(PowerState.RUNNING, lease=LEASE_OPEN)
    assert watched.see(PowerState.RUNNING, lease=replace(LEASE_OPEN, lease_id=uid(0x2))) == 1


def test_staff_power_is_forgotten_too() -> None:
    watched = Watched()
    watched.see(PowerState.STAFF, grant=GRANT)
    assert watched.see(PowerState.OFF, grant=GRANT) == 1


@pytest.mark.parametrize(
    ("record", "state", "forgotten"),
    [
        (Record(uid(1)), PowerState.OFF, 0),
        (Record(uid(1), lease=LEASE_OPEN), PowerState.OFF, 1),
        (Record(uid(1), lease=LEASE_OPEN), PowerState.RUNNING, 0),
        (Record(uid(1), grant=GRANT), PowerState.OFF, 1),
        (Record(uid(1), grant=GRANT), PowerState.STAFF, 0),
        (Record(uid(1), grant=replace(GRANT, debited_s=600)), PowerState.OFF, 0),
    ],
)
def test_a_stay_that_a_power_cut_has_ended_is_forgotten_at_the_start(
    record: Record, state: PowerState, forgotten: int
) -> None:
    assert Watched(record).see(state, lease=record.lease, grant=record.grant) == forgotten
