"""A link that keeps what the hub sends to the posts."""

from __future__ import annotations

from typing import TypeVar

from hub.wire.messages import Down

M = TypeVar("M")


class FakePostLink:
    """A `PostLink`; with `up = False` everything is lost, as without a broker."""

    def __init__(self) -> None:
        self.up = True
        self.sent: list[tuple[str, Down]] = []

    async def send(self, post_id: str, message: Down) -> None:
        if self.up:
            self.sent.append((post_id, message))

    def to(self, post_id: str, kind: type[M]) -> list[M]:
        """All messages of one kind to one post, oldest first."""
        return [message for receiver, message in self.sent if receiver == post_id and isinstance(message, kind)]

    def take(self) -> list[tuple[str, Down]]:
        """What was sent since the last time."""
        taken, self.sent = self.sent, []
        return taken
