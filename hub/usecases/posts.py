"""Posts: add one to the house, change what the desk says of it, give it a new secret, take it out again."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from hub.domain.errors import Conflict, Invalid
from hub.domain.post import Post
from hub.domain.version import ANY, Expected
from hub.usecases.ports import Changes
from hub.usecases.work import By, Room, Work, working
from hub.wire.terms import Action
from hub.wire.topics import is_post_id

MAX_NAME = 64
"""A post's name travels in `deny` as `detail`: a longer one would make that answer nonsense to the node."""
MAX_ZONE = 64


async def add_post(room: Room, post_id: str, name: str, zone: str, secret: str, by: By, *, notes: str = "") -> Post:
    """A new post; `secret` is the broker's password line.

    Invalid for a bad id, name or zone, Conflict for a taken id.
    """
    if not is_post_id(post_id):
        raise Invalid("id", "must be 1 to 31 of a-z, 0-9 and -, not begin with -, and not be hub or monitor")
    name = _checked_name(name)
    if len(zone) > MAX_ZONE:
        raise Invalid("zone", f"must be at most {MAX_ZONE} characters")
    async with working(room) as work:
        if await work.tx.post(post_id) is not None:
            raise Conflict("post_exists", f"there is already a post {post_id}")
        post = Post(post_id, name, work.now, zone=zone, notes=notes, secret=secret)
        await work.add(post)
        await work.log(Action.POST_CHANGED, by, post_id=post_id, change="added")
        return post


@dataclass(frozen=True, slots=True)
class PostChange:
    """What is to be different; None: as it is."""

    name: str | None = None
    zone: str | None = None
    notes: str | None = None
    retired: bool | None = None


async def edit_post(room: Room, post_id: str, change: PostChange, by: By, expected: Expected = ANY) -> Post:
    """The changed post. Invalid for a bad name, Conflict when one in use is to be retired; Stale.

    A retired post keeps its history and loses its place in the room: no list shows it, no node may speak for it. Codes
    that worked there only then work at every post: a patron must not be left with one that works nowhere.
    """
    wanted = {one.name: getattr(change, one.name) for one in fields(change) if getattr(change, one.name) is not None}
    if "name" in wanted:
        wanted["name"] = _checked_name(wanted["name"])
    async with working(room) as work:
        before = expected.of(await work.post(post_id))
        post = replace(before, **wanted)
        if post == before:
            return post
        if post.retired and not before.retired:
            if await work.tx.open_lease_at(post_id) is not None:
                raise Conflict("post_busy", f"{post.name} is in use: end the stay first")
            await _free_codes(work, post_id, by)
        await work.save(post)
        changed = [name for name in wanted if getattr(before, name) != getattr(post, name)]
        told = {name: getattr(post, name) for name in changed if name != "notes"}  # notes may tell of a patron
        await work.log(Action.POST_CHANGED, by, post_id=post_id, change="edited", changed=changed, **told)
        return post


async def _free_codes(work: Work, post_id: str, by: By) -> None:
    for session in await work.tx.bound(post_id):
        entry = work.entry(Action.SESSION_CHANGED, by, session=session, post_id=post_id, changed=["bound_post_id"])
        await work.write(Changes(saved=(replace(session, bound_post_id=None),), entry=entry))


async def remove_post(room: Room, post_id: str, by: By, expected: Expected = ANY) -> None:
    """Delete a post that was never used; Conflict for one that a stay, a code or a request speaks of; Stale."""
    async with working(room) as work:
        post = expected.of(await work.post(post_id))
        if await work.tx.has_history(post_id):
            raise Conflict("post_has_history", f"{post.name} has a history: retire it instead")
        await work.tx.remove(post)
        await work.log(Action.POST_CHANGED, by, post_id=post_id, change="removed", name=post.name)
        work.touch(post_id)


async def rotate_secret(room: Room, post_id: str, secret: str, by: By) -> Post:
    """The post with a new password line; its node needs the new password before it can connect again."""
    async with working(room) as work:
        post = replace(await work.post(post_id), secret=secret)
        await work.save(post)
        await work.log(Action.POST_CHANGED, by, post_id=post_id, change="credentials")
        return post


def _checked_name(name: str) -> str:
    if not 1 <= len(name.strip()) <= MAX_NAME:
        raise Invalid("name", f"must be 1 to {MAX_NAME} characters")
    return name.strip()
