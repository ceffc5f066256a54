from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiomqtt import Client

from hub.adapters.mqtt.certificates import ensure_certificates
from hub.wire.codec import decode, encode
from hub.wire.messages import (
    Deny,
    Down,
    Hello,
    HubReport,
    Lease,
    Message,
    PostReport,
    Redeem,
    Settle,
    Settled,
    Sync,
    Up,
)
from hub.wire.terms import DenyReason, Phase
from hub.wire.topics import topic
from node.adapters.link_mqtt import LinkEvent, LinkMqtt
from node.core.events import BrokerFound, BrokerLost, Received
from tests.adapters.hub_link import HubLinkBench, HubLinkSuite
from tests.fakes.link import FakeLink
from tests.support.mosquitto import PATIENCE_S, Room, next_message, publish, room, subscribed, until

RUNNING = PostReport(online=True, phase=Phase.RUNNING, lease_id=str(uuid4()), total_s=600, debited_s=10, seq=3)


@pytest.fixture
async def two_posts(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path / "broker", "p01", "p02") as made:
        yield made


@dataclass
class Post:
    """A link, and what its reader has heard so far."""

    link: LinkMqtt
    heard: list[LinkEvent] = field(default_factory=list)

    async def listen(self) -> None:
        async for event in self.link.events():
            self.heard.append(event)

    def messages(self) -> list[Message]:
        return [event.message for event in self.heard if isinstance(event, Received)]

    async def until_found(self, times: int = 1) -> None:
        await until(lambda: self.heard.count(BrokerFound()) == times)


def link_of(made: Room, post_id: str = "p01", *, password: str | None = None, ca: Path | None = None) -> LinkMqtt:
    host, port = made.broker.posts_address
    return LinkMqtt(
        post_id=post_id,
        host=host,
        port=port,
        ca=ca or made.broker.posts_ca,
        username=post_id,
        password=f"{post_id}-password" if password is None else password,
        chance=lambda: 0.1,
    )


@contextlib.asynccontextmanager
async def listening(link: LinkMqtt) -> AsyncIterator[Post]:
    post = Post(link)
    task = asyncio.create_task(post.listen())
    try:
        yield post
    finally:
        await link.close()
        await asyncio.wait_for(task, PATIENCE_S)


@contextlib.asynccontextmanager
async def connected(made: Room, post_id: str = "p01") -> AsyncIterator[Post]:
    async with listening(link_of(made, post_id)) as post:
        await post.until_found()
        yield post


async def status_of(watch: Client) -> PostReport:
    return decode(PostReport, (await next_message(watch)).payload)


def hello() -> Hello:
    return Hello(boot_id=str(uuid4()), state_epoch=str(uuid4()), version="0.1.0", protocol=(1, 1))


