"""Everyone hears everything in order, and nobody waits for a slow one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from hub.adapters.clock import SystemClock
from hub.adapters.feed import EntryLogged, Event, FellBehind, LocalFeed, PostChanged, SessionChanged, Subscription
from hub.domain.records import LogEntry
from hub.usecases.ports import Clock, Feed
from hub.wire.terms import Action
from tests.fakes.feed import FakeFeed
from tests.fakes.hub_clock import FakeClock

ENTRY = LogEntry(datetime(2026, 11, 23, tzinfo=UTC), Action.CODE_ISSUED, id=17)


async def take(subscription: Subscription, count: int) -> list[Event]:
    return [await asyncio.wait_for(anext(subscription), 5) for _ in range(count)]


async def test_every_listener_hears_everything_in_order() -> None:
    feed = LocalFeed()
    with feed.subscribe() as one, feed.subscribe() as other:
        feed.entry(ENTRY)
        feed.session_changed("s1")
        feed.post_changed("p01")
        expected = [EntryLogged(ENTRY), SessionChanged("s1"), PostChanged("p01")]
        assert await take(one, 3) == await take(other, 3) == expected


async def test_a_listener_that_waits_is_woken() -> None:
    feed = LocalFeed()
    with feed.subscribe() as subscription:
        waiting = asyncio.create_task(take(subscription, 1))
        await asyncio.sleep(0)
        feed.post_changed("p01")
        assert await waiting == [PostChanged("p01")]


async def test_a_listener_hears_nothing_from_before_or_after() -> None:
    feed = LocalFeed(queue_length=1)
    feed.post_changed("before")
    with feed.subscribe() as subscription:
        feed.post_changed("p01")
    feed.post_changed("after")
    assert await take(subscription, 1) == [PostChanged("p01")]


async def test_a_slow_listener_is_dropped_and_told_and_the_others_go_on() -> None:
    feed = LocalFeed(queue_length=2)
    with feed.subscribe() as slow, feed.subscribe() as quick:
        heard = []
        for number in range(5):
            feed.post_changed(f"p{number}")
            heard += await take(quick, 1)
        assert len(heard) == 5
        assert await take(slow, 2) == [PostChanged("p0"), PostChanged("p1")]
        with pytest.raises(FellBehind):
            await anext(slow)


async def test_a_dropped_listener_gets_no_more_even_when_it_has_room_again() -> None:
    feed = LocalFeed(queue_length=1)
    with feed.subscribe() as slow:
        feed.post_changed("p1")
        feed.post_changed("lost")
        await take(slow, 1)
        feed.post_changed("p2")
        with pytest.raises(FellBehind):
            await anext(slow)


def test_with_nobody_listening_nothing_happens() -> None:
    feeds: list[Feed] = [LocalFeed(), FakeFeed()]
    for feed in feeds:
        feed.entry(ENTRY)
        feed.session_changed("s1")
        feed.post_changed("p01")


@pytest.mark.parametrize("clock", [SystemClock(), FakeClock()], ids=["real", "fake"])
def test_clocks_are_aware_in_utc_and_do_not_run_backwards(clock: Clock) -> None:
    first, second = clock.now(), clock.now()
    assert first.tzinfo is UTC
    assert first <= second


@pytest.mark.parametrize("clock", [SystemClock(), FakeClock()], ids=["real", "fake"])
def test_a_clock_knows_time_zones(clock: Clock) -> None:
    assert clock.has_zone("Europe/Paris")
    assert clock.has_zone("UTC")
    assert not clock.has_zone("Mars/Olympus")
    assert not clock.has_zone("Factory")
    assert not clock.has_zone("localtime")
    assert not clock.has_zone("../etc/passwd")
