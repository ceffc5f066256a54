"""The whole hub in one process, with a real Mosquitto: it starts, serves, and stops with everything it started."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from hub.adapters.mqtt.ports import accepts
from hub.main import Ready, serve, workshop
from hub.settings import Settings, SettingsError, written
from hub.usecases.issue import IssueOrder, issue
from hub.usecases.work import By
from tests.support.mosquitto import PATIENCE_S

STOP_WITHIN_S = 5.0


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Ready]:
    """A hub that has said that it is ready; ended, and its end waited for, with the block."""
    stop, said = asyncio.Event(), asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve(settings, stop, said.set_result))
    try:
        await asyncio.wait([task, said], timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        yield said.result()
    finally:
        stop.set()
        await asyncio.wait_for(task, STOP_WITHIN_S)


async def asked(ready: Ready, path: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as client, client.get(f"http://{written(ready.panel)}{path}") as answer:
        return answer.status, await answer.json()


async def test_it_is_ready_when_it_says_so_and_leaves_nothing_behind(settings: Settings) -> None:
    async with serving(settings) as ready:
        status, told = await asked(ready, "/readyz")
        assert (status, told["database"], told["broker"]) == (200, "ok", "ok")
        assert {job["status"] for job in told["jobs"].values()} == {"ok"}
        assert told["jobs"]["sweep"]["vital"]
        assert await asked(ready, "/healthz") == (200, {"status": "ok"})
        assert ready.posts_broker is not None
        assert ready.broker_pid is not None
        assert await accepts(ready.posts_broker)
    assert not await accepts(ready.panel)
    assert not await accepts(ready.posts_broker)
    with pytest.raises(ProcessLookupError):
        os.kill(ready.broker_pid, 0)


async def test_it_starts_its_broker_again_and_is_ready_anew(settings: Settings) -> None:
    async with serving(settings) as ready:
        assert ready.broker_pid is not None
        os.kill(ready.broker_pid, signal.SIGKILL)
        async with asyncio.timeout(PATIENCE_S):
            while (await asked(ready, "/readyz"))[0] == 200:  # it has not noticed yet
                pass
            while (await asked(ready, "/readyz"))[0] != 200:
                pass


async def test_a_taken_panel_port_is_told_and_the_broker_ends(settings: Settings) -> None:
    async with await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0) as taken:
        port = taken.sockets[0].getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port} on 127.0.0.1 is taken: choose another with --listen"):
            async with serving(replace(settings, listen=("127.0.0.1", port))):
                pass
    assert not (settings.data / "broker" / "mosquitto.pid").exists()


async def test_an_address_of_another_machine_is_told(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"cannot listen on 192\.0\.2\.1:0 .*: choose --listen HOST:PORT"):
        async with serving(replace(settings, listen=("192.0.2.1", 0))):
            pass


async def test_keys_that_read_none_of_the_live_codes_are_told(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with workshop(settings) as house:
        await issue(house.room, IssueOrder(600), By("test"))
    (settings.data / "hub.key").unlink()
    async with serving(settings):
        assert any(record.getMessage().startswith("hub.key is not the one") for record in caplog.records)
