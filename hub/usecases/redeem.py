"""Redeem: a code, or the desk's order, becomes a lease at one post."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from hub.domain.access_code import normalise
from hub.domain.house import SITE_ALARM_REFUSALS, SITE_ALARM_WINDOW_S
from hub.domain.lease import Lease, extended, offer
from hub.domain.post import Post
from hub.domain.records import Answer
from hub.domain.session import OVER, Session, granted, merged
from hub.domain.throttle import locked_for_s, missed
from hub.usecases.learning import still_learning
from hub.usecases.people.quota import left_s
from hub.usecases.ports import Changes
from hub.usecases.work import Room, Work, found, working
from hub.wire.codec import Nonsense
from hub.wire.look_alikes import read_code
from hub.wire.messages import Deny, Redeem
from hub.wire.terms import Action, DenyReason, SessionStatus

_PASSING = frozenset({DenyReason.LOCKED_OUT, DenyReason.HUB_BUSY})
"""Refusals that say nothing of the code, and so are not worth a line of the journal."""


class Refusal(Exception):
    """The request gets no lease."""

    def __init__(self, reason: DenyReason, *, retry_after_s: int | None = None, detail: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.retry_after_s, self.detail = reason, retry_after_s, detail


@dataclass(frozen=True, slots=True)
class Granted:
    """The lease that a request gets, and how many seconds it added to a running one.

    `changes`: what is still to be written, with the answer.
    """

    lease: Lease
    seconds_added: int | None = None
    changes: Changes = Changes()


async def redeem(room: Room, post_id: str, request: Redeem) -> None:
    """Answer a request, once and for all: repeated, it gets the same answer (R1)."""
    if (request.code is None) == (request.start_id is None):
        raise Nonsense("code, start_id: one of them")
    async with working(room) as work:
        code_hash = room.mint.hash_code(normalise(request.code)) if request.code else None
        post = await work.speaker(post_id, req_id=request.req_id, code_hash=code_hash)
        answer = await work.tx.answer(request.req_id)
        if answer is None:
            answer, changes = await _decide(work, post, request)
            await work.write(replace(changes, added=(*changes.added, answer)))
        elif answer.post_id != post_id:
            raise Nonsense("req_id: another post's")
        await _reply(work, answer)


async def _decide(work: Work, post: Post, request: Redeem) -> tuple[Answer, Changes]:
    try:
        given = await _grant(work, post, request)
    except Refusal as refusal:
        if refusal.reason not in _PASSING:
            await work.log(Action.CODE_REFUSED, post_id=post.id, reason=refusal.reason)
        reason, retry_after_s, detail = refusal.reason, refusal.retry_after_s, refusal.detail
        refused = Answer(request.req_id, post.id, work.now, reason=reason, retry_after_s=retry_after_s, detail=detail)
        return refused, Changes()
    answer = Answer(request.req_id, post.id, work.now, lease_id=given.lease.id, seconds_added=given.seconds_added)
    return answer, given.changes


async def _reply(work: Work, answer: Answer) -> None:
    if answer.reason is not None:
        work.send(answer.post_id, Deny(answer.req_id, answer.reason, answer.retry_after_s, answer.detail))
        return
    lease = await work.tx.lease(answer.lease_id or "")
    if lease is None or not lease.open:
        work.send(answer.post_id, Deny(answer.req_id, DenyReason.LEASE_CHANGED))
    else:
        work.send(answer.post_id, offer(lease, answer.req_id, answer.seconds_added))


async def _grant(work: Work, post: Post, request: Redeem) -> Granted:
    if post.maintenance or post.retired:
        raise Refusal(DenyReason.POST_MAINTENANCE)
    if request.state_epoch != post.state_epoch or await still_learning(work):
        raise Refusal(DenyReason.HUB_BUSY)  # this card has not greeted us yet, and what it holds is unknown (R8, R26)
    session = await (_by_code(work, post, request.code) if request.code else _by_order(work, post, request.start_id))
    there, here = await work.tx.open_leases(session.id, post.id)
    if request.lease_id is not None:
        return await _top_up(work, post, request.lease_id, session, there, here)
    if there is not None:
        if there.post_id != post.id:
            raise await _in_use(work, there)
        again = replace(there, req_id=request.req_id)  # R12
        await work.save(again)
        return Granted(again)
    if here is not None:
        raise Refusal(DenyReason.POST_BUSY)
    await _check_usable(work, post, session)
    return await _new_lease(work, post, request, session, await _within_quota(work, session))


async def _by_code(work: Work, post: Post, code: str) -> Session:
    """The session that a code opens, over the merges that it has been through (R21); counts a miss (R16)."""
    locked_s = locked_for_s(post.throttle, work.now)
    if locked_s:
        raise Refusal(DenyReason.LOCKED_OUT, retry_after_s=locked_s)
    session = await _named(work, normalise(code))
    if session is None:
        raise await _missed(work, post)
    while session.merged_into is not None:
        session = await work.session(session.merged_into)
    return session


async def _named(work: Work, typed: str) -> Session | None:
    """The session of a code as it was typed; else as this house's signs have it read, where some look like others."""
    session = await work.tx.session_by_code(work.room.mint.hash_code(typed))
    if session is None:
        meant = read_code(typed, (await work.tx.house()).code.signs)
        if meant != typed:
            session = await work.tx.session_by_code(work.room.mint.hash_code(meant))
    return session


