"""Start here: the desk starts a stay at a post, without anybody typing a code."""

from __future__ import annotations

from hub.usecases.issue import Issued, IssueOrder, check_duration, check_user, new_session
from hub.usecases.recall import check_free
from hub.usecases.start_order import order_start
from hub.usecases.work import By, Room, working


async def start_here(
    room: Room, post_id: str, duration_s: int, by: By, *, user_id: str | None = None, notes: str = ""
) -> Issued:
    """A new session that the post is told to ask for; Conflict when post or user may not have one now."""
    check_duration(duration_s, "duration_s")
    async with working(room) as work:
        await check_free(work, await work.post(post_id))
        if user_id is not None:
            await check_user(work, user_id, duration_s, work.now)
        issued = await new_session(work, IssueOrder(duration_s, user_id=user_id, notes=notes), by)
        await order_start(work, issued.session, post_id)
        return issued
