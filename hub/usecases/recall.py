"""Recall: suspend, end, transfer a stay, and undo an end. A post gives its lease back in its own time (R3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.domain.errors import Conflict
from hub.domain.house import UNDO_WITHIN_S
from hub.domain.lease import Lease, offer, recalled
from hub.domain.post import Post
from hub.domain.session import OVER, Cause, Session, over, reopened
from hub.usecases.start_order import order_start
from hub.usecases.work import By, Room, Work, working
from hub.wire.terms import Action, Intent, Phase, SessionStatus


async def suspend(room: Room, session_id: str, by: By) -> Session:
    """Bank the rest of a running stay; it changes its status when the post has settled."""
    async with working(room) as work:
        session = await _living(work, session_id)
        await _take_back(work, await _open_lease(work, session), Intent.SUSPEND, by)
        return session


async def end(room: Room, session_id: str, by: By) -> Session:
    """End a stay: at once when no post has it, else when the post has settled."""
    async with working(room) as work:
        session = await _living(work, session_id)
        lease = await work.tx.open_lease_of(session_id)
        if lease is not None:
            await _take_back(work, lease, Intent.END, by)
            return session
        session = over(session, Cause.CLOSED, work.now, "ended_by_desk")
        await work.save(session)
        await work.log(Action.SESSION_ENDED, by, session=session, reason="ended_by_desk")
        if session.bound_post_id is not None:
            work.touch(session.bound_post_id)
        return session


async def transfer(room: Room, session_id: str, post_id: str, by: By) -> Session:
    """Move a stay to another post: it starts there when the one that has it has settled."""
    async with working(room) as work:
        session = await _living(work, session_id)
        lease = await work.tx.open_lease_of(session_id)
        if lease is not None and lease.post_id == post_id:
            raise Conflict("already_there", f"this stay is already at {post_id}")
        await check_free(work, await work.post(post_id), session)
        if not session.valid_at(work.now):
            raise Conflict("not_valid", "this code is not within its validity: no post would take it")
        if session.bound_post_id not in (None, post_id):
            raise Conflict("wrong_post", f"this code works at {session.bound_post_id} only")
        await work.log(Action.SESSION_TRANSFERRED, by, session=session, post_id=post_id)
        if lease is not None:
            await _take_back(work, lease, Intent.TRANSFER, by, transfer_to=post_id)
        else:
            await order_start(work, session, post_id)
        return session


async def undo(room: Room, session_id: str, by: By) -> Session:
    """Within a minute of its end by the desk or at the keypad, a stay with time left is suspended again."""
    async with working(room) as work:
        session = await work.session(session_id)
        refusal = why_not_undone(session, work.now)
        if refusal is not None:
            raise refusal
        session = reopened(session)
        await work.save(session)
        await work.log(Action.SESSION_SUSPENDED, by, session=session, reason="undo")
        return session


def why_not_undone(session: Session, now: datetime) -> Conflict | None:
    """What stands against the undo of a stay's end; None when nothing does."""
    ended = session.status is SessionStatus.ENDED and session.end_reason in ("ended_by_desk", "ended_here")
    if not ended or session.ended_at is None:
        return Conflict("not_ended", "only a stay that has just been ended can be taken up again")
    if now - session.ended_at > timedelta(seconds=UNDO_WITHIN_S):
        return Conflict("too_late", f"an end can be undone for {UNDO_WITHIN_S} s")
    if session.unallocated_s <= 0 or session.too_late(now):
        return Conflict("nothing_left", "this stay has no time left")
    return None


async def check_free(work: Work, post: Post, session: Session | None = None) -> None:
    """Whether a stay, a new one where none is given, can be started at a post now, or Conflict that says why not."""
    if post.retired or post.maintenance is not None:
        raise Conflict("post_maintenance", f"{post.name} is closed")
    if await work.tx.open_lease_at(post.id) is not None:
        raise Conflict("post_busy", f"{post.name} is in use")
    seen = work.room.presence.last(post.id)
    if seen is None or not work.room.presence.online(post.id, work.now):
        raise Conflict("post_offline", f"{post.name} is offline")
    if seen.report.phase is Phase.FAULT:
        raise Conflict("post_fault", f"{post.name} is out of order")
    reservation = await work.tx.reservation(post.id, work.now)
    if reservation is not None and (session is None or reservation.id != session.id):
        raise Conflict("post_reserved", f"{post.name} is reserved for another code")
    starting = await work.tx.starting_at(post.id, work.now)
    if starting is not None and (session is None or starting != session.id):
        raise Conflict("post_starting", f"{post.name} has just been given to another stay")


async def _living(work: Work, session_id: str) -> Session:
    session = await work.session(session_id)
    if session.status in OVER:
        raise Conflict("already_over", f"this stay is {session.status}")
    return session


async def _open_lease(work: Work, session: Session) -> Lease:
    lease = await work.tx.open_lease_of(session.id)
    if lease is None:
        raise Conflict("not_active", f"this stay is {session.status}: no post is running it")
    return lease


async def _take_back(work: Work, lease: Lease, intent: Intent, by: By, transfer_to: str | None = None) -> None:
    lease = recalled(lease, intent, by.operator, transfer_to)
    await work.save(lease)
    work.send(lease.post_id, offer(lease))
