"""The shapes a message's fields may have: plain types, narrowed by a range or a pattern."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from hub.wire.terms import MAX_SECONDS, POST_ID_PATTERN


@dataclass(frozen=True, slots=True)
class Range:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Text:
    """Text of at most `longest` characters that, where a `pattern` is given, matches all of it."""

    longest: int
    pattern: str | None = None


Seconds = Annotated[int, Range(0, MAX_SECONDS)]
Count = Annotated[int, Range(0, 2**53 - 1)]
Id = Annotated[str, Text(36, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
"""A UUID in its usual text form."""
PostId = Annotated[str, Text(31, POST_ID_PATTERN)]
Code = Annotated[str, Text(16, r"[0-9A-Z]{1,16}")]
Instant = Annotated[str, Text(40, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")]
"""RFC 3339, UTC."""
Name = Annotated[str, Text(64)]
Line = Annotated[str, Text(200)]
Details = Mapping[str, object]
"""Any JSON object."""
