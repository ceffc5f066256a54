"""After a restore the room knows more than the hub: it listens before it answers codes (R26)."""

from __future__ import annotations

from datetime import timedelta

from hub.domain.records import Learning
from hub.usecases.work import Work

LEARNING_S = 120


async def still_learning(work: Work) -> bool:
    """Whether codes must wait: until every known post has greeted, or two minutes."""
    since = (await work.tx.learning()).since
    if since is None:
        return False
    if work.now < since:  # the clock has been set back: two minutes must not last for as long as it was ahead
        since = work.now
        await work.save(Learning(since))
    silent = any(post.greeted_at is None or post.greeted_at < since for post in await work.tx.posts())
    if silent and work.now < since + timedelta(seconds=LEARNING_S):
        return True
    await work.save(Learning())
    return False
