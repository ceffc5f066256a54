from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from uuid import uuid4

import pytest

from hub.adapters.mqtt.link import BrokerAccess, Company, Heard, HubLinkMqtt
from hub.usecases.ports import Unavailable
from hub.wire.codec import Nonsense, decode, encode
from hub.wire.messages import (
    Deny,
    Event,
    Hello,
    HubReport,
    Identify,
    Incident,
    Notice,
    PostReport,
    Redeem,
    Settled,
    Start,
    Summary,
    Sync,
)
from hub.wire.terms import Action, DenyReason, IncidentKind, Phase, PostStatus, SessionStatus
from hub.wire.topics import topic
from tests.support.mosquitto import PATIENCE_S, Room, next_message, publish, subscribed, until

EPOCH = str(uuid4())


def hello() -> Hello:
    return Hello(boot_id=str(uuid4()), state_epoch=str(uuid4()), version="0.1.0", protocol=(1, 1))


class Ear:
    """A handler that keeps what it was told, and can be made to fail or to wait."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Heard]] = []
        self.failing: dict[str, Exception] = {}
        self.gates: dict[str, asyncio.Event] = {}

    async def __call__(self, post_id: str, message: Heard) -> None:
        if post_id in self.failing:
            raise self.failing[post_id]
        if post_id in self.gates:
            await self.gates[post_id].wait()
        self.heard.append((post_id, message))


@contextlib.asynccontextmanager
async def running(
    room: Room, ear: Ear, username: str = "hub", *, epoch: str = EPOCH, company: Company | None = None
) -> AsyncIterator[HubLinkMqtt]:
    host, port = room.broker.hub_address
    access = BrokerAccess(host, port, username, f"{username}-password")
    link = HubLinkMqtt(access, hub_epoch=epoch, version="0.1.0", chance=lambda: 0.1)
    task = asyncio.create_task(link.run(ear, company))
    try:
        await asyncio.wait_for(link.connected.wait(), PATIENCE_S)
        yield link
    finally:
        await link.close()
        await asyncio.wait_for(task, PATIENCE_S)


async def test_a_hello_goes_up_and_a_sync_comes_down(two_posts: Room) -> None:
    ear = Ear()
    greeting = hello()
    async with (
        running(two_posts, ear) as link,
        subscribed(two_posts.client("p01"), "poste/v1/posts/p01/down/#") as p01,
    ):
        await publish(p01, topic(Hello, "p01"), [encode(greeting)])
        await until(lambda: bool(ear.heard))
        assert ear.heard == [("p01", greeting)]
        answer = Sync(hub_epoch=EPOCH, utc="2026-11-22T10:00:00Z")
        await link.send("p01", answer)
        message = await next_message(p01)
        assert (message.topic.value, message.qos, message.retain) == (topic(Sync, "p01"), 1, False)
        assert decode(Sync, message.payload) == answer
    assert link.received == {"hello": 1}
    assert not link.dropped


async def test_the_hub_says_that_it_is_there_and_that_it_goes(two_posts: Room) -> None:
    async with subscribed(two_posts.client("p01"), topic(HubReport)) as p01:
        async with running(two_posts, Ear()):
            assert decode(HubReport, (await next_message(p01)).payload) == HubReport(True, EPOCH, "0.1.0")
        assert decode(HubReport, (await next_message(p01)).payload) == HubReport(False, EPOCH, "0.1.0")
    async with subscribed(two_posts.client("p02"), topic(HubReport)) as late:
        assert decode(HubReport, (await next_message(late)).payload).online is False


async def test_a_hub_that_crashes_is_told_by_its_will(two_posts: Room) -> None:
    async with subscribed(two_posts.client("p01"), topic(HubReport)) as p01, running(two_posts, Ear()) as link:
        assert decode(HubReport, (await next_message(p01)).payload).online is True
        await link.abort()
        message = await next_message(p01)
        assert decode(HubReport, message.payload) == HubReport(False, EPOCH, "0.1.0")


async def test_closed_before_it_ever_connected_it_leaves_no_trace(two_posts: Room) -> None:
    host, port = two_posts.broker.hub_address
    link = HubLinkMqtt(BrokerAccess(host, port, "hub", "hub-password"), hub_epoch=EPOCH, version="0.1.0")
    task = asyncio.create_task(link.run(Ear()))
    await asyncio.sleep(0)
    await asyncio.wait_for(link.close(), PATIENCE_S)
    await task
    async with subscribed(two_posts.client("monitor"), topic(HubReport)) as late:
        assert decode(HubReport, (await next_message(late)).payload).online is False


async def test_messages_of_one_post_stay_in_order(two_posts: Room) -> None:
    ear = Ear()
    reports = [PostReport(online=True, phase=Phase.RUNNING, seq=number) for number in range(60)]
    async with running(two_posts, ear), two_posts.client("p01") as p01:
        await publish(p01, topic(PostReport, "p01"), [encode(report) for report in reports])
        await until(lambda: len(ear.heard) == len(reports))
    assert [message for _, message in ear.heard] == reports


async def test_a_post_that_is_slow_to_serve_holds_up_no_other(two_posts: Room) -> None:
    ear = Ear()
    ear.gates["p01"] = asyncio.Event()
    async with (
        running(two_posts, ear),
        two_posts.client("p01") as p01,
        two_posts.client("p02") as p02,
    ):
        await publish(p01, topic(PostReport, "p01"), [encode(PostReport(online=True))])
        await publish(p02, topic(PostReport, "p02"), [encode(PostReport(online=True))])
        await until(lambda: [post_id for post_id, _ in ear.heard] == ["p02"])
        ear.gates["p01"].set()
        await until(lambda: [post_id for post_id, _ in ear.heard] == ["p02", "p01"])


async def test_a_handler_that_fails_is_counted_and_told_without_what_was_typed(
    two_posts: Room, caplog: pytest.LogCaptureFixture
) -> None:
    ear = Ear()
    ear.failing["p01"] = RuntimeError("no session has the code K7M2QX")
    request = Redeem(req_id=str(uuid4()), state_epoch=str(uuid4()), code="K7M2QX")
    async with (
        running(two_posts, ear) as link,
        two_posts.client("p01") as p01,
        two_posts.client("p02") as p02,
    ):
        await publish(p01, topic(Redeem, "p01"), [encode(request)])
        await until(lambda: link.dropped["handler_failed"] == 1)
        await publish(p02, topic(Redeem, "p02"), [encode(request)])
        await until(lambda: ear.heard == [("p02", request)])
    assert "Redeem from p01: RuntimeError" in caplog.text
    assert "K7M2QX" not in caplog.text


class TestWhatIsHandledTogether:
    """Statuses of two posts, of which each waits for the other."""

    @staticmethod
    async def say_both(room: Room, heard: Callable[[], bool]) -> None:
        async with room.client("p01") as p01, room.client("p02") as p02:
            for post_id, client in (("p01", p01), ("p02", p02)):
                await publish(client, topic(PostReport, post_id), [encode(PostReport(online=True))])
            await until(heard)

    @staticmethod
    def welcomes(_post_id: str, heard: Heard) -> bool:
        return isinstance(heard, PostReport)

    async def test_it_goes_to_its_own_handler_at_once(self, two_posts: Room) -> None:
        ear, together = Ear(), list[Mapping[str, Heard]]()

        async def handle(heard: Mapping[str, Heard]) -> None:
            together.append(heard)

        async with running(two_posts, ear, company=Company(self.welcomes, handle)):
            await self.say_both(two_posts, lambda: sum(len(heard) for heard in together) + len(ear.heard) == 2)
        assert {post_id for heard in together for post_id in heard} | {post for post, _ in ear.heard} == {"p01", "p02"}

    @pytest.mark.parametrize("error", [RuntimeError("one of them"), Nonsense("unknown post")])
    async def test_where_one_has_a_fault_each_is_handled_by_itself(self, two_posts: Room, error: Exception) -> None:
        ear = Ear()
        ear.failing["p01"] = RuntimeError("a fault")

        async def handle(_heard: Mapping[str, Heard]) -> None:
            raise error

        async with running(two_posts, ear, company=Company(self.welcomes, handle)) as link:
            await self.say_both(two_posts, lambda: bool(ear.heard) and bool(link.dropped))
        assert ear.heard == [("p02", PostReport(online=True))]
        assert link.dropped == {"handler_failed": 1}

    async def test_a_database_that_is_away_is_counted_for_each(self, two_posts: Room) -> None:
        ear, asked = Ear(), list[int]()

        async def handle(heard: Mapping[str, Heard]) -> None:
            asked.append(len(heard))
            raise Unavailable("away")

        async with running(two_posts, ear, company=Company(self.welcomes, handle)) as link:
            await self.say_both(two_posts, lambda: link.dropped["unavailable"] + len(ear.heard) == 2)
            assert link.dropped["unavailable"] == sum(asked)


async def test_what_no_node_would_have_sent_is_nonsense_wherever_that_shows(
    two_posts: Room, caplog: pytest.LogCaptureFixture
) -> None:
    """A well-formed message may still be of nobody, or of another post: a hostile one must not fill the log."""
    ear = Ear()
    ear.failing["p01"] = Nonsense("req_id: another post's")
    async with running(two_posts, ear) as link, two_posts.client("p01") as p01:
        await publish(p01, topic(PostReport, "p01"), [encode(PostReport(online=True))])
        await until(lambda: link.dropped == {"nonsense": 1})
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


BAD = {
    "not JSON": b"\x00\xff",
    "empty": b"",
    "not an object": b"[]",
    "no version": b"{}",
    "unknown version": json.dumps({"v": 2}).encode(),
    "wrong types": json.dumps({"v": 1, "incident_id": 7, "kind": "help"}).encode(),
    "deep": b"[" * 7000,
    "too large for us": encode(Incident(str(uuid4()), IncidentKind.HELP)).ljust(12_000),
}


async def test_nonsense_is_dropped_and_counted_and_the_link_lives(two_posts: Room) -> None:
    ear = Ear()
    good = Incident(str(uuid4()), IncidentKind.HELP)
    async with running(two_posts, ear) as link, two_posts.client("p01") as p01:
        await publish(p01, topic(Incident, "p01"), [*BAD.values(), encode(good)])
        await until(lambda: bool(ear.heard))
    assert ear.heard == [("p01", good)]
    assert link.dropped == {"nonsense": len(BAD)}


async def test_sixty_four_kibibytes_cost_the_sender_its_connection_and_nobody_elses(two_posts: Room) -> None:
    ear = Ear()
    good = Incident(str(uuid4()), IncidentKind.HELP)
    async with running(two_posts, ear) as link, two_posts.client("p02") as p02:
        with contextlib.suppress(Exception):
            async with two_posts.client("p01") as p01:
                await p01.publish(topic(Incident, "p01"), b"x" * 65_536, qos=1, timeout=0.5)
        await publish(p02, topic(Incident, "p02"), [encode(good)])
        await until(lambda: bool(ear.heard))
        assert link.connected.is_set()
    assert ear.heard == [("p02", good)]


async def test_a_retained_request_is_ignored_live_or_old_and_a_retained_status_is_not(two_posts: Room) -> None:
    ear = Ear()
    report = PostReport(online=True, seq=1)
    async with two_posts.client("p01") as p01:
        await publish(p01, topic(Incident, "p01"), [encode(Incident(str(uuid4()), IncidentKind.HELP))], retain=True)
        await publish(p01, topic(PostReport, "p01"), [encode(report)], retain=True)
        async with running(two_posts, ear) as link:
            await until(lambda: bool(ear.heard) and link.dropped["retained"] == 1)
            await publish(p01, topic(Hello, "p01"), [encode(hello())], retain=True)
            await until(lambda: link.dropped["retained"] == 2)
    assert ear.heard == [("p01", report)]


async def test_a_post_that_floods_loses_the_surplus(two_posts: Room) -> None:
    ear = Ear()
    ear.gates["p01"] = asyncio.Event()
    async with running(two_posts, ear) as link, two_posts.client("p01") as p01:
        report = encode(PostReport(online=True))
        await asyncio.gather(*(publish(p01, topic(PostReport, "p01"), [report]) for _ in range(150)))
        await until(lambda: link.received["status"] == 150)
        ear.gates["p01"].set()
        await until(lambda: len(ear.heard) + link.dropped["flood"] == 150)
        assert link.dropped["flood"] in {49, 50}


@pytest.mark.parametrize(
    ("message", "expiry_s"),
    [
        (Start(str(uuid4()), 30), 30),
        (Notice(str(uuid4()), "Closing soon", 60), 60),
        (Identify(str(uuid4()), 30), 30),
        (Settled(str(uuid4())), None),
    ],
)
async def test_what_is_only_good_for_a_while_expires_in_the_broker(
    two_posts: Room, message: Start | Notice | Identify | Settled, expiry_s: int | None
) -> None:
    async with (
        running(two_posts, Ear()) as link,
        subscribed(two_posts.client("p01"), "poste/v1/posts/p01/down/#") as p01,
    ):
        await link.send("p01", message)
        assert getattr((await next_message(p01)).properties, "MessageExpiryInterval", None) == expiry_s


async def test_monitors_get_events_and_a_retained_summary(two_posts: Room) -> None:
    event = Event(seq=1, at="2026-11-22T10:00:00Z", action=Action.TIME_ADDED, post="p01")
    summary = Summary(event.at, {PostStatus.AVAILABLE: 2}, {SessionStatus.PENDING: 1})
    async with running(two_posts, Ear()) as link:
        async with subscribed(two_posts.client("monitor"), topic(Event), topic(Summary)) as monitor:
            await link.publish_event(event)
            await link.publish_summary(summary)
            assert decode(Event, (await next_message(monitor)).payload) == event
            assert decode(Summary, (await next_message(monitor)).payload) == summary
        async with subscribed(two_posts.client("monitor"), "poste/v1/#") as late:
            kept = {(message := await next_message(late)).topic.value: message for _ in range(2)}
    assert set(kept) == {topic(HubReport), topic(Summary)}


async def test_messages_to_one_post_stay_in_order(two_posts: Room) -> None:
    denials = [Deny(str(uuid4()), DenyReason.HUB_BUSY) for _ in range(300)]
    async with (
        running(two_posts, Ear()) as link,
        subscribed(two_posts.client("p01"), topic(Deny, "p01")) as p01,
    ):
        for denial in denials:
            await link.send("p01", denial)
        assert [decode(Deny, (await next_message(p01)).payload) for _ in denials] == denials


async def test_over_a_killed_broker_it_drops_and_counts_and_then_serves_again(two_posts: Room) -> None:
    ear = Ear()
    async with running(two_posts, ear) as link:
        assert two_posts.broker.pid is not None
        os.kill(two_posts.broker.pid, signal.SIGKILL)
        await until(lambda: not link.connected.is_set())
        await asyncio.wait_for(link.send("p01", Settled(str(uuid4()))), 0.5)
        assert link.dropped["no_broker"] == 1
        await two_posts.broker.start()
        await asyncio.wait_for(link.connected.wait(), PATIENCE_S)
        async with two_posts.client("p01") as p01:
            await publish(p01, topic(Hello, "p01"), [encode(hello())])
            await until(lambda: bool(ear.heard))


async def test_what_was_said_just_before_the_end_still_goes_out(two_posts: Room) -> None:
    async with subscribed(two_posts.client("p01"), topic(Settled, "p01")) as p01:
        async with running(two_posts, Ear()) as link:
            for _ in range(50):
                await link.send("p01", Settled(str(uuid4())))
        for _ in range(50):
            await next_message(p01)


async def test_a_wrong_password_is_told_and_tried_again(two_posts: Room, caplog: pytest.LogCaptureFixture) -> None:
    host, port = two_posts.broker.hub_address
    link = HubLinkMqtt(BrokerAccess(host, port, "hub", "wrong"), hub_epoch=EPOCH, version="0", chance=lambda: 0)
    task = asyncio.create_task(link.run(Ear()))
    await until(lambda: caplog.text.count("Not authorized") > 1)
    assert not link.connected.is_set()
    await link.close()
    await task
    assert "wrong" not in caplog.text


async def test_two_hubs_do_not_throw_each_other_off(two_posts: Room) -> None:
    async with running(two_posts, Ear()) as one, running(two_posts, Ear()) as two:
        assert one.connected.is_set()
        assert two.connected.is_set()


async def test_the_hub_that_took_over_has_the_last_word_over_the_goodbye_of_the_other(two_posts: Room) -> None:
    later = str(uuid4())
    async with contextlib.AsyncExitStack() as before:
        await before.enter_async_context(running(two_posts, Ear()))
        async with running(two_posts, Ear(), epoch=later):
            await before.aclose()  # says that "the hub" goes
            async with (
                subscribed(two_posts.client("monitor"), topic(HubReport)) as monitor,
                asyncio.timeout(PATIENCE_S),
            ):
                report = decode(HubReport, (await next_message(monitor)).payload)
                while not report.online:
                    report = decode(HubReport, (await next_message(monitor)).payload)
                assert report.hub_epoch == later


def test_access_does_not_print_its_password() -> None:
    assert "swordfish" not in repr(BrokerAccess("127.0.0.1", 1883, "hub", "swordfish"))


async def test_a_link_that_neither_has_a_broker_nor_looks_for_one_is_stuck(two_posts: Room) -> None:
    host, port = two_posts.broker.hub_address
    now = [0.0]
    access = BrokerAccess(host, port, "hub", "hub-password")
    link = HubLinkMqtt(access, hub_epoch=EPOCH, version="0.1.0", stopwatch=lambda: now[0])

    def stuck_at(seconds: float) -> bool:
        now[0] = seconds
        return link.stuck

    assert (stuck_at(60), stuck_at(61)) == (False, True)
    task = asyncio.create_task(link.run(Ear()))
    await asyncio.wait_for(link.connected.wait(), PATIENCE_S)
    assert not stuck_at(1000)  # a quiet connection is a good one
    await link.close()
    await task
    assert stuck_at(2000)
