"""Absent: posts that went while no hub was there to see it. The journal has them as connected, and statistics, too."""

from __future__ import annotations

from datetime import timedelta

from hub.usecases.views import Queries
from hub.usecases.work import Room, working
from hub.wire.terms import SILENT_AFTER_S, Action


async def note_absent(room: Room, queries: Queries) -> None:
    """Note those that have not come back; to be asked when every post that is there has had time to say so.

    One that comes in this moment is in the journal already, and only then seen: it has not been there for long.
    """
    now = room.clock.now()
    long_ago = now - timedelta(seconds=SILENT_AFTER_S)
    told = (await queries.connected()).items()
    gone = [post_id for post_id, since in told if since < long_ago and not room.presence.online(post_id, now)]
    if not gone:
        return
    async with working(room) as work:
        for post_id in gone:
            await work.log(Action.POST_DISCONNECTED, post_id=post_id)
            work.touch(post_id)
