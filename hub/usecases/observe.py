"""Observe: a post's status, and what the hub tells again when the two do not agree."""

from __future__ import annotations

from dataclasses import replace

from hub.domain.lease import Lease, offer
from hub.domain.post import Post
from hub.domain.throttle import locked_for_s
from hub.usecases.sync import send_sync
from hub.usecases.work import Room, Work, working
from hub.wire.messages import PostReport, Up
from hub.wire.terms import Action, Phase


def is_routine(room: Room, post_id: str, message: Up | PostReport) -> bool:
    """Whether a message only says that a post goes on as it was, which nobody waits for."""
    return isinstance(message, PostReport) and not room.presence.is_news(post_id, message, room.clock.now())


async def observe(room: Room, post_id: str, report: PostReport) -> None:
    """Keep the sighting; heal whatever the status shows to be missing at the node (R11, R19).

    Board and monitors hear of it where it is news: they run down by themselves what runs down.
    """
    async with working(room) as work:
        news = room.presence.is_news(post_id, report, work.now)
        post = await work.speaker(post_id)
        was_online = room.presence.online(post_id, work.now)
        if report.online != was_online:
            await work.log(Action.POST_CONNECTED if report.online else Action.POST_DISCONNECTED, post_id=post_id)
            await work.save(replace(post, last_seen_at=work.now))
        if report.online and post.state_epoch is not None:
            if report.state_epoch == post.state_epoch:
                await _compare(work, post, report, news=news)
            else:
                await send_sync(work, post)  # it names another card, which makes this one greet us
        if news:
            work.touch(post_id)
    room.presence.saw(post_id, report, work.now, told=news)


async def _compare(work: Work, post: Post, report: PostReport, *, news: bool) -> None:
    lease = await work.tx.open_lease_at(post.id)
    if report.lease_id is None:
        if lease is not None:
            work.send(post.id, offer(lease, lease.req_id))
    elif lease is not None and lease.id == report.lease_id:
        await _held(work, lease, report, news=news)
    elif await work.tx.lease(report.lease_id) is not None:
        await send_sync(work, post, revoked=[report.lease_id])
    closed_otherwise = (post.maintenance is not None) != (report.phase is Phase.MAINTENANCE) and report.lease_id is None
    if closed_otherwise or (report.phase is Phase.LOCKED_OUT and not locked_for_s(post.throttle, work.now)):
        await send_sync(work, post)


async def _held(work: Work, lease: Lease, report: PostReport, *, news: bool) -> None:
    after = replace(lease, held=True, debited_s=max(lease.debited_s, report.debited_s))
    if after != lease:
        # Where it is no news, what was debited is kept without a word to anybody.
        await (work.save(after) if news else work.tx.save(after))
    if report.rev < lease.rev:
        work.send(lease.post_id, offer(lease))
