"""Incident: what a node reports reaches journal and board, and a call waits for an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.adapters.db.engine import Database
from hub.adapters.db.queries import TortoiseQueries
from hub.domain.errors import NotFound
from hub.usecases.incident import answer_call, recall_calls
from hub.usecases.presence import Presence
from hub.wire.messages import Incident
from hub.wire.terms import Action, IncidentKind
from tests.support.room import DESK, Node, TestRoom, new_id


@pytest.mark.parametrize("kind", IncidentKind)
async def test_an_incident_is_journalled_with_its_post(room: TestRoom, node: Node, kind: IncidentKind) -> None:
    room.feed.posts.clear()
    assert await node.says(Incident(new_id(), kind, "GPIO 17")) == []
    (entry,) = room.entries(Action.INCIDENT)
    assert (entry.post_id, entry.details) == ("p01", {"kind": kind, "detail": "GPIO 17"})
    assert room.feed.posts == ["p01"]


async def test_a_call_waits_until_somebody_answers_it(room: TestRoom, node: Node) -> None:
    await node.says(Incident(new_id(), IncidentKind.HELP, ""))
    first = room.clock.now()
    room.clock.advance(90)
    await node.says(Incident(new_id(), IncidentKind.HELP, ""))
    assert room.room.presence.calling_since("p01") == first
    room.feed.posts.clear()
    await answer_call(room.room, "p01", DESK)
    assert room.room.presence.calling_since("p01") is None
    (entry,) = [one for one in room.entries(Action.POST_CHANGED) if one.details == {"change": "call_answered"}]
    assert (entry.post_id, entry.operator, entry.ip_address) == ("p01", "marie", "10.0.0.5")
    assert room.feed.posts == ["p01"]


async def test_hands_that_are_up_outlive_the_hub(room: TestRoom, database: Database) -> None:
    help_wanted = {post_id: await room.node(post_id) for post_id in ("p01", "p02", "p03", "p04")}
    await help_wanted["p04"].says(Incident(new_id(), IncidentKind.HELP, ""))
    room.clock.advance(13 * 3600)
    await help_wanted["p03"].says(Incident(new_id(), IncidentKind.TAMPER, ""))
    for post_id in ("p01", "p02"):
        await help_wanted[post_id].says(Incident(new_id(), IncidentKind.HELP, ""))
        await answer_call(room.room, post_id, DESK)
        room.clock.advance(60)
    await help_wanted["p01"].says(Incident(new_id(), IncidentKind.HELP, ""))
    since = room.clock.now()
    room.clock.advance(60)
    await help_wanted["p01"].says(Incident(new_id(), IncidentKind.HELP, ""))
    restarted = replace(room.room, presence=Presence())
    await recall_calls(restarted, TortoiseQueries(database))
    hands = {post_id: restarted.presence.calling_since(post_id) for post_id in help_wanted}
    assert hands == {"p01": since, "p02": None, "p03": None, "p04": None}


async def test_only_a_call_for_help_raises_a_hand(room: TestRoom, node: Node) -> None:
    await node.says(Incident(new_id(), IncidentKind.TAMPER, ""))
    assert room.room.presence.calling_since("p01") is None


async def test_who_answers_second_changes_nothing(room: TestRoom, node: Node) -> None:
    await answer_call(room.room, "p01", DESK)
    assert [entry.details for entry in room.entries(Action.POST_CHANGED)] == [{"change": "added"}]


async def test_a_post_that_there_is_none_of_calls_nobody(room: TestRoom) -> None:
    with pytest.raises(NotFound):
        await answer_call(room.room, "p99", DESK)
