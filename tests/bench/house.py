"""A hub as a process of its own with its managed Mosquitto, in a house that was made for it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp

from tests.bench.databases import New
from tests.bench.figures import Unmeasured
from tests.bench.furnish import Keys, Order
from tests.bench.nodes import Node
from tests.bench.processes import Process, Weighed, python

_READY = re.compile(r"panel (http://\S+), broker for posts ([\d.]+):(\d+)")


@dataclass(frozen=True, slots=True)
class House:
    """A hub's data, and the keys to it."""

    data: Path
    address: str
    keys: Keys

    @property
    def headers(self) -> dict[str, str]:
        """What lets the admin in."""
        return {"Authorization": f"Bearer {self.keys.token}"}


@dataclass(frozen=True, slots=True)
class Hub:
    """A running hub."""

    house: House
    process: Process
    panel: str
    host: str
    port: int

    def node(self, post_id: str) -> Node:
        """A node for one of its posts."""
        return Node(post_id, self.host, self.port, self.house.keys.post_password)

    def http(self) -> aiohttp.ClientSession:
        """The admin, at its API."""
        return aiohttp.ClientSession(f"{self.panel}/api/v1/", headers=self.house.headers)

    async def broker(self) -> Weighed:
        """The managed Mosquitto."""
        return Weighed(int(await asyncio.to_thread((self.house.data / "broker" / "mosquitto.pid").read_text)))


async def furnished(folder: Path, new: New, *, posts: int, past: int = 0) -> House:
    """A new house with so many posts, a code for each, and so many past stays."""
    data, address = folder / "hub", new()
    async with python("-m", "tests.bench.furnish", log=folder / "furnish.log") as process:
        await process.tell(json.dumps(asdict(Order(str(data), address, posts, past))))
        keys = Keys(**json.loads(await process.line()))
        await process.ended()
    return House(data, address, keys)


@asynccontextmanager
async def hub(house: House) -> AsyncIterator[Hub]:
    """A hub in that house, ready, on free ports."""
    words = ("-m", "hub", "run", "--data", str(house.data), "--log-level", "warning")
    ports = ("--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0")
    environ = {"POSTE_HUB_DATABASE": house.address} if house.address else {}
    async with python(*words, *ports, log=house.data / "hub.log", environ=environ) as process:
        line = await process.line()
        told = _READY.search(line)
        if told is None:
            raise Unmeasured(f"the hub said {line!r}")
        yield Hub(house, process, told[1], told[2], int(told[3]))
