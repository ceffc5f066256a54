"""The machine's clock."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import available_timezones

_NO_PLACES = {"localtime", "Factory"}


class SystemClock:
    """A `Clock`: the time of day, aware and in UTC; time zones are those that the machine, or `tzdata`, has.

    But for the names that mean this machine's own, or none: no browser knows them.
    """

    def now(self) -> datetime:
        return datetime.now(UTC)

    def has_zone(self, name: str) -> bool:
        return name in available_timezones() - _NO_PLACES
