"""Request bodies as JSON or as a plain form, and nothing that only looks like it."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from hub.adapters.web.problems import Problem

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS = 20
"""No form of the panel has as many."""


async def read_json(request: web.Request, timeout_s: float) -> Any:
    """The body's value; an empty body is `{}`. Problem 400, 408, 413 or 415."""
    raw = await _read(request, timeout_s)
    if not raw:
        return {}
    if not _is(request, JSON_TYPE):
        raise Problem(415, "not_json", f"the body must be {JSON_TYPE}, in UTF-8")
    return parse(raw)


async def read_form(request: web.Request, timeout_s: float) -> dict[str, str]:
    """The fields of a form, each there once; an empty body has none. Problem 400, 408, 413 or 415.

    Not `request.post()`: that believes any charset and any multipart body, and trips over most of the bad ones.
    """
    raw = await _read(request, timeout_s)
    if not raw:
        return {}
    if not _is(request, FORM_TYPE):
        raise Problem(415, "not_a_form", f"the body must be {FORM_TYPE}, in UTF-8")
    try:
        fields = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        return _unique(fields)
    except ValueError as error:
        raise Problem(400, "bad_body", "the form is not UTF-8, or has a field twice, or too many") from error


async def _read(request: web.Request, timeout_s: float) -> bytes:
    try:
        async with asyncio.timeout(timeout_s):
            return await request.read()
    except TimeoutError as error:
        raise Problem(408, "too_slow", f"the body did not come within {timeout_s:g} s") from error
    except web.RequestPayloadError as error:
        raise Problem(400, "bad_body", "the body cannot be read") from error


def _is(request: web.Request, content_type: str) -> bool:
    return request.content_type == content_type and (request.charset or "utf-8").lower() == "utf-8"


def parse(raw: bytes) -> Any:
    """The value of a JSON text; Problem 400 for duplicate keys, NaN, lone surrogates or too deep a nest."""
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite)
        if b"\\u" in raw:
            json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate cannot be encoded
    except (ValueError, RecursionError) as error:
        raise Problem(400, "bad_json", "the body is not JSON, or has a key twice, or is nested too deep") from error
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number too large")
    return number
