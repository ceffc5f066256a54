"""The kinds of values that requests may hold."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from hub.domain.house import MAX_DURATION_S
from hub.usecases.views import MAX_PAGE_SIZE
from hub.wire.terms import POST_ID_PATTERN

UUID_PATTERN = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_YEARS = range(2000, 2200)
"""Sums of an instant and a duration stay within what a datetime can hold."""
_LAST_PAGE = 1_000_000


class Body(BaseModel):
    """A request's body: exactly these fields, of exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Query(BaseModel):
    """A request's query: exactly these parameters, each once, read from text."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _clean(text: str, but: str = "") -> str:
    """Refuse C0 and C1 controls, which move a terminal's cursor when a command prints them."""
    if any(unicodedata.category(sign) == "Cc" and sign not in but for sign in text):
        raise ValueError("must not hold control characters")
    return text


def _clean_lines(text: str) -> str:
    return _clean(text, but="\t\n\r")


def _instant(value: Any) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("must be an instant with its offset, as 2026-11-22T10:00:00Z")
    at = datetime.fromisoformat(value.upper())
    if at.year not in _YEARS:
        raise ValueError(f"must lie in the years {_YEARS.start} to {_YEARS.stop - 1}")
    return at.astimezone(UTC)


def day(value: Any) -> date:
    """A calendar day, as 2026-11-22."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError("must be a day, as 2026-11-22")
    found = date.fromisoformat(value)
    if found.year not in _YEARS:
        raise ValueError(f"must lie in the years {_YEARS.start} to {_YEARS.stop - 1}")
    return found


def _whole(value: Any) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,9}", value, re.ASCII):
        raise ValueError("must be a whole number")
    return int(value)


Instant = Annotated[
    datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"}, mode="validation")
]
"""RFC 3339 with an offset; UTC once read."""
Duration = Annotated[int, Field(ge=1, le=MAX_DURATION_S, description="whole seconds")]
Notes = Annotated[str, Field(max_length=1000), AfterValidator(_clean_lines)]
Line = Annotated[str, AfterValidator(_clean)]
"""Text without line breaks and other controls; its length is said where it is used."""
Word = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_clean)]
"""A category, a name, a search: one short text."""
SessionId = Annotated[str, Field(pattern=f"^{UUID_PATTERN}$", min_length=36, max_length=36)]
UserId = SessionId
PostId = Annotated[str, Field(pattern=f"^{POST_ID_PATTERN}$", max_length=31)]
PageNumber = Annotated[
    int,
    BeforeValidator(_whole),
    Field(ge=1, le=_LAST_PAGE),
]
PageSize = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=MAX_PAGE_SIZE)]


AS_IT_IS: Any = Field(default_factory=lambda: None)
"""The default of a field that may be left out and may not be null; the document shows none."""


class Paged(Query):
    """Which part of a list."""

    page: PageNumber = 1
    page_size: PageSize = 50
    ordering: Annotated[str | None, Field(max_length=32, description="a field; with - before it, downwards")] = None
