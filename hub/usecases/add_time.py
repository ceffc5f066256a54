"""Add time: the desk gives a stay more seconds."""

from __future__ import annotations

from dataclasses import replace

from hub.domain.errors import Conflict
from hub.domain.lease import extended, offer
from hub.domain.session import OVER, Session, lent
from hub.usecases.issue import check_duration
from hub.usecases.work import By, Room, working
from hub.wire.terms import Action


async def add_time(room: Room, session_id: str, seconds: int, by: By) -> Session:
    """The session with `seconds` more; they reach a running post at once. Conflict when the stay is over."""
    check_duration(seconds, "seconds")
    async with working(room) as work:
        session = await work.session(session_id)
        if session.status in OVER:
            raise Conflict("already_over", f"this stay is {session.status}: issue a new code")
        lease = await work.tx.open_lease_of(session_id)
        if lease is not None and lease.intent is None:
            session = lent(session, seconds)
            lease = extended(lease, seconds)
            await work.save(lease)
            work.send(lease.post_id, offer(lease))
        else:
            session = replace(session, added_s=session.added_s + seconds)
        await work.save(session)
        post_id = lease.post_id if lease else None
        await work.log(Action.TIME_ADDED, by, session=session, post_id=post_id, seconds=seconds)
        return session
