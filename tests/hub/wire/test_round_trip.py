"""Whatever message we can make is read back as the very same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hub.wire.codec import decode, encode
from hub.wire.messages import Message
from hub.wire.shapes import Range, Text
from hub.wire.terms import MAX_MESSAGE_BYTES
from hub.wire.topics import CHANNELS

plain_text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | plain_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain_text, inner, max_size=3),
    max_leaves=6,
)


def anything(shape: Any) -> st.SearchStrategy[Any]:
    origin, args = get_origin(shape), get_args(shape)
    if is_dataclass(shape):
        return record(shape)
    if origin is Annotated:
        return narrowed(args[1])
    if origin in (Union, UnionType):
        return st.none() | anything(next(arg for arg in args if arg is not NoneType))
    if origin is tuple:
        if args[-1] is Ellipsis:
            return st.lists(anything(args[0]), max_size=3).map(tuple)
        return st.tuples(*map(anything, args))
    if origin is Mapping:
        return st.dictionaries(anything(args[0]), anything(args[1]), max_size=3)
    simple = {bool: st.booleans(), str: plain_text, object: any_json}
    return simple[shape] if shape in simple else st.sampled_from(list(shape))


def narrowed(limit: Range | Text) -> st.SearchStrategy[Any]:
    if isinstance(limit, Range):
        return st.integers(limit.low, limit.high)
    if limit.pattern is None:
        return plain_text
    return st.from_regex(rf"(?a:\A{limit.pattern}\Z)").filter(lambda text: len(text) <= limit.longest)


def record(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind, include_extras=True)
    return st.builds(kind, **{name: anything(hint) for name, hint in hints.items()})


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(CHANNELS)).flatmap(record))
def test_what_is_written_is_read_back_equal(message: Message) -> None:
    try:
        payload = encode(message)
    except ValueError:
        assume(False)  # larger than the limit: told to whoever made it
        raise
    assert len(payload) <= MAX_MESSAGE_BYTES
    assert decode(type(message), payload) == message
