"""Incident: what a node reports reaches journal and board."""

from __future__ import annotations

import pytest

from hub.wire.messages import Incident
from hub.wire.terms import Action, IncidentKind
from tests.support.room import Node, TestRoom, new_id


@pytest.mark.parametrize("kind", IncidentKind)
async def test_an_incident_is_journalled_with_its_post(room: TestRoom, node: Node, kind: IncidentKind) -> None:
    room.feed.posts.clear()
    assert await node.says(Incident(new_id(), kind, "GPIO 17")) == []
    (entry,) = room.entries(Action.INCIDENT)
    assert (entry.post_id, entry.details) == ("p01", {"kind": kind, "detail": "GPIO 17"})
    assert room.feed.posts == ["p01"]
