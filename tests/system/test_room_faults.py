"""Faults that are really made: hub, broker, post or mains go, the stay goes on, and the room mends itself."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from time import monotonic

import pytest
import pytest_asyncio
from aiomqtt import Client

from hub.domain.house import House
from hub.wire.codec import decode
from hub.wire.messages import PostReport
from tests.system.demo_post import Post
from tests.system.demo_room import DemoRoom, demo_room, furnished
from tests.system.looking import JSON, processes_of, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

SLICE_S = 10
AGAIN_WITHIN_S = 2
WHOLE_WITHIN_S = 20
"""The hub's start on a busy machine, and the longest wait of a post before it looks for the broker again."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hurt(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DemoRoom]:
    """A room of its own: nothing else runs in it."""
    data = tmp_path_factory.mktemp("hurt") / "demo"
    await furnished(data, House(grace_s=1))
    async with demo_room(data, posts=2) as made:
        yield made


async def dark_by_itself(post: Post) -> JSON:
    """Its state once it has cut the power."""
    return await post.until(lambda now: set(now["relays"].values()) == {"off"}, "cuts by itself")


async def agreed(room: DemoRoom, post: Post, stay: JSON) -> None:
    """Pause a stay: what the hub then has on record is what the node had counted."""
    at, before = monotonic(), await post.state()
    await post.keys("{pause}")
    banked = await room.until_session(stay, lambda now: now["status"] == "suspended", "banked")
    assert banked["flag"] is None
    assert banked["consumed_s"] + banked["remaining_s"] == stay["initial_s"]
    spent_s = banked["consumed_s"] - (stay["initial_s"] - before["remaining_s"])
    assert 0 <= spent_s <= 2 + monotonic() - at  # shown and charged are rounded up, each its own way


async def again(room: DemoRoom, name: str, dead: int) -> None:
    """A supervised process has a successor in time."""

    async def another() -> bool:
        return any(pid != dead and " -m hub run " in line for pid, line in processes_of(room.data).items())

    await until(another, f"{name} is started again", within_s=AGAIN_WITHIN_S)


async def noted(room: DemoRoom) -> None:
    """DATA/demo.json names the processes that live."""
    now = {"hub": room.pid("hub"), "broker": room.pid("broker"), "posts": {name: room.pid(name) for name in room.posts}}

    async def look() -> bool:
        return bool(room.memory["pids"] == now)

    await until(look, "the pids are noted")


async def test_the_hub_dies_in_mid_stay(hurt: DemoRoom) -> None:
    p01, p02 = hurt.posts["p01"], hurt.posts["p02"]
    short, long = await hurt.issue(3), await hurt.issue(600)
    running = await p02.redeems(long["code"])
    await p01.redeems(short["code"])
    hurt.process.send_signal(signal.SIGSTOP)  # whoever would start it again
    try:
        dead = hurt.kill("hub")
        gone = await dark_by_itself(p01)
        assert gone["hub_link"] != "ok"
        assert (await p02.state())["relays"]["display"] == "on"
    finally:
        hurt.process.send_signal(signal.SIGCONT)
    await again(hurt, "the hub", dead)
    began = monotonic()
    await hurt.until_whole()
    assert monotonic() - began < WHOLE_WITHIN_S
    over = await hurt.until_session(short, lambda now: now["status"] == "expired", "settled")
    assert (over["consumed_s"], over["flag"]) == (3, None)
    still = await p02.state()
    assert (still["boot_id"], still["lease_id"]) == (running["boot_id"], running["lease_id"])
    assert (await hurt.session(long))["status"] == "active"
    await agreed(hurt, p02, long)
    await noted(hurt)


async def retained(client: Client, *post_ids: str) -> None:
    """Return when the broker has told that those posts are there."""
    waiting = set(post_ids)
    async for message in client.messages:
        assert isinstance(message.payload, bytes)
        if decode(PostReport, message.payload).online:
            waiting.discard(message.topic.value.split("/")[3])
        if not waiting:
            return


@pytest.mark.parametrize("store_lost", [False, True], ids=["alone", "with its store"])
async def test_the_broker_dies_in_mid_stay(hurt: DemoRoom, *, store_lost: bool) -> None:
    p01, p02 = hurt.posts["p01"], hurt.posts["p02"]
    short, long = await hurt.issue(3), await hurt.issue(600)
    running = await p02.redeems(long["code"])
    await p01.redeems(short["code"])
    hub = hurt.kill("hub", signal.SIGSTOP)  # who would start it again
    try:
        broker = hurt.kill("broker")
        if store_lost:
            (hurt.data / "broker" / "mosquitto.db").unlink(missing_ok=True)
        gone = await dark_by_itself(p01)
        assert gone["hub_link"] == "no_broker"
    finally:
        hurt.kill("hub", signal.SIGCONT)
    await hurt.until_whole()
    assert (hurt.pid("hub"), hurt.pid("broker") != broker) == (hub, True)
    over = await hurt.until_session(short, lambda now: now["status"] == "expired", "settled")
    assert (over["consumed_s"], over["flag"]) == (3, None)
    async with hurt.monitor() as client:
        await client.subscribe("poste/v1/posts/+/status", qos=1)
        await retained(client, "p01", "p02")
    still = await p02.state()
    assert (still["boot_id"], still["lease_id"]) == (running["boot_id"], running["lease_id"])
    await agreed(hurt, p02, long)
    await noted(hurt)


async def resumed(post: Post, before: JSON) -> JSON:
    """The state of a post that has come back with its stay, having lost a slice at most."""
    at = monotonic()
    back = await post.until(
        lambda now: now["boot_id"] != before["boot_id"] and now["phase"] == "running" and now["hub_link"] == "ok",
        "is back",
    )
    assert (back["state_epoch"], back["lease_id"]) == (before["state_epoch"], before["lease_id"])
    assert back["relays"]["display"] == "on"
    assert 0 <= before["remaining_s"] - back["remaining_s"] <= SLICE_S + 1 + monotonic() - at
    return back


async def test_a_power_cut_costs_a_slice_at_most(hurt: DemoRoom) -> None:
    post = hurt.posts["p01"]
    stay = await hurt.issue(600)
    before = await post.redeems(stay["code"])
    await post.power_cut()
    await resumed(post, before)
    assert (await hurt.session(stay))["status"] == "active"
    await agreed(hurt, post, stay)


async def test_a_dead_post_is_started_again_and_resumes(hurt: DemoRoom) -> None:
    post = hurt.posts["p02"]
    stay = await hurt.issue(600)
    before = await post.redeems(stay["code"])
    dead = hurt.kill("p02")
    await resumed(post, before)
    assert hurt.pid("p02") != dead
    await noted(hurt)
    await agreed(hurt, post, stay)
