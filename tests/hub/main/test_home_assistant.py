"""Home Assistant is told of posts and hub, and of no more than that; what was told is taken back."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from hub.adapters.mqtt.accounts import acl_file
from hub.adapters.mqtt.home_assistant import post_device
from hub.domain.post import Post
from hub.main import Workshop
from hub.main.home_assistant import TOLD_FILE, Announcer
from hub.settings import Settings
from hub.usecases.posts import add_post
from hub.usecases.work import By
from tests.fakes.hub_clock import START
from tests.support.mosquitto import account, next_message, room, subscribed

BY = By("marie")
HUB, P01, P02 = (f"homeassistant/device/poste-{name}/config" for name in ("hub", "p01", "p02"))


class FakeOutlet:
    """What is published, last word first: an empty one removes."""

    def __init__(self) -> None:
        self.connected = asyncio.Event()
        self.connections = 0
        self.sent: list[tuple[str, Any]] = []

    def connect(self) -> None:
        self.connections += 1
        self.connected.set()

    async def publish_discovery(self, topic: str, config: bytes) -> None:
        self.sent.append((topic, json.loads(config) if config else None))

    def take(self) -> dict[str, Any]:
        taken, self.sent = dict(self.sent), []
        return taken


@pytest.fixture
def outlet() -> FakeOutlet:
    made = FakeOutlet()
    made.connect()
    return made


def announcer(settings: Settings, house: Workshop, outlet: FakeOutlet, *, on: bool = True) -> Announcer:
    return Announcer(replace(settings, home_assistant=on), house.queries, house.room.clock, outlet)


async def add(house: Workshop, post_id: str) -> None:
    await add_post(house.room, post_id, f"Post {post_id}", "Hall", "$7$x", BY)


async def test_hub_and_posts_are_told_once_and_again_after_a_reconnection(
    settings: Settings, house: Workshop, outlet: FakeOutlet
) -> None:
    await add(house, "p01")
    telling = announcer(settings, house, outlet)
    await telling.announce()
    assert outlet.take().keys() == {HUB, P01}
    await telling.announce()
    assert outlet.take() == {}
    await add(house, "p02")
    await telling.announce()
    assert outlet.take().keys() == {P02}
    outlet.connect()
    await telling.announce()
    assert outlet.take().keys() == {HUB, P01, P02}


async def test_switched_off_everything_is_taken_back_once(
    settings: Settings, house: Workshop, outlet: FakeOutlet
) -> None:
    await add(house, "p01")
    await announcer(settings, house, outlet).announce()
    outlet.take()
    quiet = announcer(settings, house, outlet, on=False)
    await quiet.announce()
    assert outlet.take() == {HUB: None, P01: None}
    assert not (settings.data / TOLD_FILE).exists()
    outlet.connect()
    await quiet.announce()
    assert outlet.take() == {}


async def test_a_post_that_went_while_the_hub_was_off_is_taken_back(
    settings: Settings, house: Workshop, outlet: FakeOutlet
) -> None:
    (settings.data / TOLD_FILE).write_text(json.dumps([HUB, P02]))
    await announcer(settings, house, outlet).announce()
    told = outlet.take()
    assert told[P02] is None
    assert told[HUB] is not None


async def test_off_is_the_default_and_says_nothing(settings: Settings, house: Workshop, outlet: FakeOutlet) -> None:
    await Announcer(settings, house.queries, house.room.clock, outlet).announce()
    assert outlet.take() == {}


async def test_nothing_is_lost_without_a_broker(settings: Settings, house: Workshop) -> None:
    outlet = FakeOutlet()
    telling = announcer(settings, house, outlet)
    await telling.announce()
    assert outlet.take() == {}
    outlet.connect()
    await telling.announce()
    assert outlet.take().keys() == {HUB}


def test_a_post_is_a_device_whose_states_are_read_where_all_monitors_read() -> None:
    topic, config = post_device(Post("p01", "Post 1", START, zone="Hall"), "0.1.0")
    told = json.loads(config)
    assert (topic, told["state_topic"]) == (P01, "poste/v1/posts/p01/status")
    assert told["device"] == {
        "identifiers": ["poste-p01"],
        "manufacturer": "Poste Public",
        "name": "Post 1",
        "model": "Post",
        "via_device": "poste-hub",
        "suggested_area": "Hall",
    }
    assert told["origin"]["name"] == "poste-hub"
    assert all(part["platform"] in {"sensor", "binary_sensor"} for part in told["components"].values())
    assert all("value_template" in part and "command_topic" not in part for part in told["components"].values())
    ids = [part["unique_id"] for part in told["components"].values()]
    assert len(set(ids)) == len(ids)
    assert len(config) < 8 * 1024


async def test_the_broker_lets_the_hub_write_it_and_monitors_read_it(tmp_path: Any) -> None:
    async with room(tmp_path, "p01") as made:
        async with made.client("hub") as hub:
            await hub.publish(P01, b"{}", qos=1, retain=True)
        monitor = made.client("monitor")
        async with subscribed(monitor, "homeassistant/#"):
            assert (await next_message(monitor)).topic.value == P01
    assert "homeassistant" not in acl_file([account("p01")])
