"""One step in the making: the post as it becomes, and the effects so far, in order."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid5

from node.core.effects import Effect, Save
from node.core.events import Moment
from node.core.ledger import Record
from node.core.state import Flash, Post
from node.core.tables import DIALOGUE, POWER, DialogueCause, PowerCause, after


class Turn:
    """Collects what one event changes. It lives for one step only; outside, a post is a frozen value."""

    __slots__ = ("_ids_spent", "_moment", "effects", "post")

    def __init__(self, post: Post, moment: Moment) -> None:
        self.post = replace(post, at_ms=moment.ms)
        self.effects: list[Effect] = []
        self._moment = moment
        self._ids_spent = 0

    @property
    def now(self) -> int:
        """When this step happens, in ms."""
        return self._moment.ms

    def do(self, *effects: Effect) -> None:
        """Ask for effects, after those asked for before."""
        self.effects += effects

    def save(self, record: Record, *, twice: bool = False) -> None:
        """Take a new record and make it durable."""
        self.post = replace(self.post, record=record)
        self.do(Save(record, twice))

    def power(self, cause: PowerCause) -> None:
        """Change the power state by its table."""
        self.post = replace(self.post, power=after(POWER, self.post.power, cause))

    def dialogue(self, cause: DialogueCause) -> None:
        """Change the dialogue's state by its table."""
        self.post = replace(self.post, dialogue=after(DIALOGUE, self.post.dialogue, cause))

    def say(self, flash: Flash) -> None:
        """Let the screen say something for a while."""
        self.post = replace(self.post, flash=flash)

    def new_id(self) -> str:
        """A fresh UUID; a step that needs several derives them from the one it was given."""
        self._ids_spent += 1
        fresh = self._moment.fresh_id
        return fresh if self._ids_spent == 1 else str(uuid5(UUID(fresh), str(self._ids_spent)))
