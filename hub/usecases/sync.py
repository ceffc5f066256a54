"""Sync: the state that a post should have, in one message."""

from __future__ import annotations

from collections.abc import Iterable

from hub.domain.lease import offer
from hub.domain.post import Post
from hub.domain.throttle import locked_for_s
from hub.usecases.work import Work
from hub.wire.messages import Sync


async def send_sync(
    work: Work,
    post: Post,
    *,
    held: Iterable[str] = (),
    revoked: Iterable[str] = (),
    settled: Iterable[str] = (),
) -> None:
    """Tell a post what it may have; an open lease that it is not known to hold goes out under its request (R19)."""
    lease = await work.tx.open_lease_at(post.id)
    house = await work.tx.house()
    work.send(
        post.id,
        Sync(
            hub_epoch=work.room.hub_epoch,
            utc=work.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            lease=None if lease is None else offer(lease, None if lease.id in held else lease.req_id),
            revoked=tuple(revoked),
            settled=tuple(settled),
            maintenance=post.maintenance.grant() if post.maintenance else None,
            settings=house.for_posts(),
            state_epoch=post.state_epoch,
            locked_for_s=locked_for_s(post.throttle, work.now),
        ),
    )
