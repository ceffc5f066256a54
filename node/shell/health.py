"""Signs of life for a supervisor, given only while the loop, the journal and the relays are sound."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from hub.wire.messages import PostReport
from hub.wire.terms import HubLink, Relay
from node.core.post import Post
from node.core.tables import PowerState
from node.ports import Clock, Supervisor

POWERED = (PowerState.RUNNING, PowerState.GRACE, PowerState.STAFF)
RELAY_PATIENCE_MS = 120_000
"""How long a relay may be on behind the core's back: staged cuts and a reset's pulse take their time."""

_log = logging.getLogger(__name__)


class Unwatched:
    """node.ports.Supervisor where there is none."""

    beat_ms: int | None = None

    def ready(self) -> None:
        """Nobody waits."""

    def say(self, status: str) -> None:
        """Nobody listens."""

    def alive(self) -> None:
        """Nobody minds."""

    def stopping(self) -> None:
        """Nobody misses it."""


class Health:
    """Asks for a beat each `beat_ms` and passes it on when the loop has handled it.

    `ask` puts an event on the loop's own queue. So a beat proves that the queue moves and that no save hangs in
    it: a journal that *fails* is known to the core, which has cut the power or will; one that hangs stops the loop.
    """

    def __init__(
        self,
        supervisor: Supervisor,
        clock: Clock,
        ask: Callable[[], None],
        relays: Callable[[], Mapping[str, Relay]],
    ) -> None:
        self._supervisor, self._clock, self._ask, self._relays = supervisor, clock, ask, relays
        self._asked = False
        self._stray_since: int | None = None
        self._said = ""

    async def run(self) -> None:
        """Ask, without end; returns at once when no beat is wanted."""
        beat_ms = self._supervisor.beat_ms
        if beat_ms is None:
            return
        while True:
            if not self._asked:  # one at a time: a queue that stands still must not grow
                self._asked = True
                self._ask()
            await self._clock.wait_until(self._clock.now_ms() + beat_ms)

    def handled(self, post: Post) -> None:
        """The loop has done with an event."""
        if self._asked:
            self._asked = False
            if self._sound(post):
                self._supervisor.alive()

    def say(self, report: PostReport) -> None:
        """Tell in words what the post is doing, when that has changed."""
        hub = "" if report.hub_link is HubLink.OK else f"; hub: {report.hub_link}"
        faults = f"; faults: {', '.join(report.faults)}" if report.faults else ""
        words = f"{report.phase}{hub}{faults}"
        if words != self._said:
            self._said = words
            self._supervisor.say(words)

    def _sound(self, post: Post) -> bool:
        """Whether no relay has been on for long without the core's wish, and without a fault that it knows of."""
        on = [name for name, state in self._relays().items() if state is Relay.ON]
        stray = [name for name in on if post.power not in POWERED and f"relay:{name}" not in post.faults]
        now = self._clock.now_ms()
        if not stray:
            self._stray_since = None
        elif self._stray_since is None:
            self._stray_since = now
        elif now - self._stray_since >= RELAY_PATIENCE_MS:
            _log.error("relay %s is on though it should be off: no more signs of life", ", ".join(stray))
            return False
        return True
