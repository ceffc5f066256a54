"""Incident: a node reports something that the desk should know; a call for help waits until somebody answers it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from hub.domain.post import Post
from hub.domain.records import LogEntry
from hub.usecases.views import LogFilter, Queries, every
from hub.usecases.work import By, Room, working
from hub.wire.messages import Incident
from hub.wire.terms import Action, IncidentKind

CALL_ANSWERED = "call_answered"
STILL_WAITING = timedelta(hours=12)
"""Whoever called longer ago than this before a start of the hub has gone home."""


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
            await work.log(Action.POST_CHANGED, by, post_id=post_id, change=CALL_ANSWERED)
            room.presence.answered(post_id)
            work.touch(post_id)
        return post


async def recall_calls(room: Room, queries: Queries) -> None:
    """At the hub's start: raise the hands again that the journal knows to have been up when it went."""
    since = room.clock.now() - STILL_WAITING
    wanted = [LogFilter(action=action, after=since) for action in (Action.INCIDENT, Action.POST_CHANGED)]
    told = [entry for one in wanted async for entry in every(partial(_entries, queries, one))]
    waiting: dict[str, datetime] = {}
    for entry in sorted(told, key=lambda entry: entry.id):
        post_id = entry.post_id or ""
        if entry.details.get("kind") == IncidentKind.HELP:
            waiting.setdefault(post_id, entry.at)
        elif entry.details.get("change") == CALL_ANSWERED:
            waiting.pop(post_id, None)
    for post_id, at in waiting.items():
        room.presence.called(post_id, at)


async def _entries(queries: Queries, wanted: LogFilter, last: LogEntry | None) -> list[LogEntry]:
    return await queries.entries_after(last, wanted)
