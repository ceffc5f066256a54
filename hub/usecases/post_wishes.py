"""What the desk wants of a post beside leases: a notice, a sign of where it is, a self-test, an end of its lock-out."""

from __future__ import annotations

from dataclasses import replace

from hub.domain.errors import Conflict, Invalid
from hub.domain.post import Post, SelfTest
from hub.domain.throttle import Throttle
from hub.usecases.sync import send_sync
from hub.usecases.work import By, Room, Work, working
from hub.wire import messages as wire
from hub.wire.terms import Action

NOTICE_LENGTH = 200
LONGEST_NOTICE_S = 3600
IDENTIFY_S = 30


async def notify(room: Room, post_id: str, text: str, ttl_s: int, by: By) -> Post:
    """Show a message on a post's screen for `ttl_s`. Invalid, or Conflict when nobody is there to show it."""
    if not 1 <= len(text.strip()) <= NOTICE_LENGTH:
        raise Invalid("text", f"must be 1 to {NOTICE_LENGTH} characters")
    if not 1 <= ttl_s <= LONGEST_NOTICE_S:
        raise Invalid("ttl_s", f"must be 1 to {LONGEST_NOTICE_S} seconds")
    async with working(room) as work:
        post = await _present(work, post_id)
        work.send(post_id, wire.Notice(room.mint.new_id(), text.strip(), ttl_s))
        await work.log(Action.POST_CHANGED, by, post_id=post_id, change="notice", seconds=ttl_s)
        return post


async def identify(room: Room, post_id: str, by: By) -> Post:
    """Let a post blink for a while, so that somebody in the room finds it; Conflict when it is not there."""
    async with working(room) as work:
        post = await _present(work, post_id)
        work.send(post_id, wire.Identify(room.mint.new_id(), IDENTIFY_S))
        await work.log(Action.POST_CHANGED, by, post_id=post_id, change="identify")
        return post


async def ask_self_test(room: Room, post_id: str, by: By) -> Post:
    """Ask a post to look at its parts; it answers by itself (`take_findings`). Conflict when it is not there."""
    async with working(room) as work:
        test = SelfTest(room.mint.new_id(), work.now)
        post = replace(await _present(work, post_id), self_test=test)
        await work.save(post)
        work.send(post_id, wire.SelfTest(test.test_id))
        await work.log(Action.POST_CHANGED, by, post_id=post_id, change="self_test")
        return post


async def take_findings(room: Room, post_id: str, told: wire.Findings) -> None:
    """Keep what a post found, if it is the test that was asked for last and not answered yet."""
    async with working(room) as work:
        post = await work.speaker(post_id)
        test = post.self_test
        if test is not None and test.test_id == told.test_id and test.done_at is None:
            await work.save(replace(post, self_test=replace(test, done_at=work.now, findings=told.findings)))


async def unlock(room: Room, post_id: str, by: By) -> Post:
    """Clear a post's lock-out and its count of guesses; the node takes codes again at once."""
    async with working(room) as work:
        post = replace(await work.post(post_id), throttle=Throttle())
        await work.save(post)
        await work.log(Action.POST_CHANGED, by, post_id=post_id, change="unlocked")
        await send_sync(work, post)
        return post


async def _present(work: Work, post_id: str) -> Post:
    post = await work.post(post_id)
    if not work.room.presence.online(post_id, work.now):
        raise Conflict("post_offline", f"{post.name} is offline")
    return post
