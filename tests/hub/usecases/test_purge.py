"""Purge: what goes when its time is past, what never goes, and that statistics stay as they were."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.adapters.db.engine import Database
from hub.adapters.db.queries import TortoiseQueries
from hub.domain.accounts import Role, TokenKind
from hub.domain.house import House, Retention
from hub.domain.retention import TABLE, Kind
from hub.domain.session import Session
from hub.domain.statistics import Measure, Tally
from hub.usecases.accounts.operators import add_operator
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.sign_in import Door, sign_in
from hub.usecases.accounts.tokens import add_named_token, revoke_named_token
from hub.usecases.issue import Issued
from hub.usecases.posts import PostChange, edit_post
from hub.usecases.purge import purge
from hub.usecases.statistics import count
from hub.wire.messages import Lease
from hub.wire.terms import Action, SessionStatus, SettleReason
from tests.support.room import DESK, Node, TestRoom, new_id

DAY_S = 86_400
ALL = ("hour", "post_id", "zone", "category")
SHORT = House(retention=Retention(log_days=30, session_days=60, user_days=90))
PRIVACY = Path(__file__).parents[3] / "docs" / "privacy.md"


@pytest.fixture
async def room(room: TestRoom) -> TestRoom:
    """A room that keeps things for some weeks."""
    await room.save(SHORT)
    return room


async def used(room: TestRoom, node: Node, **order: Any) -> Issued:
    """A stay that is over."""
    issued = await room.issued(600, **order)
    lease = await node.gets(issued.code)
    room.clock.advance(600)
    await node.settles(lease, 600)
    return issued


def counts(room: TestRoom) -> dict[str, int]:
    tables = ("session", "lease", "request", "start_order")
    return {table: room.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables}


def purged(room: TestRoom) -> list[object]:
    return [entry.details["counts"] for entry in room.entries(Action.RETENTION_PURGE)]


async def test_nothing_goes_before_its_time(room: TestRoom, node: Node) -> None:
    await used(room, node)
    before, entries = counts(room), room.rows("SELECT id FROM log_entry")
    room.clock.advance(29 * DAY_S)
    await purge(room.room)
    assert (counts(room), room.rows("SELECT id FROM log_entry")) == (before, entries)
    assert purged(room) == []


async def test_each_class_goes_when_its_time_is_past_and_is_counted(room: TestRoom, node: Node) -> None:
    await used(room, node)
    entries = len(room.feed.entries)
    room.clock.advance(31 * DAY_S)
    await purge(room.room)
    assert purged(room) == [{"journal": entries - 1, "requests": 1}]  # the post is still there
    assert counts(room) == {"session": 1, "lease": 1, "request": 0, "start_order": 0}
    room.clock.advance(31 * DAY_S)
    await purge(room.room)
    assert purged(room)[1:] == [{"journal": 1, "sessions": 1}]
    assert counts(room) == {"session": 0, "lease": 0, "request": 0, "start_order": 0}


async def test_how_a_post_is_stays_known_however_long_it_is_so(
    database: Database, room: TestRoom, node: Node, other: Node
) -> None:
    """Its last words outlive the journal's retention: it is still there, or still offline, and counted as such."""
    await node.reports()
    for online in (True, False):
        await other.reports(online=online)
    room.clock.advance(40 * DAY_S)
    await purge(room.room)
    assert room.rows("SELECT post_id, action FROM log_entry WHERE post_id IS NOT NULL ORDER BY id") == [
        ("p01", "post_connected"),
        ("p02", "post_connected"),
        ("p02", "post_disconnected"),
    ]
    queries = TortoiseQueries(database)
    assert list(await queries.connected()) == ["p01"]
    day = date(2026, 12, 31)
    counted = await count(queries, "Europe/Paris", room.clock.now(), day, day, ("post_id",))
    offline = {one.post_id: one.amount for one in counted.tallies if one.measure is Measure.OFFLINE_S}
    assert offline == {"p02": DAY_S}
    await edit_post(room.room, "p02", PostChange(retired=True), DESK)
    await purge(room.room)
    assert room.rows("SELECT action FROM log_entry WHERE post_id = 'p02'") == [("post_changed",)]


async def test_a_purge_of_many_goes_on_until_nothing_is_left(room: TestRoom) -> None:
    now = room.clock.now()
    async with room.room.store.transaction() as tx:
        for _ in range(501):
            await tx.add(Session(new_id(), now, 600, status=SessionStatus.EXPIRED, ended_at=now))
    room.clock.advance(61 * DAY_S)
    await purge(room.room)
    assert purged(room) == [{"sessions": 500}, {"sessions": 1}]


async def test_open_leases_and_live_codes_are_never_touched(room: TestRoom, node: Node, other: Node) -> None:
    pending = await room.issued(600, valid_until=room.clock.now() + timedelta(days=366))
    running = await room.issued(600)
    lease = await node.gets(running.code)
    user = await room.user()
    banked = await room.issued(600, user_id=user.id, valid_until=room.clock.now() + timedelta(days=366))
    paused = await other.gets(banked.code)
    await other.settles(paused, 60, SettleReason.PAUSED_HERE)
    room.clock.advance(200 * DAY_S)
    await purge(room.room)
    assert {row[0] for row in room.sessions()} == {one.session.id for one in (pending, running, banked)}
    assert (await room.lease(lease)).open
    assert room.rows("SELECT count(*) FROM request") == [(1,)], "the answer that the running post may ask for again"
    assert room.rows('SELECT display_name FROM "user"') == [("Ada",)]
    await node.settles(lease, 600)
    assert isinstance(await other.asks(pending.code), Lease)


