"""Request bodies as JSON, and nothing that only looks like it; and the panel's forms."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from hub.adapters.web.problems import Problem


async def read_json(request: web.Request, timeout_s: float) -> Any:
    """The body's value; an empty body is `{}`. Problem 400, 408, 413 or 415."""
    try:
        async with asyncio.timeout(timeout_s):
            raw = await request.read()
    except TimeoutError as error:
        raise Problem(408, "too_slow", f"the body did not come within {timeout_s:g} s") from error
    except web.RequestPayloadError as error:
        raise Problem(400, "bad_body", "the body cannot be read") from error
    if not raw:
        return {}
    if request.content_type != "application/json" or (request.charset or "utf-8").lower() != "utf-8":
        raise Problem(415, "not_json", "the body must be application/json, in UTF-8")
    return parse(raw)


async def read_form(request: web.Request) -> dict[str, str]:
    """The text fields of a form; Problem 400 for one that cannot be read."""
    try:
        form = await request.post()
    except (ValueError, LookupError) as error:  # bytes that are not text, or a charset that nobody knows
        raise Problem(400, "bad_body", "the form cannot be read") from error
    return {name: value for name, value in form.items() if isinstance(value, str)}


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