class TestEveryHubLink(HubLinkSuite):
    """The fake, and the real one with a real Mosquitto. A simulated post has the real one."""

    @pytest.fixture(params=["fake", "mqtt"])
    async def bench(self, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[HubLinkBench]:
        if request.param == "fake":
            yield fake_bench()
        else:
            async with mqtt_bench(tmp_path / "suite") as made:
                yield made


def fake_bench() -> HubLinkBench:
    fake = FakeLink()
    fake.found()
    sent, reports = iter(fake.sent), iter(fake.reports)

    async def say(message: Down | HubReport) -> None:
        fake.say(message)

    async def heard() -> Up:
        return next(sent)

    async def reported() -> PostReport:
        return next(reports)[0]

    async def lose() -> None:
        fake.lost()

    async def find() -> None:
        fake.found()

    return HubLinkBench(fake, say, heard, reported, lose, find)


@contextlib.asynccontextmanager
async def mqtt_bench(folder: Path) -> AsyncIterator[HubLinkBench]:
    """The hub's end has a connection of its own, as long as there is a broker."""
    kinds: dict[str, type[Up | PostReport]] = {topic(kind, "p01"): kind for kind in (Hello, Settle, PostReport)}
    async with room(folder, "p01") as made, contextlib.AsyncExitStack() as hub_end:
        hub = await hub_end.enter_async_context(subscribed(made.client("hub"), *kinds))

        async def say(message: Down | HubReport) -> None:
            where = topic(HubReport) if isinstance(message, HubReport) else topic(type(message), "p01")
            await publish(hub, where, [encode(message)])

        async def heard() -> Any:
            message = await next_message(hub)
            return decode(kinds[str(message.topic)], message.payload)

        async def lose() -> None:
            await hub_end.aclose()
            await made.broker.stop()

        yield HubLinkBench(link_of(made), say, heard, heard, lose, made.broker.start)


async def test_a_hello_goes_up_and_a_sync_comes_down(two_posts: Room) -> None:
    greeting = hello()
    async with subscribed(two_posts.client("hub"), topic(Hello, "p01")) as hub, connected(two_posts) as post:
        await post.link.send(greeting)
        message = await next_message(hub)
        assert (message.qos, message.retain) == (1, False)
        assert decode(Hello, message.payload) == greeting
        answer = Sync(hub_epoch=str(uuid4()), utc="2026-11-22T10:00:00Z")
        await publish(hub, topic(Sync, "p01"), [encode(answer)])
        await until(lambda: post.messages() == [answer])
    assert post.heard == [BrokerFound(), Received(answer), BrokerLost()]
    assert not post.link.dropped


async def test_the_hubs_status_is_heard_also_when_it_is_retained(two_posts: Room) -> None:
    there = HubReport(online=True, hub_epoch=str(uuid4()), version="0.1.0")
    gone = replace(there, online=False)
    async with two_posts.client("hub") as hub:
        await publish(hub, topic(HubReport), [encode(there)], retain=True)
        async with connected(two_posts) as post:
            await until(lambda: post.messages() == [there])
            await publish(hub, topic(HubReport), [encode(gone)], retain=True)
            await until(lambda: post.messages() == [there, gone])


async def test_a_report_is_retained_with_its_quality_by_occasion(two_posts: Room) -> None:
    async with (
        subscribed(two_posts.client("monitor"), topic(PostReport, "p01")) as watch,
        connected(two_posts) as post,
    ):
        for periodic, qos in ((True, 0), (False, 1)):
            await post.link.report(RUNNING, periodic=periodic)
            message = await next_message(watch)
            assert (decode(PostReport, message.payload), message.qos) == (RUNNING, qos)
        async with subscribed(two_posts.client("monitor", identifier="late"), topic(PostReport, "p01")) as late:
            assert (await next_message(late)).retain


async def test_an_orderly_end_leaves_the_last_report_as_offline(two_posts: Room) -> None:
    async with subscribed(two_posts.client("monitor"), topic(PostReport, "p01")) as watch:
        async with connected(two_posts) as post:
            await post.link.report(RUNNING, periodic=False)
            assert await status_of(watch) == RUNNING
        assert await status_of(watch) == replace(RUNNING, online=False)


async def test_what_was_sent_just_before_the_end_still_goes_out(two_posts: Room) -> None:
    async with subscribed(two_posts.client("hub"), topic(Hello, "p01")) as hub:
        async with connected(two_posts) as post:
            greetings = [hello() for _ in range(20)]
            for greeting in greetings:
                await post.link.send(greeting)
        assert [decode(Hello, (await next_message(hub)).payload) for _ in greetings] == greetings


async def test_a_power_cut_is_told_by_the_will(two_posts: Room) -> None:
    async with (
        subscribed(two_posts.client("monitor"), topic(PostReport, "p01")) as watch,
        connected(two_posts) as post,
    ):
        await post.link.report(RUNNING, periodic=False)
        assert await status_of(watch) == RUNNING
        await post.link.abort()
        assert await status_of(watch) == PostReport(online=False)
        await until(lambda: post.heard[-1] == BrokerLost())


async def test_a_reader_that_is_cancelled_leaves_the_will_to_speak(two_posts: Room) -> None:
    post = Post(link_of(two_posts))
    async with subscribed(two_posts.client("monitor"), topic(PostReport, "p01")) as watch:
        task = asyncio.create_task(post.listen())
        await post.until_found()
        await post.link.report(RUNNING, periodic=False)
        assert await status_of(watch) == RUNNING
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert await status_of(watch) == PostReport(online=False)


async def test_over_a_killed_broker_it_comes_back_and_tells_its_status_again(two_posts: Room, tmp_path: Path) -> None:
    async with connected(two_posts) as post:
        await post.link.report(RUNNING, periodic=False)
        assert two_posts.broker.pid is not None
        os.kill(two_posts.broker.pid, signal.SIGKILL)
        await until(lambda: post.heard == [BrokerFound(), BrokerLost()])
        await asyncio.wait_for(post.link.send(hello()), 0.5)
        assert post.link.dropped["no_broker"] == 1
        later = replace(RUNNING, debited_s=20, seq=4)
        await post.link.report(later, periodic=True)
        (tmp_path / "broker" / "mosquitto.db").unlink(missing_ok=True)
        await two_posts.broker.start()
        await post.until_found(times=2)
        async with subscribed(two_posts.client("monitor"), topic(PostReport, "p01")) as watch:
            assert await status_of(watch) == later


async def test_nothing_queues_for_a_post_that_is_away(two_posts: Room) -> None:
    async with connected(two_posts):
        pass
    async with two_posts.client("hub") as hub:
        await publish(hub, topic(Settled, "p01"), [encode(Settled(str(uuid4())))])
        async with connected(two_posts) as post:
            marker = Settled(str(uuid4()))
            await publish(hub, topic(Settled, "p01"), [encode(marker)])
            await until(lambda: bool(post.messages()))
            assert post.messages() == [marker]


async def test_what_is_no_message_for_this_post_is_dropped_and_counted_and_the_link_lives(two_posts: Room) -> None:
    old = Lease(str(uuid4()), 1, 600)
    good = Deny(str(uuid4()), DenyReason.HUB_BUSY)
    nonsense = [b"", b"\xff\x00", b"{}", b"[]", b'{"v":9}', b'{"v":1,"lease_id":5}', encode(old).ljust(12_000)]
    async with two_posts.client("hub") as hub:
        await publish(hub, topic(Lease, "p01"), [encode(old)], retain=True)
        async with connected(two_posts) as post:
            await publish(hub, topic(Lease, "p01"), [encode(old)], retain=True)
            await publish(hub, topic(Lease, "p01"), nonsense)
            await publish(hub, "poste/v1/posts/p01/down/unheard-of", [encode(old)])
            await publish(hub, topic(Lease, "p02"), [encode(old)])
            await publish(hub, topic(Deny, "p01"), [encode(good)])
            await until(lambda: bool(post.messages()))
            assert post.messages() == [good]
            assert post.link.dropped == {"retained": 2, "nonsense": len(nonsense), "foreign_topic": 1}


async def test_a_code_is_never_logged(two_posts: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    request = Redeem(req_id=str(uuid4()), state_epoch=str(uuid4()), code="K7M2QX")
    async with subscribed(two_posts.client("hub"), topic(Redeem, "p01")) as hub, connected(two_posts) as post:
        await post.link.send(request)
        assert decode(Redeem, (await next_message(hub)).payload) == request
    await post.link.send(request)
    assert post.link.dropped == {"no_broker": 1}
    assert "K7M2QX" not in caplog.text


async def test_a_wrong_password_is_tried_again_and_never_told(
    two_posts: Room, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(link_of(two_posts, password="swordfish")) as post:
        await until(lambda: caplog.text.count("Not authorized") > 1)
    assert not post.heard
    assert "swordfish" not in caplog.text


async def test_closed_while_it_waits_for_a_broker_it_ends_at_once(two_posts: Room) -> None:
    await two_posts.broker.stop()
    async with listening(link_of(two_posts)) as post:
        await asyncio.sleep(0)
    assert not post.heard


async def test_closing_what_was_never_opened_is_no_matter(two_posts: Room) -> None:
    await link_of(two_posts).close()
    await link_of(two_posts).abort()


async def test_two_posts_have_their_own_links(two_posts: Room) -> None:
    async with (
        two_posts.client("hub") as hub,
        connected(two_posts, "p01") as one,
        connected(two_posts, "p02") as two,
    ):
        for_one, for_two = Settled(str(uuid4())), Settled(str(uuid4()))
        await publish(hub, topic(Settled, "p01"), [encode(for_one)])
        await publish(hub, topic(Settled, "p02"), [encode(for_two)])
        await until(lambda: one.messages() == [for_one] and two.messages() == [for_two])


async def test_over_tls_it_trusts_the_hubs_authority(tmp_path: Path) -> None:
    greeting = hello()
    async with (
        room(tmp_path / "broker", "p01", posts_tls=True) as made,
        subscribed(made.client("hub"), topic(Hello, "p01")) as hub,
        connected(made) as post,
    ):
        await post.link.send(greeting)
        assert decode(Hello, (await next_message(hub)).payload) == greeting


@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")  # paho leaves it to the collector
async def test_a_broker_of_another_authority_is_not_believed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    foreign = ensure_certificates(tmp_path / "foreign", ["127.0.0.1"])
    async with (
        room(tmp_path / "broker", "p01", posts_tls=True) as made,
        listening(link_of(made, ca=foreign.ca)) as post,
    ):
        await until(lambda: "CERTIFICATE_VERIFY_FAILED" in caplog.text)
    assert not post.heard
    assert "p01-password" not in caplog.text
    gc.collect()


def test_an_authority_that_cannot_be_read_is_our_mistake(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        LinkMqtt(post_id="p01", host="h", port=1, username="p01", password="x", ca=tmp_path / "none.pem")
