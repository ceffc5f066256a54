"""Settle: a node has closed a lease and tells what it debited."""

from __future__ import annotations

from hub.usecases.settlement import Fact, take
from hub.usecases.work import Room, working
from hub.wire.messages import Settle, Settled


async def settle(room: Room, post_id: str, told: Settle) -> None:
    """Close the lease and say so; a repeated settlement is answered again (R19)."""
    async with working(room) as work:
        await work.speaker(post_id, lease_id=told.lease_id)
        fact = Fact(told.lease_id, told.rev, told.total_s, told.debited_s, told.reason, told.state_epoch)
        await take(work, post_id, fact)
        work.send(post_id, Settled(told.lease_id))
