"""The demo room: furnished, and its processes run together."""

from __future__ import annotations

import asyncio
import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from hub.main.access import authority, give_access
from hub.main.broker import MONITOR_FILE
from hub.main.demo.furnish import furnish
from hub.main.demo.leftover import gone
from hub.main.demo.memory import Memory, load_memory, save_memory
from hub.main.demo.ports import chosen_ports
from hub.main.demo.process import Supervised
from hub.main.node_file import node_file
from hub.settings import Address, Settings, SettingsError

_LOOK_EVERY_S = 0.5
STAGED_S = 1
"""USB follows the display so much later, for all to see."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What the command line asks for."""

    data: Path
    listen: Address
    posts: int


async def demo(options: DemoOptions, stop: asyncio.Event, on_ready: Callable[[dict[str, Any]], None]) -> None:
    """Run the room until `stop` is set; `on_ready` gets what `--json` prints."""
    options.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        stack.enter_context(_only_one(options.data))
        try:
            memory = load_memory(options.data)
        except ValueError as error:
            raise SettingsError(str(error)) from error
        post_ids = [f"p{number:02}" for number in range(1, options.posts + 1)]
        await gone(memory.pids, options.data)
        memory.ports = stack.enter_context(chosen_ports(*options.listen, post_ids, memory.ports))
        settings = Settings(
            data=options.data,
            listen=(options.listen[0], memory.ports["panel"]),
            mqtt_listen=(options.listen[0], memory.ports["broker"]),
        )
        post_ids = await furnish(settings, memory, post_ids)
        client = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)))
        room = _Room(settings, memory, post_ids, client)
        watching: asyncio.Task[None] | None = None
        try:
            starting = asyncio.create_task(room.start())
            await _either(starting, stop)
            if not stop.is_set():
                on_ready(room.told())
                watching = asyncio.create_task(room.keep_alive())
                await _either(watching, stop)
        finally:
            if watching is not None:
                watching.cancel()
                await asyncio.wait([watching])
            await room.stop()


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    with (data / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SettingsError(f"another demo runs in {data}: choose another folder with --data") from error
        yield


async def _either(task: asyncio.Task[None], stop: asyncio.Event) -> None:
    """Wait for the task or for the end; a task that is cut short is cancelled, one that failed raises."""
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([task, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not task.done():
        task.cancel()
        await asyncio.wait([task])
    if not task.cancelled():
        task.result()


class _Room:
    """The processes of a demo room."""

    def __init__(self, settings: Settings, memory: Memory, post_ids: list[str], client: aiohttp.ClientSession) -> None:
        self._settings, self._memory, self._client = settings, memory, client
        self._hub = Supervised(
            "the hub",
            [
                *("-m", "hub", "run", "--data", str(settings.data)),
                *("--listen", _text(settings.listen), "--mqtt-listen", _text(settings.mqtt_listen)),
            ],
            settings.data / "hub.log",
            ready=partial(self._answers, f"{self._panel}/readyz", {}),
            changed=self._note_pids,
        )
        self._posts = {post_id: self._post(post_id) for post_id in post_ids}

    async def start(self) -> None:
        """Start the hub, then all posts at once."""
        await self._hub.start()
        await asyncio.gather(*(post.start() for post in self._posts.values()))

    async def keep_alive(self) -> None:
        """Start again what dies, for ever."""
        processes = (self._hub, *self._posts.values())
        await asyncio.gather(self._follow_broker(), *(process.keep_alive() for process in processes))

    async def stop(self) -> None:
        """End the posts, then the hub, which takes its broker along."""
        await asyncio.gather(*(post.stop() for post in self._posts.values()))
        await self._hub.stop()
        self._memory.pids = {}
        save_memory(self._settings.data, self._memory)

    def told(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "panel": self._panel,
            "username": self._memory.username,
            "password": self._memory.password,
            "token": self._memory.token,
            "mqtt": json.loads((self._settings.data / MONITOR_FILE).read_text()),
            "posts": [{"id": post_id, "url": self._page(post_id)} for post_id in self._posts],
            "pids": self._memory.pids,
        }

    @property
    def _panel(self) -> str:
        return f"http://{_text(self._settings.listen)}"

    def _page(self, post_id: str) -> str:
        return f"http://{self._settings.listen[0]}:{self._memory.ports[post_id]}"

    def _post(self, post_id: str) -> Supervised:
        folder = self._settings.data / "posts" / post_id
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        config = folder / "node.toml"
        access = give_access(self._settings, post_id, password=self._memory.post_passwords[post_id])
        text = node_file(access, authority(self._settings), journal="journal", staged_s=STAGED_S)
        config.touch(mode=0o600)
        config.write_text(text)
        page = self._page(post_id)
        return Supervised(
            f"post {post_id}",
            ["-m", "node", "run", "--config", str(config), "--sim", page.removeprefix("http://")],
            folder / "node.log",
            ready=partial(self._answers, f"{page}/state", {"hub_link": "ok"}),
            changed=self._note_pids,
        )

    async def _answers(self, url: str, wanted: dict[str, str]) -> bool:
        try:
            async with self._client.get(url) as answer:
                body = await answer.json()
                return answer.status == 200 and all(body.get(key) == value for key, value in wanted.items())
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return False

    async def _follow_broker(self) -> None:
        """The hub starts its broker again by itself: note the new pid, for ever."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if self._broker_pid() != self._memory.pids["broker"]:
                await self._note_pids()

    def _broker_pid(self) -> int | None:
        try:
            return int((self._settings.data / "broker" / "mosquitto.pid").read_text())
        except FileNotFoundError:  # it is being started again
            return None

    async def _note_pids(self) -> None:
        self._memory.pids = {
            "hub": self._hub.pid,
            "broker": self._broker_pid(),
            "posts": {post_id: post.pid for post_id, post in self._posts.items()},
        }
        save_memory(self._settings.data, self._memory)


def _text(address: Address) -> str:
    return f"{address[0]}:{address[1]}"
