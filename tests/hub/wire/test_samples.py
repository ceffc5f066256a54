"""Every message, byte for byte: what is on the wire today must be readable, and written the same, tomorrow."""

from __future__ import annotations

import contextlib
import json
from typing import get_args

import pytest

from hub.wire.codec import Nonsense, decode, encode
from hub.wire.messages import Message, Settle
from hub.wire.topics import CHANNELS
from tests.hub.wire.samples import GOLDEN, REQUIRED, SPARSE

KINDS = list(CHANNELS)


def name_of(value: object) -> str:
    return type(value).__name__ if not isinstance(value, str) else "sample"


@pytest.mark.parametrize(("text", "message"), GOLDEN, ids=name_of)
def test_a_sample_is_read_and_written_byte_for_byte(text: str, message: Message) -> None:
    assert decode(type(message), text.encode()) == message
    assert encode(message).decode() == text


@pytest.mark.parametrize(("text", "message"), SPARSE, ids=name_of)
def test_what_an_older_sender_leaves_out_has_its_default(text: str, message: Message) -> None:
    assert decode(type(message), text.encode()) == message


def test_every_message_has_a_sample_and_a_channel() -> None:
    kinds = set(get_args(Message))
    assert {type(message) for _, message in GOLDEN} == kinds
    assert set(CHANNELS) == kinds
    assert set(REQUIRED) == kinds


@pytest.mark.parametrize(("text", "message"), GOLDEN, ids=name_of)
def test_unknown_fields_are_ignored(text: str, message: Message) -> None:
    body = json.loads(text) | {"from_the_future": [[{"deep": None}]], "zzz": 2**80}
    assert decode(type(message), json.dumps(body).encode()) == message


@pytest.mark.parametrize(("text", "message"), GOLDEN, ids=name_of)
def test_exactly_the_required_fields_are_missed(text: str, message: Message) -> None:
    missed = set()
    for field in json.loads(text).keys() - {"v"}:
        body = json.loads(text)
        del body[field]
        with contextlib.suppress(Nonsense):
            decode(type(message), json.dumps(body).encode())
            continue
        missed.add(field)
    assert missed == REQUIRED[type(message)]


@pytest.mark.parametrize("field", sorted(REQUIRED[Settle]))
def test_nonsense_names_the_field_that_is_missing(field: str) -> None:
    (text,) = [text for text, message in GOLDEN if isinstance(message, Settle)]
    body = json.loads(text)
    del body[field]
    with pytest.raises(Nonsense, match=f"^{field}: missing$"):
        decode(Settle, json.dumps(body).encode())
