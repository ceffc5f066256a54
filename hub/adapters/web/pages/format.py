"""Times, durations and numbers as people write them, in the reader's language and the house's time zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, get_day_names
from babel.numbers import format_decimal, format_percent

from hub.wire.terms import Language

_LOCALES = {Language.FR: "fr_FR", Language.EN: "en_GB"}
_WHEN = {Language.FR: "short", Language.EN: "d MMM y, HH:mm"}
"""English has the month in letters: 5/11 is another day on either side of the ocean."""
_TIE = "\N{NO-BREAK SPACE}"


def formats(language: Language, time_zone: str) -> Mapping[str, Callable[..., str]]:
    """The functions that templates call, by name."""
    locale, zone = _LOCALES[language], ZoneInfo(time_zone)

    def when(at: datetime | None) -> str:
        """An instant: the day and the time."""
        return format_datetime(at, _WHEN[language], tzinfo=zone, locale=locale) if at else "–"

    def day(at: datetime | date | None) -> str:
        """A day, in full."""
        if at is None:
            return "–"
        return format_date(at.astimezone(zone) if isinstance(at, datetime) else at, "full", locale=locale)

    def clock(at: datetime | None) -> str:
        """The time of day."""
        return format_time(at, "short", tzinfo=zone, locale=locale) if at else "–"

    def local(at: datetime | None) -> str:
        """As a field of type datetime-local has it."""
        return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if at else ""

    def number(value: Any) -> str:
        return str(format_decimal(value, locale=locale))

    def percent(value: float) -> str:
        """A share of one."""
        whole = Locale.parse(locale).percent_formats[None].pattern
        return str(format_percent(value, whole.replace("0", "0.##", 1) if value < 0.1 else whole, locale=locale))

    return {
        "when": when,
        "day": day,
        "clock": clock,
        "local": local,
        "number": number,
        "percent": percent,
        "lasting": lasting,
        "about": about,
        **_days(locale),
    }


def _days(locale: str) -> Mapping[str, Callable[..., str]]:
    """Days of the calendar, as tables and plots have them."""

    def short_day(at: date) -> str:
        """A day in few signs, for the axis of a plot."""
        return format_date(at, "d MMM", locale=locale)

    def date_of(at: date) -> str:
        """A day as a column of a table has it."""
        return format_date(at, "EEE d MMM y", locale=locale)

    def weekday(number: int) -> str:
        """Monday is 1."""
        return str(get_day_names("wide", "stand-alone", locale)[number - 1])

    return {"short_day": short_day, "date_of": date_of, "weekday": weekday}


def lasting(seconds: int | None) -> str:
    """A duration as one says it, the same in both languages: 45 s, 15 min, 1 h 05, 2 h. It stays on one line."""
    if seconds is None:
        return "–"
    if seconds < 0:
        return f"−{lasting(-seconds)}"
    if seconds < 60:
        return f"{seconds}{_TIE}s"
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return f"{minutes}{_TIE}min" + (f"{_TIE}{seconds % 60:02}{_TIE}s" if seconds % 60 else "")
    return f"{hours}{_TIE}h" + (f"{_TIE}{minutes:02}" if minutes else "")


def about(seconds: int | None) -> str:
    """The same for sums, in which seconds do not matter: 0 min, < 1 min, 15 min, 123 h 05."""
    if not seconds:
        return "–" if seconds is None else f"0{_TIE}min"
    return lasting(seconds - seconds % 60) if seconds >= 60 else f"<{_TIE}1{_TIE}min"
