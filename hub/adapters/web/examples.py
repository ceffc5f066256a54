"""Whole examples for the OpenAPI document, put together from those of the fields."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)
_PLAIN: dict[Any, Any] = {datetime: datetime(2026, 11, 22, 10, tzinfo=UTC), str: "", int: 0, float: 0.0, bool: False}


def example(kind: Any, *, whole: bool = True) -> Any:
    """An example of a model, of a list of them or of the first of a union, as JSON values.

    `whole`: with every field, as answers have them; else only what must be said, or has an example of its own.
    """
    return _ANYTHING.dump_python(_example(kind, whole=whole), mode="json")


def _example(kind: Any, *, whole: bool) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {
            name: _value(field, whole=whole)
            for name, field in kind.model_fields.items()
            if whole or field.is_required() or field.examples
        }
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if origin is list or origin is tuple:
        return [_example(parts[0], whole=whole)]
    if origin is dict or kind is dict:
        return {}
    if parts:  # a union: nothing, where that is allowed
        return None if NoneType in parts else _example(parts[0], whole=whole)
    return _PLAIN.get(kind)


def _value(field: FieldInfo, *, whole: bool) -> Any:
    if field.examples:
        return field.examples[0]
    if not field.is_required():
        return field.get_default(call_default_factory=True)
    return _example(field.annotation, whole=whole)
