"""A look at every part of a post."""

from __future__ import annotations

from hub.wire.messages import Finding
from node.core.relays import RelayRole
from node.core.view import self_test
from node.main.parts import NodeError, real_ports, virtual_ports
from node.main.surroundings import Surroundings
from node.settings import Settings
from node.shell import checkup

RELAYS_WITHIN_S = 5
"""Beside their own delays."""


async def check(settings: Settings, *, simulated: bool, switch: bool) -> list[Finding]:
    """Look at every part of a post that does not run now; `switch`: the relays, too, are put on and off again.

    Pins that another program holds end it early: a post that runs keeps its keypad and its connection.
    """
    findings = await Surroundings(settings.journal.folder, simulated=simulated).look(write=True)
    try:
        with virtual_ports(settings) if simulated else real_ports(settings) as ports:
            # A supply that rests after an off rests after the start, too.
            delays_s = sum(relay.on_delay_s + relay.off_delay_s + relay.min_off_s for relay in settings.relays)
            resets = [relay.name for relay in settings.relays if relay.role is RelayRole.RESET]
            patience_ms = (delays_s + RELAYS_WITHIN_S) * 1000
            findings += await checkup.relays(
                ports.power, ports.clock, switch=switch, patience_ms=patience_ms, resets=resets
            )
            findings.append(await checkup.keypad(ports.keypad, ports.clock))
            findings.append(await checkup.screen(ports.screen, ports.clock, self_test(settings.post.language)))
            findings += await checkup.broker(ports.link, ports.clock)
    except NodeError as error:
        advice = "stop the post first (systemctl stop poste-node), and see the pins in node.toml"
        findings.append(Finding("pins", ok=False, told=str(error), advice=advice))
    return findings
