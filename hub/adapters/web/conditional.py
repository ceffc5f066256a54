"""ETag and If-Match: who changes a record says which version of it they have seen.

A handler that answers a `Tagged` sends the record's version as its ETag. One that takes `expected` gets what the
request's If-Match names, for the use case to hold against the record within its transaction: 412 when it is stale.
The tag stands for what the desk decides of a record, not for live figures that are shown beside it; so it serves
If-Match, and no answer is ever left out for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

from aiohttp import hdrs, web

from hub.adapters.web.problems import Problem
from hub.domain.version import ANY, Expected

A = TypeVar("A")
ETAG = "ETag"
"""As RFC 9110 writes it; aiohttp does not."""
_TAG = r'(W/)?"([\x21\x23-\x7e]*)"'
_TAGS = re.compile(rf"{_TAG}(?:[ \t]*,[ \t]*{_TAG})*")
_EACH = re.compile(_TAG)


@dataclass(frozen=True, slots=True)
class Tagged(Generic[A]):
    """An answer, and the version of the record that it shows."""

    answer: A
    version: str

    @property
    def etag(self) -> str:
        return f'"{self.version}"'


def expected_by(request: web.Request) -> Expected:
    """What the request's If-Match says; without one anything goes. Problem 400 for one that says nothing.

    A weak tag is well formed, and matches nothing (RFC 9110, 13.1.1).
    """
    given = ", ".join(request.headers.getall(hdrs.IF_MATCH, [])).strip()
    if given == "*" or hdrs.IF_MATCH not in request.headers:
        return ANY
    if not _TAGS.fullmatch(given):
        raise Problem(400, "bad_if_match", 'If-Match must be * or quoted tags, as ETag gave them: "0123abcd"')
    return Expected(frozenset(tag for weak, tag in _EACH.findall(given) if not weak))
