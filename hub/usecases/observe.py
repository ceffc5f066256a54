"""Observe: a post's status, and what the hub tells again when the two do not agree."""

from __future__ import annotations

from collections.abc import Mapping
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


async def observe(room: Room, reports: Mapping[str, PostReport]) -> None:
    """Keep what some posts say of themselves; heal whatever it shows to be missing at a node (R11, R19).

    Board and monitors hear of it where it is news: they run down by themselves what runs down. Nonsense when the house
    has not all these posts.
    """
    news: set[str] = set()
    async with working(room) as work:
        debited: list[Lease] = []
        for post in await work.speakers(list(reports)):
            if room.presence.is_news(post.id, reports[post.id], work.now):
                news.add(post.id)
                work.touch(post.id)
            lease = await _observe(work, post, reports[post.id])
            if lease is None:
                continue
            if post.id in news:
                await work.save(lease)
            else:
                debited.append(lease)
        await work.tx.save_all(debited)  # without a word to anybody
    for post_id, report in reports.items():
        room.presence.saw(post_id, report, work.now, told=post_id in news)


async def _observe(work: Work, post: Post, report: PostReport) -> Lease | None:
    """The post's lease, where the status shows it to be another than we know."""
    if report.online != work.room.presence.online(post.id, work.now):
        await work.log(Action.POST_CONNECTED if report.online else Action.POST_DISCONNECTED, post_id=post.id)
        await work.save(replace(post, last_seen_at=work.now))
    if not report.online or post.state_epoch is None:
        return None
    if report.state_epoch != post.state_epoch:
        await send_sync(work, post)  # it names another card, which makes this one greet us
        return None
    return await _compare(work, post, report)


async def _compare(work: Work, post: Post, report: PostReport) -> Lease | None:
    lease, held = await work.tx.open_lease_at(post.id), None
    if report.lease_id is None:
        if lease is not None:
            work.send(post.id, offer(lease, lease.req_id))
    elif lease is not None and lease.id == report.lease_id:
        held = _held(work, lease, report)
    elif await work.tx.lease(report.lease_id) is not None:
        await send_sync(work, post, revoked=[report.lease_id])
    closed_otherwise = (post.maintenance is not None) != (report.phase is Phase.MAINTENANCE) and report.lease_id is None
    if closed_otherwise or (report.phase is Phase.LOCKED_OUT and not locked_for_s(post.throttle, work.now)):
        await send_sync(work, post)
    return held


def _held(work: Work, lease: Lease, report: PostReport) -> Lease | None:
    if report.rev < lease.rev:
        work.send(lease.post_id, offer(lease))
    after = replace(lease, held=True, debited_s=max(lease.debited_s, report.debited_s))
    return after if after != lease else None
