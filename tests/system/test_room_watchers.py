"""Monitors and hostile posts at the running broker: what a monitor sees, what it never sees, what nobody obeys."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from aiomqtt import Client, MqttError

from hub.wire.codec import decode, encode
from hub.wire.messages import Event, Hello, HubReport, PostReport, Summary, Sync
from hub.wire.topics import parse
from tests.system.demo_room import DemoRoom
from tests.system.looking import JSON, PATIENCE_S, lets_in, until

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Seen:
    """All that reached a monitor."""

    messages: list[tuple[str, bytes]] = field(default_factory=list)

    def at(self, topic: str) -> list[JSON]:
        return [json.loads(payload) for where, payload in self.messages if where == topic]

    async def keep(self, client: Client) -> None:
        async for message in client.messages:
            assert isinstance(message.payload, bytes)
            self.messages.append((message.topic.value, message.payload))

    async def until_event(self, action: str, session_id: str) -> JSON:
        async def look() -> JSON | None:
            events = [event for event in self.at("poste/v1/events") if event["session"] == session_id]
            return next((event for event in events if event["action"] == action), None)

        return await until(look, action)


@asynccontextmanager
async def watching(client: Client, *filters: str) -> AsyncIterator[Seen]:
    """Somebody who subscribes to whatever the broker grants, and reads on."""
    seen = Seen()
    async with client:
        for each in filters:
            await client.subscribe(each, qos=1)
        reading = asyncio.create_task(seen.keep(client))
        try:
            yield seen
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


async def test_a_monitor_sees_the_room_and_never_a_code(room: DemoRoom) -> None:
    post = room.posts["p03"]
    async with watching(room.monitor(), "#", "poste/v1/posts/+/up/#", "poste/v1/posts/p03/up/redeem") as seen:
        issued = await room.issue(300)
        await post.redeems(issued["code"])
        started = await seen.until_event("session_started", issued["id"])
        assert started["post"] == "p03"
        await post.keys("XXXXXX\n")  # a wrong one is no word of anybody's either
        await post.until(lambda now: "Code inconnu" in now["screen"], "refuses")
        await post.keys("{end}")
        await seen.until_event("session_suspended", issued["id"])

        async def counted() -> bool:
            return any(told["sessions"]["suspended"] for told in seen.at("poste/v1/summary"))

        await until(counted, "the summary")

    topics = {topic for topic, _ in seen.messages}
    statuses = {f"poste/v1/posts/{name}/status" for name in room.posts}
    assert {"poste/v1/hub/status", "poste/v1/events", "poste/v1/summary", *statuses} <= topics
    for topic, payload in seen.messages:
        address = parse(topic)
        assert address is not None
        assert address.kind in {HubReport, PostReport, Event, Summary}, topic
        decode(address.kind, payload)
    assert set(started) == {"v", "seq", "at", "action", "post", "session", "details"}
    summary = seen.at("poste/v1/summary")[-1]
    assert set(summary["posts"]) == {"available", "occupied", "reserved", "offline", "maintenance"}
    assert set(summary["sessions"]) == {"pending", "active", "suspended"}
    assert [told["online"] for told in seen.at("poste/v1/hub/status")] == [True]

    everything = " ".join(f"{topic} {payload.decode()}" for topic, payload in seen.messages)
    journal = json.dumps(await room.api("GET", "/logs?page_size=200"))
    for code in [*room.codes, "XXXXXX"]:
        assert code not in everything
        assert code not in journal
        assert code not in room.logs()


async def test_a_monitor_says_nothing(room: DemoRoom) -> None:
    async with watching(room.monitor(), "poste/v1/hub/status") as seen:
        async with room.monitor() as client:
            with suppress(MqttError):
                await client.publish("poste/v1/hub/status", b'{"v": 1, "online": false}', qos=1, retain=True)
        async with watching(room.monitor(), "poste/v1/hub/status") as later:

            async def told() -> bool:
                return bool(later.messages)

            await until(told, "the retained status")
    assert [told["online"] for told in (*seen.at("poste/v1/hub/status"), *later.at("poste/v1/hub/status"))] == [
        True,
        True,
    ]


NONSENSE = (b"", b"\xff\xfe", b"nonsense", b"[]", b"{}", b'{"v": 99}', b'{"v": 1, "code": 7}', b"{" * 4000)


async def shout(client: Client, topic: str, payload: bytes, *, retain: bool = False) -> None:
    """Publish what the broker may refuse, or hang up on without an answer."""
    with suppress(MqttError):
        await client.publish(topic, payload, qos=1, retain=retain, timeout=1)


async def greeted(client: Client, own: str) -> bool:
    """Say hello as a node does; whether the hub answers it."""
    hello = Hello(str(uuid4()), str(uuid4()), "0.1.0", (1, 1))
    await client.subscribe(f"{own}down/sync", qos=1)
    await client.publish(f"{own}up/hello", encode(hello), qos=1)
    async for message in client.messages:
        assert isinstance(message.payload, bytes)
        return decode(Sync, message.payload).lease is None
    return False


async def test_a_post_gone_bad_harms_nobody(room: DemoRoom, tmp_path: Path) -> None:
    password = await room.new_post("p08", tmp_path / "node.toml")
    await until(lambda: lets_in(room.account("p08", password)), "p08 is let in")
    before = (room.pid("hub"), room.pid("broker"))
    issued = await room.issue(300)
    own, other = "poste/v1/posts/p08/", "poste/v1/posts/p01/"
    redeem = json.dumps({"v": 1, "req_id": "0" * 8, "state_epoch": None, "code": issued["code"]}).encode()
    for flags in (False, True):
        async with room.account("p08", password) as client:
            for payload in (*NONSENSE, redeem):
                for name in ("up/hello", "up/redeem", "up/settle", "up/incident", "status", "down/sync", "up/other"):
                    await shout(client, own + name, payload, retain=flags)
                await shout(client, other + "up/redeem", payload, retain=flags)
                await shout(client, other + "status", payload, retain=flags)
            for topic in ("poste/v1/hub/status", "poste/v1/events", "other"):
                await shout(client, topic, b'{"v": 1, "online": false}', retain=flags)
        with suppress(MqttError):  # such a size ends the connection
            async with room.account("p08", password) as client:
                await shout(client, own + "up/redeem", b" " * 65_536, retain=flags)

    async with room.account("p08", password) as client, asyncio.timeout(PATIENCE_S):
        assert await greeted(client, own)
    assert (room.pid("hub"), room.pid("broker")) == before
    assert await room.healthy()
    assert (await room.session(issued))["status"] == "pending"
    post = room.posts["p01"]
    assert (await post.redeems(issued["code"]))["total_s"] == 300
    await post.keys("{end}")
    await room.until_session(issued, lambda now: now["status"] == "suspended", "banked")
