"""What becomes of a post's message while the database does not serve."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from hub.usecases.inbox import receive
from hub.usecases.observe import observe
from hub.usecases.ports import Unavailable
from hub.usecases.work import Room
from hub.wire.messages import Deny, Hello, Incident, PostReport, Redeem, Up
from hub.wire.terms import DenyReason

AGAIN_S = 1.0
TRIES = 60
BUSY_AFTER_S = 5.0
"""An outage shorter than this a patron does not see: the node asks again by itself every 3 s."""
RETRY_AFTER_S = 10


class Inbox:
    """The use cases' inbox, for a database that comes and goes.

    A node repeats a request and a settlement until they are answered, and its status comes again anyway. A greeting
    and an incident it tells once: those are tried again here. In a longer outage a code is answered `hub_busy`,
    which is no decision: the same code can be typed again.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._now, self._sleep = now, sleep
        self._away_since: float | None = None

    async def receive(self, room: Room, post_id: str, message: Up | PostReport) -> None:
        """As the use cases' `receive`; Unavailable when it could not be handled."""
        for left in reversed(range(TRIES if isinstance(message, Hello | Incident) else 1)):
            try:
                await receive(room, post_id, message)
            except Unavailable:
                if left == 0:
                    await self._answer(room, post_id, message)
                    raise
                await self._sleep(AGAIN_S)
            else:
                self._away_since = None
                return

    async def receive_routine(self, room: Room, heard: Mapping[str, Up | PostReport]) -> None:
        """What is routine (see `is_routine`) of several posts; Unavailable when it could not be handled."""
        try:
            await observe(room, {post_id: one for post_id, one in heard.items() if isinstance(one, PostReport)})
        except Unavailable:
            self._note_away()
            raise
        self._away_since = None

    async def _answer(self, room: Room, post_id: str, message: Up | PostReport) -> None:
        away_since = self._note_away()
        if isinstance(message, Redeem) and self._now() - away_since > BUSY_AFTER_S:
            deny = Deny(message.req_id, DenyReason.HUB_BUSY, RETRY_AFTER_S)
            await room.link.send(post_id, deny)

    def _note_away(self) -> float:
        if self._away_since is None:
            self._away_since = self._now()
        return self._away_since
