"""Sweep: what time alone brings about. Runs every few seconds, and does no harm when it runs twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hub.domain.house import UNDO_WITHIN_S
from hub.domain.lease import offer
from hub.domain.session import Cause, over
from hub.usecases.work import Room, working
from hub.wire.terms import Action


async def sweep(room: Room) -> None:
    """Expire codes, wipe those of stays that are over, repeat recalls, note posts that have fallen silent."""
    async with working(room) as work:
        for session in await work.tx.lapsed(work.now):
            await work.save(over(session, Cause.LAPSED, work.now, "validity_past"))
            await work.log(Action.SESSION_EXPIRED, session=session, reason="validity_past")
            if session.bound_post_id is not None:
                work.touch(session.bound_post_id)
        for session in await work.tx.sealed_over(work.now - timedelta(seconds=UNDO_WITHIN_S)):
            await work.save(replace(session, code_sealed=None))
        for lease in await work.tx.recalled():
            work.send(lease.post_id, offer(lease))
        for post_id, last_seen_at in room.presence.fallen_silent(work.now).items():
            post = await work.tx.post(post_id)
            if post is not None:
                await work.log(Action.POST_DISCONNECTED, post_id=post_id)
                await work.save(replace(post, last_seen_at=last_seen_at))
    room.presence.note_silent(work.now)  # once it is in the journal: what is not is tried again
