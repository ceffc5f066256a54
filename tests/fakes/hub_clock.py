"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class FakeClock:
    """A `Clock` of the hub."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def has_zone(self, name: str) -> bool:
        return name in ("Europe/Paris", "Europe/London", "UTC")

    def advance(self, seconds: float) -> datetime:
        """The time after so many seconds more."""
        self._now += timedelta(seconds=seconds)
        return self._now
