"""A whole stay at the loudest log level: no code, no password and no token is in it; and a hub that stops in time."""

from __future__ import annotations

import io
import json
import logging
import os
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from aiomqtt import Client, ProtocolVersion

from hub.adapters.logs import FORMATTERS
from hub.domain.accounts import Role
from hub.main import Ready, workshop
from hub.main.broker import Credentials
from hub.settings import Settings, written
from hub.usecases.accounts.operators import add_operator
from hub.usecases.posts import add_post
from hub.usecases.work import By
from hub.wire.codec import decode, encode
from hub.wire.messages import Deny, Hello, Lease, Message, PostReport, Redeem, Settle, Settled, Sync
from hub.wire.terms import Phase, SettleReason
from hub.wire.topics import parse, topic
from tests.hub.main.test_serve import serving
from tests.support.mosquitto import next_message

PASSWORD = "correct horse battery"
POST = Credentials.fresh("p01")


@pytest.fixture(params=sorted(FORMATTERS))
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that any library says, as the hub would write it."""
    out, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(out)
    handler.setFormatter(FORMATTERS[request.param]())
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.setLevel(before)
    root.removeHandler(handler)


class DeskAndPost:
    """An operator over HTTP and a node over MQTT, each as a stranger would write them."""

    def __init__(self, url: str, client: aiohttp.ClientSession, mqtt: Client) -> None:
        self.url, self._client, self._mqtt = url, client, mqtt
        self.epoch = str(uuid4())

    async def post(self, path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self._client.post(f"{self.url}/api/v1{path}", json=body, headers=headers) as response:
            answer: dict[str, Any] = await response.json(content_type=None)
            return answer

    async def says(self, message: Message, answer: type[Message]) -> Any:
        await self._mqtt.publish(topic(type(message), "p01"), encode(message), qos=1)
        while True:
            heard = await next_message(self._mqtt)
            address = parse(heard.topic.value)
            assert address is not None
            if address.kind is answer:
                return decode(answer, bytes(heard.payload))


@asynccontextmanager
async def desk_and_post(settings: Settings) -> AsyncIterator[tuple[DeskAndPost, Ready]]:
    async with workshop(settings) as house:
        await add_operator(house.desk, "marie", Role.OPERATOR, PASSWORD, By())
        await add_post(house.room, "p01", "Post 1", "", POST.line(), By())
    async with serving(settings) as ready:
        assert ready.posts_broker is not None
        host, port = ready.posts_broker
        mqtt = Client(host, port, username="p01", password=POST.password, protocol=ProtocolVersion.V5)
        async with aiohttp.ClientSession() as client, mqtt:
            await mqtt.subscribe("poste/v1/posts/p01/down/#", qos=1)
            yield DeskAndPost(f"http://{written(ready.panel)}", client, mqtt), ready


async def test_a_whole_stay_leaves_no_secret_in_the_log(settings: Settings, log: io.StringIO) -> None:
    async with desk_and_post(settings) as (room, _):
        refused = await room.post("/auth/token", {"username": "marie", "password": "not the password"})
        token = (await room.post("/auth/token", {"username": "marie", "password": PASSWORD}))["token"]
        code = (await room.post("/sessions", {"duration_s": 600}, token))["code"]
        await room.says(Hello(str(uuid4()), room.epoch, "0.1.0", (1, 1)), Sync)
        deny = await room.says(Redeem(str(uuid4()), room.epoch, code="AAAAAA"), Deny)
        lease = await room.says(Redeem(str(uuid4()), room.epoch, code=code), Lease)
        running = PostReport(online=True, phase=Phase.RUNNING, lease_id=lease.lease_id, rev=1, total_s=600)
        await room.says(replace(running, state_epoch=str(uuid4())), Sync)
        settle = Settle(lease.lease_id, lease.rev, lease.total_s, 60, room.epoch, SettleReason.PAUSED_HERE)
        await room.says(settle, Settled)
        await room._mqtt.publish(topic(Redeem, "p01"), b'{"v": 1, "code": "' + code.encode() + b'", broken', qos=1)
        monitor = json.loads((settings.data / "monitor.json").read_text())
        key = json.loads((settings.data / "hub.key").read_text())
    assert (refused["status"], deny.reason) == (401, "unknown_code")
    told = log.getvalue()
    assert "connected to the broker" in told
    secrets = [code, "AAAAAA", PASSWORD, "not the password", token, POST.password, monitor["password"], *key.values()]
    assert [secret for secret in secrets if secret in told] == []


async def test_figures_of_a_real_room(settings: Settings) -> None:
    async with desk_and_post(settings) as (room, ready):
        token = (await room.post("/auth/token", {"username": "marie", "password": PASSWORD}))["token"]
        codes = [(await room.post("/sessions", {"duration_s": 600}, token))["code"] for _ in range(2)]
        await room.says(Hello(str(uuid4()), room.epoch, "0.1.0", (1, 1)), Sync)
        await room.says(Redeem(str(uuid4()), room.epoch, code="AAAAAA"), Deny)
        await room.says(Redeem(str(uuid4()), room.epoch, code=codes[0]), Lease)
        async with aiohttp.request("GET", f"http://{written(ready.panel)}/metrics") as response:
            text = await response.text()
    for line in (
        'poste_redeem_seconds_count{result="granted"} 1.0',
        'poste_redeem_seconds_count{result="unknown_code"} 1.0',
        'poste_sessions{status="active"} 1.0',
        'poste_sessions{status="pending"} 1.0',
        'poste_mqtt_received_total{kind="redeem"} 2.0',
        'poste_mqtt_published_total{kind="deny"} 1.0',
        'poste_journal_entries_total{action="session_started"} 1.0',
        'poste_http_request_seconds_count{method="POST",route="/api/v1/sessions",status="201"} 2.0',
        "poste_database_up 1.0",
        'poste_job_ok{job="sweep"} 1.0',
    ):
        assert line in text
    assert not [secret for secret in (*codes, "AAAAAA", "p01", token) if secret in text]


async def test_it_stops_in_time_under_listeners_and_says_so_to_systemd(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "30000000")
        monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
        async with desk_and_post(settings) as (room, ready):
            token = (await room.post("/auth/token", {"username": "marie", "password": PASSWORD}))["token"]
            live = await room._client.ws_connect(
                f"http://{written(ready.panel)}/api/v1/live", headers={"Authorization": f"Bearer {token}"}
            )
            await live.receive_json()
            began = time.monotonic()
        assert time.monotonic() - began < 5
        words = []
        while True:
            try:
                words.append(manager.recv(4096).decode())
            except BlockingIOError:
                break
    assert "READY=1" in words
    assert words[-1] == "STOPPING=1"
    assert any(word.startswith("WATCHDOG=1\nSTATUS=") for word in words)
