"""A hub whose PostgreSQL is restarted, and killed, under load: no acknowledged code is lost, no stay is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.support.postgres import Cluster
from tests.support.postgres import cluster as running_cluster
from tests.system.looking import JSON, command, until
from tests.system.two_hubs import Hub, TwoHubs, running, two_hubs

pytestmark = pytest.mark.usefixtures("cluster")
PASSWORD = "correct horse battery"


@pytest.fixture
def durable() -> Iterator[Cluster]:
    with running_cluster(durable=True) as cluster:
        yield cluster


class Desk:
    """Operators who issue codes as fast as the hub lets them."""

    def __init__(self, hub: Hub, token: str) -> None:
        self._hub, self._headers = hub, {"Authorization": f"Bearer {token}"}
        self.issued: list[str] = []
        self.refused: list[tuple[int, str | None]] = []
        self.enough = asyncio.Event()

    async def work(self) -> None:
        while not self.enough.is_set():
            url = f"{self._hub.url}/api/v1/sessions"
            try:
                async with self._hub.http.post(url, json={"duration_s": 600}, headers=self._headers) as answer:
                    if answer.status == 201:
                        self.issued.append((await answer.json())["id"])
                    else:
                        self.refused.append((answer.status, answer.headers.get("Retry-After")))
                        await asyncio.sleep(0.05)
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)

    async def until_more(self, count: int) -> None:
        goal = len(self.issued) + count

        async def look() -> bool:
            return len(self.issued) >= goal

        await until(look, f"{count} codes more")


async def signed_in(installation: TwoHubs, hub: Hub) -> str:
    words = ("-m", "hub", "operator", "add", "ada", "--role", "admin", "--password-stdin", "--data", str(hub.data))
    done, _, err = await command(*words, environ=installation.environ, said=PASSWORD + "\n")
    assert done == 0, err
    body = {"username": "ada", "password": PASSWORD}
    async with hub.http.post(f"{hub.url}/api/v1/auth/token", json=body) as answer:
        token: JSON = await answer.json()
    return str(token["token"])


async def test_codes_and_stays_outlive_their_database(tmp_path: Path, durable: Cluster) -> None:
    async with two_hubs(tmp_path, durable) as installation, running(installation, "one") as (hub,):
        post = installation.post
        await post.until(lambda now: now["hub_link"] == "ok", "has found the hub")
        code, other = await installation.code(), await installation.code()
        lease = (await post.redeems(code))["lease_id"]
        desk = Desk(hub, await signed_in(installation, hub))
        async with asyncio.TaskGroup() as tasks:
            for _ in range(4):
                tasks.create_task(desk.work())
            for end in (durable.stop, durable.kill):
                await desk.until_more(20)
                await asyncio.to_thread(end)
                assert (await hub.ready())[0] == 503
                await post.keys(f"{other}\n")  # typed while nobody can say what it is worth
                await asyncio.to_thread(durable.start)
                await until(hub.leads, "the hub is ready again")
            await desk.until_more(20)
            desk.enough.set()
        await post.until(lambda now: now["total_s"] > 1100 and now["lease_id"] == lease, "is topped up, once")
        assert {status for status, _ in desk.refused} == {503}
        assert all(retry_after for _, retry_after in desk.refused)
        kept = {row["id"] for row in durable.run(installation.database, "SELECT id FROM session")}
        assert set(desk.issued) <= kept
        total = durable.run(installation.database, "SELECT total_s FROM lease WHERE closed_at IS NULL")
        assert [row["total_s"] for row in total] == [1200]
