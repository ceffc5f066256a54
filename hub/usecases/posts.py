"""Posts: add one to the house, and give one a new secret."""

from __future__ import annotations

from dataclasses import replace

from hub.domain.errors import Conflict, Invalid
from hub.domain.post import Post
from hub.domain.throttle import Throttle
from hub.usecases.work import By, Room, working
from hub.wire.terms import Action
from hub.wire.topics import is_post_id

MAX_NAME = 64
"""A post's name travels in `deny` as `detail`: a longer one would make that answer nonsense to the node."""


async def add_post(room: Room, post_id: str, name: str, zone: str, secret: str, by: By) -> Post:
    """A new post; `secret` is the broker's password line. Invalid for a bad id, Conflict for a taken one."""
    if not is_post_id(post_id):
        raise Invalid("id", "must be 1 to 31 of a-z, 0-9 and -, not begin with -, and not be hub or monitor")
    if not 1 <= len(name.strip()) <= MAX_NAME:
        raise Invalid("name", f"must be 1 to {MAX_NAME} characters")
    async with working(room) as work:
        if await work.tx.post(post_id) is not None:
            raise Conflict("post_exists", f"there is already a post {post_id}")
        post = Post(post_id, name.strip(), work.now, zone=zone, secret=secret)
        await work.add(post)
        await work.log(Action.POST_CHANGED, by, post_id=post_id, change="added")
        return post


async def rotate_secret(room: Room, post_id: str, secret: str, by: By) -> Post:
    """The post with a new password line; its node needs the new password before it can connect again."""
    async with working(room) as work:
        post = replace(await work.post(post_id), secret=secret)
        await work.save(post)
        await work.log(Action.POST_CHANGED, by, post_id=post_id, change="credentials")
        return post


async def unlock(room: Room, post_id: str, by: By) -> Post:
    """Clear a post's lock-out and its count of guesses."""
    async with working(room) as work:
        post = replace(await work.post(post_id), throttle=Throttle())
        await work.save(post)
        await work.log(Action.POST_CHANGED, by, post_id=post_id, change="unlocked")
        return post
