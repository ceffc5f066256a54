"""The room on the host, for a post in the virtual machine: the real hub, its broker, and one more post's account."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hub.domain.house import House
from tests.hil.machine import HOST, Machine
from tests.system.demo_room import demo_room, furnished

POST = "hil"
GRACE_S = 2
IDLE_TEXT = "Codes à l’accueil."
"""Short of a line: what the screen of an idle post says once the hub has told it."""
NODE_FILE, ROOM_FILE = "node.toml", "room.json"
USB_DELAY_S, RESET_AFTER_S, RESET_PULSE_S = 1, 1, 1
FOLLOW_MS = 2_000
"""How long a contact may differ from its relay: the machine is slow."""
DISPLAY, USB, FEEDBACK, PC, BUZZER, LED, BUTTON = 17, 27, 24, 22, 18, 23, 16
"""The pins: the first two as `poste-hub post add` writes them."""
_FITTED = f"""
[[relay]]
name = "pc"
pin = {PC}
role = "reset"
reset_after_s = {RESET_AFTER_S}
reset_pulse_s = {RESET_PULSE_S}

[buzzer]
pin = {BUZZER}
key_ms = [200]
end_ms = [100]

[led]
pin = {LED}

[button]
pin = {BUTTON}
"""


@asynccontextmanager
async def room_for(machine: Machine) -> AsyncIterator[None]:
    """A room with a post for that machine; what it needs to know lies in the shared folder for that long."""
    with TemporaryDirectory(prefix="poste-hil-") as folder:
        data = Path(folder) / "demo"
        await furnished(data, House(grace_s=GRACE_S, idle_text=IDLE_TEXT))
        async with demo_room(data, posts=1) as room:
            node_file, room_file = machine.shared / NODE_FILE, machine.shared / ROOM_FILE
            await room.hub("post", "add", POST, "--name", "Kernel drivers", "--host", HOST, "--out", str(node_file))
            node_file.write_text(fitted(node_file.read_text()))
            room_file.touch(mode=0o600)
            room_file.write_text(json.dumps({"panel": room.told["panel"], "token": room.told["token"]}))
            try:
                yield
            finally:
                node_file.unlink()
                room_file.unlink()


def fitted(node_file: str) -> str:
    """A post's settings, by an installer who has fitted all that may hang on its pins."""
    for pin, more in (
        (DISPLAY, f"feedback_pin = {FEEDBACK}\nfollow_ms = {FOLLOW_MS}"),
        (USB, f"on_delay_s = {USB_DELAY_S}"),
    ):
        line = f"pin = {pin}\n"
        assert node_file.count(line) == 1, f"poste-hub no longer writes {line!r}"
        node_file = node_file.replace(line, f"{line}{more}\n")
    return node_file + _FITTED
