"""Incident: a node reports something that the desk should know; a call for help waits until somebody answers it."""

from __future__ import annotations

from hub.domain.post import Post
from hub.usecases.work import By, Room, working
from hub.wire.messages import Incident
from hub.wire.terms import Action, IncidentKind


async def take_incident(room: Room, post_id: str, told: Incident) -> None:
    """Write it into the journal, whence board and monitors hear of it."""
    async with working(room) as work:
        await work.speaker(post_id)
        await work.log(Action.INCIDENT, post_id=post_id, kind=told.kind, detail=told.detail)
        if told.kind is IncidentKind.HELP:
            room.presence.called(post_id, work.now)
        work.touch(post_id)


async def answer_call(room: Room, post_id: str, by: By) -> Post:
    """Somebody goes to the patron who called; nothing happens where nobody is calling (any more)."""
    async with working(room) as work:
        post = await work.post(post_id)
        if room.presence.calling_since(post_id) is not None:
            await work.log(Action.POST_CHANGED, by, post_id=post_id, change="call_answered")
            room.presence.answered(post_id)
            work.touch(post_id)
        return post
