"""A supervisor that a test looks at."""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.watch import silent


class FakeSupervisor:
    """A `Supervisor` of the node: keeps what it is told, a sign of life as `alive`."""

    def __init__(self, beat_ms: int | None = 5_000, ring: Callable[[], None] = silent) -> None:
        self.beat_ms, self._ring = beat_ms, ring
        self.told: list[str] = []

    @property
    def beats(self) -> int:
        return self.told.count("alive")

    def ready(self) -> None:
        self._tell("ready")

    def say(self, status: str) -> None:
        self._tell(f"status {status}")

    def alive(self) -> None:
        self._tell("alive")

    def stopping(self) -> None:
        self._tell("stopping")

    def _tell(self, word: str) -> None:
        self.told.append(word)
        self._ring()
