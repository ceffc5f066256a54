"""Bytes to message and back: one place for the version, the size limit and every check of a field.

Two kinds of error: `Nonsense` is the peer's (dropped and counted by whoever called), `ValueError` is ours.
Neither ever quotes a value, which might be a code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from hub.wire.messages import Message
from hub.wire.shapes import Range, Text
from hub.wire.terms import MAX_MESSAGE_BYTES, PROTOCOL

M = TypeVar("M")
Reader = Callable[[Any, str], Any]
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


class Nonsense(Exception):
    """The peer sent something that is not a message; `why` names the field at fault and never its value."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def encode(message: Message) -> bytes:
    """The message as JSON bytes with its version; ValueError when it would be larger than the limit."""
    body = {"v": PROTOCOL[1], **asdict(message)}
    payload = _ENCODER.encode(body).encode()
    if len(payload) > MAX_MESSAGE_BYTES:
        raise ValueError(f"{type(message).__name__} has {len(payload)} bytes, more than {MAX_MESSAGE_BYTES}")
    return payload


def decode(kind: type[M], payload: bytes) -> M:
    """Read one message of a kind; raises Nonsense for anything that is not exactly that."""
    if len(payload) > MAX_MESSAGE_BYTES:
        raise Nonsense("too large")
    try:
        body = _DECODER.decode(payload.decode())
    except (ValueError, RecursionError) as error:
        raise Nonsense("not JSON") from error
    if not isinstance(body, dict):
        raise Nonsense("not an object")
    version = body.get("v")
    if type(version) is not int or not PROTOCOL[0] <= version <= PROTOCOL[1]:
        raise Nonsense("unknown version")
    shape: Any = kind  # mypy finds a type variable unhashable
    message: M = reader(shape)(body, kind.__name__)
    return message


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


# Made once: json.loads and json.dumps make one for each text that has options.
_DECODER = json.JSONDecoder(object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


@cache
def reader(shape: Any) -> Reader:
    """The function that checks a JSON value against a type and returns what the type wants."""
    origin, args = get_origin(shape), get_args(shape)
    if is_dataclass(shape):
        return _record(shape)
    if origin is Annotated:
        return _narrowed(args[0], args[1])
    if origin in (Union, UnionType):
        return _optional(reader(next(arg for arg in args if arg is not NoneType)))
    if origin is tuple:
        return _sequence(args)
    if origin is Mapping:
        return _mapping(reader(args[0]), reader(args[1]))
    if shape is object:
        return _anything
    if issubclass(shape, Enum):
        return _word(shape)
    return _plain(shape)


def _plain(kind: type) -> Reader:
    def read(value: Any, name: str) -> Any:
        if type(value) is not kind:  # an exact match: True is no number
            raise Nonsense(f"{name}: not {kind.__name__}")
        if isinstance(value, str) and _NO_TEXT.search(value):
            raise Nonsense(f"{name}: not text")  # no database keeps a NUL, nothing can encode half a surrogate pair
        return value

    return read


def _anything(value: Any, name: str) -> Any:
    """Any JSON that can be sent on: JSON's escapes and exponents can spell what cannot."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Nonsense(f"{name}: not JSON") from error
    return value


def _narrowed(kind: Any, limit: Range | Text) -> Reader:
    plain = reader(kind)
    matches = re.compile(limit.pattern, re.ASCII).fullmatch if isinstance(limit, Text) and limit.pattern else None

    def read(value: Any, name: str) -> Any:
        value = plain(value, name)
        if isinstance(limit, Range):
            fits = limit.low <= value <= limit.high
        else:
            fits = len(value) <= limit.longest and (matches is None or matches(value) is not None)
        if not fits:
            raise Nonsense(f"{name}: out of range")
        return value

    return read


def _optional(inner: Reader) -> Reader:
    return lambda value, name: None if value is None else inner(value, name)


def _word(kind: type[Enum]) -> Reader:
    known = {member.value: member for member in kind}

    def read(value: Any, name: str) -> Enum:
        if not isinstance(value, str) or value not in known:
            raise Nonsense(f"{name}: unknown word")
        return known[value]

    return read


def _sequence(args: tuple[Any, ...]) -> Reader:
    items = [reader(arg) for arg in args if arg is not Ellipsis]
    any_length = args[-1] is Ellipsis

    def read(value: Any, name: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or not (any_length or len(value) == len(items)):
            raise Nonsense(f"{name}: not a list of the right length")
        readers = items * len(value) if any_length else items
        return tuple(item(element, name) for item, element in zip(readers, value, strict=True))

    return read


def _mapping(key: Reader, inner: Reader) -> Reader:
    def read(value: Any, name: str) -> Mapping[Any, Any]:
        if not isinstance(value, dict):
            raise Nonsense(f"{name}: not an object")
        return {key(word, name): inner(item, name) for word, item in value.items()}

    return read


def _record(kind: Any) -> Reader:
    hints = get_type_hints(kind, include_extras=True)
    readers = [
        (item.name, reader(hints[item.name]), item.default is MISSING and item.default_factory is MISSING)
        for item in fields(kind)
    ]

    def read(value: Any, name: str) -> Any:
        if not isinstance(value, dict):
            raise Nonsense(f"{name}: not an object")
        found = {}
        for field_name, reader, required in readers:
            if field_name in value:
                found[field_name] = reader(value[field_name], field_name)
            elif required:
                raise Nonsense(f"{field_name}: missing")
        return kind(**found)

    return read
