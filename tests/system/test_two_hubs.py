"""Two hubs on one PostgreSQL: one leads; when it is gone the other takes over, and no stay notices."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from time import monotonic

import pytest

from tests.support.postgres import Cluster
from tests.system.looking import command, until
from tests.system.two_hubs import Hub, TwoHubs, leader, running, two_hubs

TAKEN_OVER_WITHIN_S = 10.0
CUT = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"


@pytest.fixture
async def installation(tmp_path: Path, cluster: Cluster) -> AsyncIterator[TwoHubs]:
    async with two_hubs(tmp_path, cluster) as made:
        yield made


async def takes_over(hub: Hub, began: float) -> float:
    await until(hub.leads, "the other hub leads")
    return monotonic() - began


async def test_the_standby_takes_over_from_a_dead_leader_and_no_stay_notices(
    installation: TwoHubs, record_property: Callable[[str, object], None]
) -> None:
    post = installation.post
    async with running(installation, "one", "two") as hubs:
        first, second = await leader(hubs)
        await until(second.stands_by, "the other stands by")
        await post.until(lambda now: now["hub_link"] == "ok", "has found the hub")
        code = await installation.code()
        lease = (await post.redeems(code))["lease_id"]

        began = monotonic()
        await first.kill()
        ready_s = await takes_over(second, began)
        now = await post.until(lambda now: now["hub_link"] == "ok", "has found the other hub")
        post_s = monotonic() - began
        record_property("ready_s", ready_s)
        record_property("post_s", post_s)
        assert max(ready_s, post_s) < TAKEN_OVER_WITHIN_S
        assert (now["phase"], now["lease_id"]) == ("running", lease)
        assert set(now["relays"].values()) == {"on"}

        await post.keys(f"{await installation.code()}\n")  # it really leads: another code is added to the stay
        await post.until(lambda now: now["total_s"] > 1100 and now["lease_id"] == lease, "is topped up")
        await post.keys("{end}")
        await post.until(lambda now: now["lease_id"] is None, "has ended")


async def test_a_hub_with_other_keys_does_not_stand_by(installation: TwoHubs) -> None:
    async with running(installation, "one"):
        await installation.code()
        words = ("run", "--data", str(installation.folder / "three"), "--listen", "127.0.0.1:0")
        status, _, err = await command("-m", "hub", *words, environ=installation.environ)
        assert status == 1
        assert "hub.key is not the one with which the codes in the database were made" in err


async def test_a_standby_says_that_it_is_one_and_nothing_else(installation: TwoHubs) -> None:
    async with running(installation, "one", "two") as hubs:
        first, second = await leader(hubs)
        async with second.http.get(f"{second.url}/healthz") as answer:
            assert answer.status == 200
        assert await second.ready() == (503, {"database": "ok", "hub": "standby"})
        async with second.http.get(second.url, headers={"Accept": "text/html", "Accept-Language": "fr"}) as answer:
            page = await answer.text()
            assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
        assert "en veille" in page
        assert "href" not in page
        assert first.url not in page
        async with second.http.post(f"{second.url}/api/v1/sessions", json={"duration_s": 60}) as answer:
            assert answer.status == 503
            assert (await answer.json())["reason"] == "standby"
        first.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(first.process.wait(), 5) == 0
        began = monotonic()
        assert await takes_over(second, began) < TAKEN_OVER_WITHIN_S


async def test_a_leader_whose_lock_is_cut_off_goes_on_or_steps_down_but_one_leads(
    installation: TwoHubs, cluster: Cluster
) -> None:
    """The server ends the leader's session: whichever of both is the first to ask has the lock."""
    post = installation.post
    async with running(installation, "one", "two") as hubs:
        await leader(hubs)
        await post.until(lambda now: now["hub_link"] == "ok", "has found the hub")
        lease = (await post.redeems(await installation.code()))["lease_id"]
        for _ in range(4):
            cluster.run(installation.database, CUT)
            began = monotonic()
            while monotonic() - began < 2.5:
                ready = [hub for hub in hubs if await hub.leads()]
                assert len(ready) < 2 or not await ready[0].leads()  # they were not asked at the same moment
                await asyncio.sleep(0.05)
            _, other = await leader(hubs)
            assert await until(other.stands_by, "the other stands by")
            now = await post.until(lambda now: now["hub_link"] == "ok", "has a hub", within_s=TAKEN_OVER_WITHIN_S)
            assert (now["phase"], now["lease_id"]) == ("running", lease)
        await post.keys(f"{await installation.code()}\n")
        await post.until(lambda now: now["total_s"] > 1100, "is topped up by whichever leads")