async def _missed(work: Work, post: Post) -> Refusal:
    throttle = missed(post.throttle, work.now)
    await work.save(replace(post, throttle=throttle))
    window = work.now - timedelta(seconds=SITE_ALARM_WINDOW_S)
    guesses = 1 + await work.tx.refusals_since(window)
    if guesses >= SITE_ALARM_REFUSALS and not await work.tx.alarm_since(window):
        await work.log(Action.INCIDENT, kind="guessing", refusals=guesses, within_s=SITE_ALARM_WINDOW_S)
    locked_s = locked_for_s(throttle, work.now)
    if not locked_s:
        return Refusal(DenyReason.UNKNOWN_CODE)
    await work.log(Action.CODE_REFUSED, post_id=post.id, reason=DenyReason.UNKNOWN_CODE)
    await work.log(Action.LOCKOUT, post_id=post.id, seconds=locked_s)
    return Refusal(DenyReason.LOCKED_OUT, retry_after_s=locked_s)


async def _by_order(work: Work, post: Post, start_id: str | None) -> Session:
    order = await work.tx.start_order(start_id or "")
    if order is None or order.post_id != post.id:
        raise Refusal(DenyReason.CLOSED)
    if order.spent or work.now >= order.expires_at:
        lease = await work.tx.open_lease_of(order.session_id)
        if lease is None or lease.post_id != post.id:
            raise Refusal(DenyReason.CLOSED)
    return await work.session(order.session_id)


async def _spend(work: Work, start_id: str) -> None:
    """The first grant spends the desk's order; a refusal does not (R20)."""
    order = found(await work.tx.start_order(start_id), "start", start_id)
    await work.save(replace(order, spent=True))


async def _top_up(
    work: Work, post: Post, lease_id: str, session: Session, there: Lease | None, here: Lease | None
) -> Granted:
    """Another session's seconds join the running stay; its own code only asks for the balance (R15, R21)."""
    if here is None or here.id != lease_id or here.intent is not None:
        raise Refusal(DenyReason.LEASE_CHANGED)
    if session.id == here.session_id:
        return Granted(here)
    if there is not None:
        raise await _in_use(work, there)
    await _check_usable(work, post, session)
    if await _within_quota(work, session) < session.unallocated_s:
        raise Refusal(DenyReason.QUOTA)  # what joins another stay joins it whole
    running = await work.session(here.session_id)
    joined, running = merged(session, running, work.now)
    seconds = session.unallocated_s
    lease = extended(here, seconds)
    for record in (joined, running, lease):
        await work.save(record)
    await work.log(Action.TIME_ADDED, session=running, post_id=post.id, seconds=seconds, merged=joined.id)
    await work.log(
        Action.SESSION_ENDED, session=joined, post_id=post.id, reason="merged", into=running.id, seconds=seconds
    )
    return Granted(lease, seconds)


async def _in_use(work: Work, lease: Lease) -> Refusal:
    other = await work.post(lease.post_id)
    return Refusal(DenyReason.ALREADY_IN_USE, detail=other.name)


async def _check_usable(work: Work, post: Post, session: Session) -> None:
    if session.status in OVER:
        reasons = {"used_up": DenyReason.USED_UP, "validity_past": DenyReason.CODE_EXPIRED}
        raise Refusal(reasons.get(session.end_reason or "", DenyReason.CLOSED))
    if session.too_late(work.now):
        raise Refusal(DenyReason.CODE_EXPIRED)
    if session.too_early(work.now):
        raise Refusal(DenyReason.NOT_YET_VALID)
    if session.bound_post_id not in (None, post.id):
        raise Refusal(DenyReason.WRONG_POST)
    user = await work.tx.user(session.user_id) if session.user_id else None
    if user is not None and user.blocked:
        raise Refusal(DenyReason.CLOSED)
    reservation = await work.tx.reservation(post.id, work.now)
    if reservation is not None and reservation.id != session.id:
        raise Refusal(DenyReason.POST_RESERVED)


async def _within_quota(work: Work, session: Session) -> int:
    """How many of the session's seconds its patron may have now; what is above the quota stays for another day."""
    user = await work.tx.user(session.user_id) if session.user_id else None
    rest_s = await left_s(work, user) if user is not None else None
    if rest_s is None:
        return session.unallocated_s
    if rest_s <= 0:
        raise Refusal(DenyReason.QUOTA)
    return min(rest_s, session.unallocated_s)


async def _new_lease(work: Work, post: Post, request: Redeem, session: Session, seconds: int) -> Granted:
    first = session.status is SessionStatus.PENDING
    lease = Lease(
        id=work.room.mint.new_id(),
        session_id=session.id,
        post_id=post.id,
        granted_at=work.now,
        total_s=seconds,
        req_id=request.req_id,
        state_epoch=request.state_epoch,
    )
    if request.start_id is not None:
        await _spend(work, request.start_id)
    action = Action.SESSION_STARTED if first else Action.SESSION_RESUMED
    entry = work.entry(action, session=session, post_id=post.id, seconds=lease.total_s)
    begun = granted(session, work.now, seconds)
    return Granted(lease, changes=Changes(added=(lease,), saved=(begun,), entry=entry))