async def test_a_merged_stay_may_go_before_the_one_that_it_joined(room: TestRoom, node: Node) -> None:
    running = await node.gets((await room.issued(600)).code)
    await node.gets((await room.issued(300)).code, topping_up=running)
    room.clock.advance(30 * DAY_S)
    await node.settles(running, 900)
    room.clock.advance(40 * DAY_S)
    await purge(room.room)
    assert counts(room)["session"] == 1
    room.clock.advance(40 * DAY_S)
    await purge(room.room)
    assert counts(room)["session"] == 0


async def test_tokens_go_a_month_after_they_were_good_for_the_last_time(room: TestRoom, desk: Desk) -> None:
    zoe = await add_operator(desk, "zoé", Role.OPERATOR, "correct horse", DESK)
    ends = room.clock.now() + timedelta(days=10)
    for name, expires_at in (("endless", None), ("ended", ends), ("revoked", None)):
        made = await add_named_token(desk, zoe, name, Role.VIEWER, expires_at, DESK)
        if name == "revoked":
            await revoke_named_token(desk, made.token.id, DESK)
    await sign_in(desk, "zoé", "correct horse", Door(TokenKind.PANEL, "10.0.0.7"))
    for days, left in ((30, 4), (1, 2), (8, 2), (2, 1), (1000, 1)):  # the sign-in ends in the evening
        room.clock.advance(days * DAY_S)
        await purge(room.room)
        assert room.rows("SELECT count(*) FROM token") == [(left,)], f"{days} days on"
    assert room.rows("SELECT name FROM token") == [("endless",)]


async def test_users_who_are_not_seen_any_more_are_forgotten(room: TestRoom, node: Node) -> None:
    gone, regular = await room.user(card_number="C-1"), await room.user(card_number="C-2")
    room.clock.advance(60 * DAY_S)
    await used(room, node, user_id=regular.id)
    room.clock.advance(31 * DAY_S)
    await purge(room.room)
    assert room.rows('SELECT id, card_number FROM "user" ORDER BY display_name') == [
        (gone.id, None),
        (regular.id, "C-2"),
    ]
    assert [entry.user_id for entry in room.entries(Action.USER_CHANGED)] == [gone.id]
    assert purged(room)[-1]["users"] == 1  # type: ignore[index]
    room.clock.advance(DAY_S)
    await purge(room.room)
    assert len(room.entries(Action.USER_CHANGED)) == 1


async def test_a_patron_is_known_by_the_last_stay_also_when_that_is_kept_for_less(room: TestRoom, node: Node) -> None:
    user = await room.user()
    room.clock.advance(50 * DAY_S)
    await used(room, node, user_id=user.id)
    room.clock.advance(61 * DAY_S)
    await purge(room.room)
    assert counts(room)["session"] == 0
    assert room.rows('SELECT anonymised_at FROM "user"') == [(None,)]
    room.clock.advance(30 * DAY_S)
    await purge(room.room)
    assert room.rows('SELECT display_name FROM "user"') == [("",)]


async def test_statistics_are_the_same_after_a_purge(database: Database, room: TestRoom, node: Node) -> None:
    for _ in range(5):
        await used(room, node, category="child")
        await node.asks("NOSUCH")
        room.clock.advance(10 * DAY_S - 600)
    room.clock.advance(30 * DAY_S)

    async def figures() -> list[Tally]:
        counted = await count(
            TortoiseQueries(database), "Europe/Paris", room.clock.now(), date(2026, 11, 1), date(2027, 3, 1), ALL
        )
        return sorted((one for one in counted.tallies if one.measure is not Measure.POSTS), key=str)

    before = await figures()
    await purge(room.room)
    assert counts(room)["session"] < 5
    assert await figures() == before


async def test_the_shortest_retention_does_not_outrun_the_roll_up(room: TestRoom, node: Node) -> None:
    """A day's records stay for a week, because so long a post may still correct what it said of them."""
    await room.save(House(retention=Retention(1, 1, 1)))
    await used(room, node)
    room.clock.advance(7 * DAY_S)
    await purge(room.room)
    assert counts(room)["lease"] == 1
    room.clock.advance(DAY_S)
    await purge(room.room)
    assert counts(room)["lease"] == 0
    assert room.rows("SELECT amount FROM tally WHERE measure = 'occupied_s'") == [(600,)]


async def test_a_new_house_has_nothing_to_purge(room: TestRoom) -> None:
    await purge(room.room)
    assert room.feed.entries == []


async def test_a_purge_and_its_entry_are_one(room: TestRoom, node: Node) -> None:
    await used(room, node)
    room.clock.advance(40 * DAY_S)
    await purge(room.room)
    (entry,) = room.entries(Action.RETENTION_PURGE)
    assert room.rows("SELECT id FROM log_entry WHERE action <> 'post_connected'") == [(entry.id,)]


def test_every_class_is_in_the_privacy_page() -> None:
    page = PRIVACY.read_text(encoding="utf-8")
    shown = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|", page, re.MULTILINE)
    assert shown == [(kept.kind.value, kept.what, kept.why) for kept in TABLE]
    assert {kept.kind for kept in TABLE} == set(Kind)


async def test_days_that_a_clock_ahead_has_counted_are_not_purged_before_they_are_counted(
    room: TestRoom, node: Node
) -> None:
    await room.save(House(retention=Retention(log_days=1, session_days=1, user_days=1)))
    room.clock.advance(20 * DAY_S)
    await purge(room.room)
    room.clock.advance(-20 * DAY_S)
    await used(room, node)
    room.clock.advance(3 * DAY_S)
    await purge(room.room)
    assert counts(room)["session"] == 1
