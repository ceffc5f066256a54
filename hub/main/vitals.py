"""The hub's word to systemd: ready, how it is, and signs of life for as long as nothing in it hangs.

A database or a broker that is away is no reason to die: the panel would go, too, and a restart mends neither. One whose
call does not come back is: the sign of life then stays out, and systemd starts the hub anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable

from hub.adapters.mqtt.link import HubLinkMqtt
from hub.adapters.notify import Systemd
from hub.main.workshop import Workshop
from hub.wire.terms import PostStatus

logger = logging.getLogger(__name__)

_IDLE_BEAT_S = 30


class Vitals:
    """`watch` runs for ever. That it runs shows that the event loop turns; what else may hang, it looks at.

    Without a link the hub stands by, while another leads.
    """

    def __init__(
        self,
        systemd: Systemd,
        house: Workshop,
        link: HubLinkMqtt | None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._systemd, self._house, self._link, self._sleep = systemd, house, link, sleep
        # A third of systemd's patience: a look that takes its whole time still leaves room for the next.
        self._beat_s = systemd.watchdog_s / 3 if systemd.watchdog_s else _IDLE_BEAT_S

    async def watch(self) -> None:
        """Look, tell, wait, again and again."""
        while True:
            await self.look()
            await self._sleep(self._beat_s)

    async def look(self) -> None:
        """One look: a sign of life and a line of status, or only what hangs."""
        try:
            async with asyncio.timeout(self._beat_s):
                rows = await self._posts()
        except TimeoutError:
            self._hangs("the database")
            return
        if self._link is not None and self._link.stuck:
            self._hangs("the link to the broker")
        else:
            self._systemd.tell(WATCHDOG="1", STATUS=f"{self._broker()}; {rows}")

    def _broker(self) -> str:
        if self._link is None:
            return "standing by"
        return "broker connected" if self._link.connected.is_set() else "no broker"

    def _hangs(self, what: str) -> None:
        logger.error("no sign of life for systemd: %s hangs", what)
        self._systemd.tell(STATUS=f"{what} hangs")

    async def _posts(self) -> str:
        """The posts by status, in a line; an error of the database is an answer, too."""
        room = self._house.room
        now = room.clock.now()
        try:
            posts = await self._house.queries.post_facts(now)
        except TimeoutError:
            raise
        except Exception:  # whatever is wrong with it: a restart mends no database
            logger.exception("the database fails")
            return "no database"
        found = Counter(post.status(online=room.presence.online(post.post_id, now)) for post in posts)
        return "posts: " + (", ".join(f"{found[one]} {one}" for one in PostStatus if found[one]) or "none")
