"""Incident: a node reports something that the desk should know."""

from __future__ import annotations

from hub.usecases.work import Room, working
from hub.wire.messages import Incident
from hub.wire.terms import Action


async def take_incident(room: Room, post_id: str, told: Incident) -> None:
    """Write it into the journal, whence board and monitors hear of it."""
    async with working(room) as work:
        await work.speaker(post_id)
        await work.log(Action.INCIDENT, post_id=post_id, kind=told.kind, detail=told.detail)
        work.touch(post_id)
