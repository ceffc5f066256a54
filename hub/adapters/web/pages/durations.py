"""Durations as people type them, which is how `format.lasting` writes them: 45 s, 15 min, 1 h 30; and 3 d or 3 j."""

from __future__ import annotations

import re

from hub.adapters.web.pages.format import lasting

_PARTS = re.compile(
    r"""(?:(?P<d>\d{1,4})\s*(?:d|j|days?|jours?))?\s*
        (?:(?P<h>\d{1,5})\s*h\s*(?:(?P<after>\d{1,2})(?!\s*\w))?)?\s*
        (?:(?P<min>\d{1,6})\s*(?:min|mn|m))?\s*
        (?:(?P<s>\d{1,8})\s*s)?""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_UNIT_S = {"d": 86_400, "h": 3600, "after": 60, "min": 60, "s": 1}


def seconds_of(text: str) -> int:
    """Whole seconds; a number alone is minutes. ValueError for what is no duration."""
    told = " ".join(text.split())
    if re.fullmatch(r"\d{1,6}", told, re.ASCII):
        return int(told) * 60
    found = _PARTS.fullmatch(told)
    if found is None or not any(found.groups()):
        raise ValueError("must be a duration, as 15 min or 1 h 30")
    return sum(int(number) * _UNIT_S[unit] for unit, number in found.groupdict().items() if number)


def typed(seconds: int) -> str:
    """As people type it, and exactly: `seconds_of` gives the same again."""
    text = lasting(seconds).replace("\N{NO-BREAK SPACE}", " ")
    return text if seconds_of(text) == seconds else f"{seconds} s"


def several(text: str) -> tuple[int, ...]:
    """Durations with commas or semicolons between; none for an empty text. ValueError."""
    return tuple(seconds_of(part) for part in re.split("[,;]", text) if part.strip())
