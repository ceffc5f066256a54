"""Two hubs, one PostgreSQL, one broker and one post, each a process of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from hub.adapters.mint import load_keys
from tests.support.mosquitto import Room as Broker
from tests.support.mosquitto import account
from tests.support.mosquitto import room as running_broker
from tests.support.postgres import Cluster
from tests.system import node_process
from tests.system.demo_post import Post
from tests.system.demo_room import password_in
from tests.system.looking import JSON, PATIENCE_S, ROOT, command, until


@dataclass
class Hub:
    """A hub's process and its panel's address."""

    data: Path
    process: asyncio.subprocess.Process
    url: str
    http: aiohttp.ClientSession

    async def ready(self) -> tuple[int, JSON]:
        """What /readyz answers; 0 while nobody does."""
        try:
            async with self.http.get(f"{self.url}/readyz") as answer:
                return answer.status, dict(await answer.json())
        except (aiohttp.ClientError, TimeoutError):
            return 0, {}

    async def leads(self) -> bool:
        return (await self.ready())[0] == 200

    async def stands_by(self) -> bool:
        return (await self.ready())[1].get("hub") == "standby"

    async def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        await self.process.wait()


@dataclass
class TwoHubs:
    """The whole installation."""

    folder: Path
    database: str
    broker: Broker
    http: aiohttp.ClientSession
    environ: dict[str, str]
    post: Post

    async def start(self, name: str) -> Hub:
        """Start one of them; it leads or stands by when this returns."""
        data = self.folder / name
        with (self.folder / f"{name}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "hub", "run", "--data", str(data), "--listen", "127.0.0.1:0"),
                cwd=ROOT,
                env={**os.environ, **self.environ},
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            line = (await process.stdout.readline()).decode()
        assert "http://" in line, f"{line}{(self.folder / f'{name}.log').read_text()}"
        url = "http://" + line.partition("http://")[2].strip().rstrip(",")
        return Hub(data, process, url, self.http)

    async def hub(self, *words: str) -> str:
        """A command at the terminal that must succeed."""
        done, out, err = await command("-m", "hub", *words, "--data", str(self.folder / "one"), environ=self.environ)
        assert done == 0, err
        return out

    async def code(self, minutes: int = 10) -> str:
        return (await self.hub("session", "issue", "--minutes", str(minutes))).split()[0]


async def leader(hubs: list[Hub]) -> tuple[Hub, Hub]:
    """The one that leads, and the other."""

    async def look() -> tuple[Hub, Hub] | None:
        leading = [hub for hub in hubs if await hub.leads()]
        return (leading[0], next(hub for hub in hubs if hub is not leading[0])) if len(leading) == 1 else None

    return await until(look, "a hub leads")


@asynccontextmanager
async def two_hubs(folder: Path, cluster: Cluster) -> AsyncIterator[TwoHubs]:
    """A broker, an empty database, and a post p01 that looks for its hub; hubs are started by the test."""
    one = folder / "one"
    one.mkdir(mode=0o700)
    load_keys(one)
    shutil.copytree(one, folder / "two")
    (folder / "two").chmod(0o700)
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(running_broker(folder / "broker"))
        host, port = broker.broker.hub_address
        database = cluster.database()
        stack.callback(cluster.drop, database)
        environ = {
            "POSTE_HUB_DATABASE": database,
            "POSTE_HUB_BROKER": f"mqtt://hub@{host}:{port}",
            "POSTE_HUB_BROKER_PASSWORD": "hub-password",
        }
        toml = folder / "node.toml"
        words = ("post", "add", "p01", "--name", "Poste 1", "--out", str(toml), "--data", str(one))
        done, _, err = await command("-m", "hub", *words, environ=environ)
        assert done == 0, err
        text = toml.read_text().replace(f"port = {port}", f"port = {broker.broker.posts_address[1]}")
        toml.write_text(text.replace("/var/lib/poste-node", str(folder / "journal")))
        broker.apply(account("p01", password_in(toml)))
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)))
        node = stack.enter_context(node_process.post(toml))
        yield TwoHubs(folder, database, broker, http, environ, Post("p01", node.url.rstrip("/"), http))


@asynccontextmanager
async def running(installation: TwoHubs, *names: str) -> AsyncIterator[list[Hub]]:
    """Those hubs, started at the same moment; ended with the block."""
    hubs = list(await asyncio.gather(*map(installation.start, names)))
    try:
        yield hubs
    finally:
        for hub in hubs:
            with suppress(ProcessLookupError):
                hub.process.kill()
            await hub.process.communicate()
