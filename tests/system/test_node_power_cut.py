"""A simulated post and a real broker: a code becomes power, and a power cut is one for everybody."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
from aiomqtt import Client

from hub.wire.codec import decode, encode
from hub.wire.messages import Down, Hello, HubReport, Lease, PostReport, PostSettings, Redeem, Settle, Sync
from hub.wire.terms import Language, Phase, Relay
from hub.wire.topics import parse, pattern, topic
from tests.support.mosquitto import room, subscribed

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0
TOML = """\
[post]
id = "p01"
[hub]
host = "{host}"
port = {port}
password = "p01-password"
[journal]
folder = "journal"
"""


@dataclass
class Desk:
    """The hub's part, played by the test over the real broker."""

    client: Client

    async def until(self, kind: type[Any], holds: Callable[[Any], bool] = lambda _: True) -> Any:
        """The next message of a kind for which it holds."""
        async with asyncio.timeout(PATIENCE_S):
            async for message in self.client.messages:
                address = parse(message.topic.value)
                if address is not None and address.kind is kind:
                    told = decode(kind, bytes(message.payload))
                    if holds(told):
                        return told
        raise AssertionError("the broker has gone")

    async def say(self, message: Down) -> None:
        await self.client.publish(topic(type(message), "p01"), encode(message), qos=1)

    async def greet(self) -> None:
        epoch = str(uuid4())
        report = HubReport(online=True, hub_epoch=epoch)
        await self.client.publish(topic(HubReport), encode(report), qos=1, retain=True)
        await self.until(Hello)
        settings = PostSettings(language=Language.EN)
        await self.say(Sync(hub_epoch=epoch, utc="2026-11-23T09:00:00Z", settings=settings))


@asynccontextmanager
async def simulated_post(folder: Path, address: tuple[str, int]) -> AsyncIterator[str]:
    """The URL of a node's page."""
    config = folder / "node.toml"
    config.touch(0o600)
    config.write_text(TOML.format(host=address[0], port=address[1]), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "node", "run", "--config", str(config), "--sim", "127.0.0.1:0"),
        cwd=ROOT,
        env=dict(os.environ),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            line = (await process.stdout.readline()).decode()
        found = re.search(r"http://\S+", line)
        assert found is not None, line
        yield found[0]
    finally:
        process.terminate()
        async with asyncio.timeout(PATIENCE_S):
            assert await process.wait() == 0


async def test_a_stay_survives_a_power_cut_and_loses_at_most_a_slice(tmp_path: Path) -> None:
    async with room(tmp_path / "broker", "p01") as made, aiohttp.ClientSession() as http:
        wanted = [pattern(kind) for kind in (Hello, Redeem, Settle, PostReport)]
        async with (
            subscribed(made.client("hub"), *wanted) as client,
            simulated_post(tmp_path, made.broker.posts_address) as url,
        ):
            desk = Desk(client)
            await desk.greet()
            await http.post(url + "keys", json={"keys": "K7M2QX\n"})
            asked = await desk.until(Redeem)
            assert asked.code == "K7M2QX"
            lease_id = str(uuid4())
            await desk.say(Lease(lease_id, rev=1, total_s=600, req_id=asked.req_id))
            running = await desk.until(PostReport, lambda report: report.phase is Phase.RUNNING)
            assert running.relays == {"display": Relay.ON}

            await http.post(url + "power-cut")
            assert not (await desk.until(PostReport)).online  # the will speaks, no settlement was made
            back = await desk.until(PostReport, lambda report: report.phase is Phase.RUNNING)
            assert (back.boot_id != running.boot_id, back.state_epoch) == (True, running.state_epoch)
            assert (back.lease_id, back.relays) == (lease_id, {"display": Relay.ON})
            assert 0 < back.debited_s - running.debited_s <= 10

            await http.post(url + "keys", json={"keys": "{end}"})
            settled = await desk.until(Settle)
            assert settled.lease_id == lease_id
            async with http.get(url + "state") as answer:
                assert (await answer.json())["relays"] == {"display": "off"}
