"""House settings change at once: the hub's next act and every post obey, and the journal keeps old and new."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hub.domain.access_code import CodeFormat
from hub.domain.errors import Invalid, Stale
from hub.domain.house import House, Retention
from hub.domain.version import Expected, version
from hub.usecases.settings import change_settings, tell_posts
from hub.wire.messages import Sync
from hub.wire.terms import Action, Language
from tests.support.room import DESK, Node, TestRoom


async def test_posts_and_the_next_code_obey_at_once(room: TestRoom, node: Node, other: Node) -> None:
    room.link.take()
    house = await change_settings(room.room, lambda was: replace(was, grace_s=30, code=CodeFormat(8)), DESK)
    for post_id in ("p01", "p02"):
        (told,) = room.link.to(post_id, Sync)
        assert told.settings == house.for_posts()
        assert (told.settings.grace_s, told.settings.code_length) == (30, 8)
    assert len((await room.issued()).code) == 8


async def test_a_running_stay_goes_on(room: TestRoom, node: Node) -> None:
    lease = await node.gets((await room.issued()).code)
    await node.reports(lease)
    room.link.take()
    await change_settings(room.room, lambda was: replace(was, language=Language.EN), DESK)
    (told,) = room.link.to("p01", Sync)
    assert told.lease is not None
    assert (told.lease.lease_id, told.lease.rev, told.revoked) == (lease.lease_id, lease.rev, ())


async def test_posts_hear_of_nothing_that_is_not_theirs(room: TestRoom, node: Node) -> None:
    room.link.take()
    await change_settings(room.room, lambda was: replace(was, validity_s=3600, time_zone="UTC"), DESK)
    assert room.link.take() == []


async def test_the_journal_keeps_old_and_new_by_field(room: TestRoom) -> None:
    wish = House(Language.EN, presets_s=(60, 120), code=CodeFormat(8), retention=Retention(log_days=90))
    await change_settings(room.room, lambda _: wish, DESK)
    (entry,) = room.entries(Action.SETTINGS_CHANGED)
    assert entry.operator == "marie"
    assert json.loads(json.dumps(entry.details["changed"])) == {
        "language": {"old": "fr", "new": "en"},
        "presets_s": {"old": [900, 1800, 3600, 7200], "new": [60, 120]},
        "code.length": {"old": 6, "new": 8},
        "retention.log_days": {"old": 365, "new": 90},
    }


async def test_no_change_is_none(room: TestRoom, node: Node) -> None:
    room.link.take()
    await change_settings(room.room, lambda was: was, DESK)
    assert room.entries(Action.SETTINGS_CHANGED) == []
    assert room.link.take() == []


async def test_what_is_wrong_is_told_whole_and_changes_nothing(room: TestRoom) -> None:
    with pytest.raises(Invalid) as refused:
        await change_settings(room.room, lambda was: replace(was, grace_s=-1, time_zone="Mars/Olympus"), DESK)
    assert [field for field, _ in refused.value.errors] == ["grace_s", "time_zone"]
    async with room.room.store.transaction() as tx:
        assert await tx.house() == House()


async def test_only_who_has_seen_the_settings_may_change_them(room: TestRoom) -> None:
    seen = Expected(frozenset({version(House())}))
    await change_settings(room.room, lambda was: replace(was, grace_s=1), DESK, seen)
    with pytest.raises(Stale):
        await change_settings(room.room, lambda was: replace(was, grace_s=2), DESK, seen)


async def test_posts_can_be_told_again(room: TestRoom, node: Node, other: Node) -> None:
    room.link.take()
    await tell_posts(room.room)
    assert [post_id for post_id, _ in room.link.take()] == ["p01", "p02"]
