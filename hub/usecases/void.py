"""Void: a code that nobody has used is made worthless."""

from __future__ import annotations

from dataclasses import replace

from hub.domain.errors import Conflict
from hub.domain.session import Cause, Session, over
from hub.usecases.work import By, Room, working
from hub.wire.terms import Action, SessionStatus


async def void(room: Room, session_id: str, by: By) -> Session:
    """The session, over for good, its readable code wiped at once: this has no undo. Conflict unless it is pending."""
    async with working(room) as work:
        session = await work.session(session_id)
        if session.status is not SessionStatus.PENDING:
            raise Conflict(
                "not_pending", f"this stay is {session.status}: only a code that was never used can be voided"
            )
        session = replace(over(session, Cause.CLOSED, work.now, "voided"), code_sealed=None)
        await work.save(session)
        await work.log(Action.SESSION_ENDED, by, session=session, reason="voided")
        if session.bound_post_id is not None:
            work.touch(session.bound_post_id)
        return session
