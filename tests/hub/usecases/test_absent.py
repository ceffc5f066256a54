"""Posts that went while no hub was there to see it."""

from __future__ import annotations

from dataclasses import replace

from hub.adapters.db.engine import Database
from hub.adapters.db.queries import TortoiseQueries
from hub.usecases.absent import note_absent
from hub.usecases.posts import PostChange, edit_post
from hub.usecases.presence import Presence
from hub.wire.terms import Action
from tests.support.room import DESK, Node, TestRoom


def restart(room: TestRoom) -> None:
    """A hub that has just started knows of nobody that is there."""
    room.room = replace(room.room, presence=Presence())


async def test_a_post_that_went_while_the_hub_was_away_is_noted_once(
    database: Database, room: TestRoom, node: Node, other: Node
) -> None:
    queries = TortoiseQueries(database)
    restart(room)
    room.clock.advance(60)
    await other.reports()
    for _ in range(2):
        await note_absent(room.room, queries)
    (entry,) = room.entries(Action.POST_DISCONNECTED)
    assert entry.post_id == "p01"
    assert await queries.connected() == {"p02": room.clock.now()}


async def test_who_is_there_or_has_left_before_is_not_noted(database: Database, room: TestRoom, node: Node) -> None:
    queries = TortoiseQueries(database)
    room.clock.advance(44)
    await note_absent(room.room, queries)
    restart(room)  # as one that has just come: the journal is written before it is seen
    await note_absent(room.room, queries)
    assert room.entries(Action.POST_DISCONNECTED) == []
    await node.reports()
    await node.reports(online=False)
    restart(room)
    room.clock.advance(60)
    await note_absent(room.room, queries)
    assert len(room.entries(Action.POST_DISCONNECTED)) == 1


async def test_a_retired_post_is_missed_by_nobody(database: Database, room: TestRoom, node: Node) -> None:
    await edit_post(room.room, "p01", PostChange(retired=True), DESK)
    restart(room)
    room.clock.advance(60)
    await note_absent(room.room, TortoiseQueries(database))
    assert room.entries(Action.POST_DISCONNECTED) == []
