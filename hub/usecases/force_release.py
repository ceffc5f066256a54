"""Force-release: the desk takes a lease from a post that is dead for good."""

from __future__ import annotations

from hub.domain.errors import Conflict
from hub.domain.session import Session
from hub.usecases.settlement import force
from hub.usecases.work import By, Room, working


async def force_release(room: Room, post_id: str, reason: str, by: By) -> Session:
    """Close the post's lease, charged by the clock since its grant (R3); the session as it then is."""
    async with working(room) as work:
        post = await work.post(post_id)
        lease = await work.tx.open_lease_at(post_id)
        if lease is None:
            raise Conflict("post_free", f"{post.name} has nothing to release")
        return await force(work, lease, reason or "by_desk", by)
