"""What monitors and the live board hear of, also of what another process has done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from hub.adapters.feed import EntryLogged, LocalFeed, PostChanged, SessionChanged, Subscription
from hub.domain.records import LogEntry
from hub.main import Workshop
from hub.main.monitors import JournalTail, SummaryPublisher, publish_events
from hub.usecases.issue import IssueOrder, issue
from hub.usecases.posts import add_post
from hub.usecases.settings import change_settings
from hub.usecases.work import By, Room
from hub.wire.messages import PostReport, Sync
from hub.wire.terms import Action, PostStatus, SessionStatus
from tests.fakes.feed import FakeFeed
from tests.fakes.hub_clock import FakeClock
from tests.fakes.outlet import FakeOutlet
from tests.fakes.post_link import FakePostLink

BY = By("marie")
PATIENCE_S = 10.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def room(house: Workshop, clock: FakeClock) -> Room:
    return replace(house.room, clock=clock)


@asynccontextmanager
async def running(duty: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """The duty, listening."""
    task = asyncio.create_task(duty)
    await asyncio.sleep(0)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def elsewhere(room: Room) -> Room:
    """The same database as another process has it: its feed is not ours."""
    return replace(room, feed=FakeFeed())


def heard(subscription: Subscription) -> list[object]:
    """What a listener has waiting, as plain words."""
    events: list[object] = []
    while not subscription._events.empty():
        event = subscription._events.get_nowait()
        events.append(event.entry.action if isinstance(event, EntryLogged) else event)
    return events


async def settled() -> None:
    """Let every task take what it has waiting."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_every_journal_entry_becomes_an_event(clock: FakeClock) -> None:
    feed, outlet = LocalFeed(), FakeOutlet()
    async with running(publish_events(feed, outlet)):
        feed.post_changed("p01")
        details = {"seconds": 300}
        feed.entry(LogEntry(clock.now(), Action.TIME_ADDED, "s", "p01", None, "marie", details, "10.0.0.5", id=17))
        event = await asyncio.wait_for(outlet.events.get(), PATIENCE_S)
    assert (event.seq, event.action, event.post, event.session) == (17, Action.TIME_ADDED, "p01", "s")
    assert (event.at, event.details) == ("2026-11-23T09:00:00.000000Z", {"seconds": 300})
    assert outlet.events.empty()


async def test_events_go_on_after_a_burst_that_was_too_much(clock: FakeClock) -> None:
    feed, outlet = LocalFeed(queue_length=2), FakeOutlet()
    async with running(publish_events(feed, outlet)):
        for number in range(5):
            feed.entry(LogEntry(clock.now(), Action.ERROR, id=number))
        await settled()
        feed.entry(LogEntry(clock.now(), Action.ERROR, id=9))
        async with asyncio.timeout(PATIENCE_S):
            while (await outlet.events.get()).seq != 9:
                pass


async def test_the_summary_counts_posts_and_sessions(house: Workshop, room: Room, clock: FakeClock) -> None:
    outlet = FakeOutlet()
    outlet.connect()
    for number in (1, 2, 3):
        await add_post(room, f"p{number:02}", f"Post {number}", "", "$7$x", BY)
    for post_id in ("p01", "p02"):
        room.presence.saw(post_id, PostReport(online=True), clock.now())
    await issue(room, IssueOrder(60, post_id="p02", count=2), BY)
    await SummaryPublisher(room, house.queries, outlet).publish()
    (told,) = outlet.summaries
    assert {one: count for one, count in told.posts.items() if count} == {
        PostStatus.AVAILABLE: 1,
        PostStatus.RESERVED: 1,
        PostStatus.OFFLINE: 1,
    }
    assert told.sessions == {SessionStatus.PENDING: 2, SessionStatus.ACTIVE: 0, SessionStatus.SUSPENDED: 0}


async def test_the_summary_is_told_when_it_changes_and_on_each_new_connection(
    house: Workshop, room: Room, clock: FakeClock
) -> None:
    outlet = FakeOutlet()
    publisher = SummaryPublisher(room, house.queries, outlet)
    await publisher.publish()
    assert outlet.summaries == []
    outlet.connect()
    await publisher.publish()
    clock.advance(1)
    await publisher.publish()
    assert len(outlet.summaries) == 1
    await issue(room, IssueOrder(60), BY)
    await publisher.publish()
    assert len(outlet.summaries) == 2
    outlet.connect()  # gone and back between two looks
    await publisher.publish()
    assert [one.sessions[SessionStatus.PENDING] for one in outlet.summaries] == [0, 1, 1]


async def test_what_another_process_does_is_told_once(house: Workshop, room: Room, clock: FakeClock) -> None:
    tail = JournalTail(room, house.queries, house.feed)
    await issue(elsewhere(room), IssueOrder(60), BY)
    clock.advance(10)
    with house.feed.subscribe() as board:
        await tail.look()
        assert heard(board) == []  # it was there before anybody listened
        await add_post(elsewhere(room), "p01", "Post 1", "", "$7$x", BY)
        (issued,) = await issue(elsewhere(room), IssueOrder(60, post_id="p01"), BY)
        await tail.look()
        assert heard(board) == []  # too fresh to be sure that it is not our own
        clock.advance(3)
        await tail.look()
        await tail.look()
        assert heard(board) == [
            Action.POST_CHANGED,
            PostChanged("p01"),
            Action.CODE_ISSUED,
            SessionChanged(issued.session.id),
            PostChanged("p01"),
        ]


async def test_what_this_process_has_told_is_not_told_again(house: Workshop, room: Room, clock: FakeClock) -> None:
    tail = JournalTail(room, house.queries, house.feed)
    await tail.look()
    async with running(tail.listen()):
        with house.feed.subscribe() as board:
            await issue(room, IssueOrder(60), BY)
            await issue(elsewhere(room), IssueOrder(60), BY)
            await issue(room, IssueOrder(60), BY)
            await settled()
            own = heard(board)
            clock.advance(3)
            await tail.look()
            assert own.count(Action.CODE_ISSUED) == 2
            assert heard(board).count(Action.CODE_ISSUED) == 1


async def test_a_clock_that_is_set_back_holds_nothing_up(house: Workshop, room: Room, clock: FakeClock) -> None:
    tail = JournalTail(room, house.queries, house.feed)
    await tail.look()
    await issue(elsewhere(room), IssueOrder(60), BY)
    clock.advance(-10 * 86_400)
    with house.feed.subscribe() as board:
        await tail.look()
        assert Action.CODE_ISSUED in heard(board)


async def test_posts_are_told_the_settings_that_another_process_has_changed(
    house: Workshop, room: Room, clock: FakeClock
) -> None:
    link = FakePostLink()
    tail = JournalTail(replace(room, link=link), house.queries, house.feed)
    await add_post(room, "p01", "Post 1", "", "$7$x", BY)
    clock.advance(10)
    await tail.look()
    await change_settings(elsewhere(room), lambda was: replace(was, grace_s=5), BY)
    clock.advance(3)
    await tail.look()
    await tail.look()
    assert [told.settings.grace_s for told in link.to("p01", Sync)] == [5]
