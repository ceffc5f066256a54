"""Maintenance: a post closed to codes, powered for staff until a time that is always set (R14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hub.domain.errors import Conflict, Invalid
from hub.domain.house import MAX_DURATION_S
from hub.domain.post import Maintenance, Post
from hub.usecases.sync import send_sync
from hub.usecases.work import By, Room, working
from hub.wire.terms import Action


async def maintenance_on(room: Room, post_id: str, by: By, *, reason: str = "", until: datetime | None = None) -> Post:
    """Close a post to codes, with power until `until`, without any when that is not given."""
    async with working(room) as work:
        post = await work.post(post_id)
        if await work.tx.open_lease_at(post_id) is not None:
            raise Conflict("post_busy", f"{post.name} is in use: end the stay first")
        total_s = 0 if until is None else int((until - work.now) / timedelta(seconds=1))
        if until is not None and not 1 <= total_s <= MAX_DURATION_S:
            raise Invalid("until", "must lie in the next 24 hours")
        plan = Maintenance(work.room.mint.new_id(), total_s, work.now, reason, until)
        post = replace(post, maintenance=plan)
        await work.save(post)
        await work.log(Action.MAINTENANCE_ON, by, post_id=post_id, reason=reason, seconds=total_s)
        await send_sync(work, post)
        return post


async def maintenance_off(room: Room, post_id: str, by: By) -> Post:
    """Open a post to codes again; nothing happens when it is open."""
    async with working(room) as work:
        post = await work.post(post_id)
        if post.maintenance is None:
            return post
        post = replace(post, maintenance=None)
        await work.save(post)
        await work.log(Action.MAINTENANCE_OFF, by, post_id=post_id)
        await send_sync(work, post)
        return post
