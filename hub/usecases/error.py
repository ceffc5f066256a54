"""Error: something failed that never should have; the desk sees it in the journal, the details are in the hub's log."""

from __future__ import annotations

from hub.usecases.work import Room, working
from hub.wire.terms import Action


async def note_error(room: Room, where: str, error: Exception) -> None:
    """Write down where it was and of what kind: never its text, which may hold anything."""
    async with working(room) as work:
        await work.log(Action.ERROR, where=where, kind=type(error).__name__)
