"""Frozen dataclasses as JSON values, and back by their type hints: for what is stored whole in one column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

D = TypeVar("D")


def to_plain(value: object) -> Any:
    """A dataclass as a dict, a tuple as a list, an instant as RFC 3339, an enum as its value, the rest as it is."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def from_plain(kind: type[D], plain: Mapping[str, object]) -> D:
    """The dataclass that `to_plain` made this of; a field that is missing has its default, unknown ones are ignored."""
    return kind(
        **{name: _value(hint, plain[name]) for name, hint in type_hints(cast("Any", kind)).items() if name in plain}
    )


@cache
def type_hints(kind: type) -> dict[str, Any]:
    """The resolved hints of a dataclass's fields; those of an optional field without their None."""
    hints = get_type_hints(kind)
    return {field.name: _required(hints[field.name]) for field in fields(kind)}


def _required(hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        choices = [choice for choice in get_args(hint) if choice is not NoneType]
        return choices[0] if len(choices) == 1 else Any
    return hint


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) is tuple:
        item, *_ = get_args(hint)
        return tuple(_value(item, one) for one in value)
    if not isinstance(hint, type):
        return value
    if is_dataclass(hint):
        return from_plain(hint, value)
    if issubclass(hint, datetime):
        return datetime.fromisoformat(value)
    return hint(value) if issubclass(hint, Enum) else value
