"""Error: the journal tells where something failed and of what kind, and nothing of what it said."""

from __future__ import annotations

from hub.usecases.error import note_error
from hub.wire.terms import Action
from tests.support.room import TestRoom


async def test_a_failure_is_on_the_record_without_its_text(room: TestRoom) -> None:
    await note_error(room.room, "purge", RuntimeError("password=hunter2"))
    (entry,) = room.entries(Action.ERROR)
    assert dict(entry.details) == {"where": "purge", "kind": "RuntimeError"}
