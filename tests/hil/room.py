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
NODE_FILE, ROOM_FILE = "node.toml", "room.json"


@asynccontextmanager
async def room_for(machine: Machine) -> AsyncIterator[None]:
    """A room with a post for that machine; what it needs to know lies in the shared folder for that long."""
    with TemporaryDirectory(prefix="poste-hil-") as folder:
        data = Path(folder) / "demo"
        await furnished(data, House(grace_s=GRACE_S))
        async with demo_room(data, posts=1) as room:
            node_file, room_file = machine.shared / NODE_FILE, machine.shared / ROOM_FILE
            await room.hub("post", "add", POST, "--name", "Kernel drivers", "--host", HOST, "--out", str(node_file))
            room_file.touch(mode=0o600)
            room_file.write_text(json.dumps({"panel": room.told["panel"], "token": room.told["token"]}))
            try:
                yield
            finally:
                node_file.unlink()
                room_file.unlink()
