"""The demo as a real process, with everything that a test asks of its room: panel, posts, monitor, pids."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiomqtt import Client, ProtocolVersion

from hub.domain.house import House
from hub.main import workshop
from hub.settings import Settings
from tests.system.demo_post import Post
from tests.system.looking import JSON, PATIENCE_S, ROOT, command, processes_of, until


def password_in(config: Path) -> str:
    """The password of a node's settings."""
    return str(tomllib.loads(config.read_text())["hub"]["password"])


@dataclass
class DemoRoom:
    """A running demo."""

    data: Path
    process: asyncio.subprocess.Process
    told: JSON
    http: aiohttp.ClientSession
    codes: list[str] = field(default_factory=list)
    """Every code that this test knows of: none may be seen anywhere."""

    @property
    def posts(self) -> dict[str, Post]:
        return {post["id"]: Post(post["id"], post["url"], self.http) for post in self.told["posts"]}

    @property
    def memory(self) -> JSON:
        """What the demo keeps about itself."""
        return dict(json.loads((self.data / "demo.json").read_text()))

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.told['token']}"}

    async def api(self, method: str, path: str, body: JSON | None = None) -> Any:
        """Ask the API as the admin; its answer, which must be a good one."""
        url = f"{self.told['panel']}/api/v1{path}"
        async with self.http.request(method, url, json=body, headers=self.headers) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def session(self, issued: JSON) -> JSON:
        """A session as the API has it now."""
        return dict(await self.api("GET", f"/sessions/{issued['id']}"))

    async def until_session(self, issued: JSON, holds: Callable[[JSON], object], what: str) -> JSON:
        async def look() -> JSON | None:
            now = await self.session(issued)
            return now if holds(now) else None

        return await until(look, f"session: {what}")

    async def issue(self, duration_s: int, **order: Any) -> JSON:
        """A new code over the API."""
        issued = dict(await self.api("POST", "/sessions", {"duration_s": duration_s, **order}))
        self.codes.append(issued["code"])
        return issued

    async def hub(self, *words: str) -> str:
        """A command at the terminal that must succeed; what it printed. It knows where the room's broker listens."""
        broker = {"POSTE_HUB_MQTT_LISTEN": f"127.0.0.1:{self.memory['ports']['broker']}"}
        done, out, err = await command("-m", "hub", *words, "--data", str(self.data), environ=broker)
        assert done == 0, err
        return out

    async def healthy(self) -> bool:
        """Whether the hub is there, with its database and its broker."""
        try:
            async with self.http.get(f"{self.told['panel']}/readyz") as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def until_whole(self) -> None:
        """Return when the hub serves, and every post has found it."""
        await until(self.healthy, "the hub is ready")
        for post in self.posts.values():
            await post.until(lambda now: now["hub_link"] == "ok", "has found the hub")

    async def new_post(self, post_id: str, config: Path) -> str:
        """Add a post at the terminal, its node's settings in a file; its password."""
        await self.hub("post", "add", post_id, "--name", f"Poste {post_id}", "--out", str(config))
        return password_in(config)

    def monitor(self) -> Client:
        """A client with the monitor's account."""
        mqtt = self.told["mqtt"]
        return Client(
            mqtt["host"],
            mqtt["port"],
            username=mqtt["username"],
            password=mqtt["password"],
            protocol=ProtocolVersion.V5,
        )

    def account(self, post_id: str, password: str) -> Client:
        """A client with a post's account, at the posts' listener."""
        return Client(
            "127.0.0.1",
            self.memory["ports"]["broker"],
            username=post_id,
            password=password,
            identifier=post_id,
            protocol=ProtocolVersion.V5,
            clean_start=True,
            timeout=PATIENCE_S,
        )

    def pid(self, name: str) -> int:
        """The living process: hub, broker, or a post's id."""
        wanted = {
            "hub": " -m hub run ",
            "broker": "mosquitto -c",
        }.get(name, f"posts/{name}/node.toml")
        (found,) = [pid for pid, line in processes_of(self.data).items() if wanted in line]
        return found

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to a process of the room; its pid."""
        pid = self.pid(name)
        os.kill(pid, number)
        return pid

    def logs(self) -> str:
        """All that the room's processes have logged."""
        return "".join(path.read_text() for path in (self.data / "hub.log", *self.data.glob("posts/*/node.log")))

    async def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ctrl-C, and the exit status."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE_S):
            return await self.process.wait()


async def furnished(data: Path, house: House) -> None:
    """A new room's data with those settings, made before the demo's first start."""
    async with workshop(Settings(data=data)) as made, made.room.store.transaction() as tx:
        await tx.save(house)


@asynccontextmanager
async def demo_room(data: Path, *, posts: int = 3, listen: str = "127.0.0.1:0") -> AsyncIterator[DemoRoom]:
    """A demo on free ports, ready; at the end nothing of it is left, and no code is in its logs."""
    options = ("--json", "--listen", listen, "--data", str(data), "--posts", str(posts))
    words = data.with_name(f"{data.name}.stderr")
    with words.open("ab") as stderr:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hub", "demo", *options),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
        )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE_S + 2 * posts):
            line = await process.stdout.readline()
        assert line, words.read_text()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(sock_connect=2, sock_read=20)) as http:
            room = DemoRoom(data, process, json.loads(line), http)
            yield room
            await room.end()
            said = room.logs()
            assert not [code for code in room.codes if code in said]
    finally:
        _sweep(process, data)
        await process.wait()


def _sweep(process: asyncio.subprocess.Process, data: Path) -> None:
    """Whatever a failed test has left: processes of ours, known by their own folder in their command lines."""
    for pid in [*([process.pid] if process.returncode is None else []), *processes_of(data)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
            os.kill(pid, signal.SIGKILL)
