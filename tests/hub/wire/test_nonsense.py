"""What is not a message is Nonsense, says which field, and never what was in it."""

from __future__ import annotations

import json
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire.codec import Nonsense, decode, encode
from hub.wire.messages import Event, Message, Notice, Redeem, Settled
from hub.wire.terms import MAX_MESSAGE_BYTES, Action
from hub.wire.topics import CHANNELS
from tests.hub.wire.samples import GOLDEN, A, B

GOOD = f'{{"v":1,"lease_id":"{A}"}}'
CODE = "K7M2QX"


def why(payload: bytes, kind: type[Message] = Settled) -> str:
    with pytest.raises(Nonsense) as caught:
        decode(kind, payload)
    return caught.value.why


@pytest.mark.parametrize("version", ["0", "2", "-1", "true", "1.0", '"1"', "null", "[1]", str(10**30)])
def test_a_version_that_we_do_not_speak_is_nonsense(version: str) -> None:
    assert why(GOOD.replace('"v":1', f'"v":{version}').encode()) == "unknown version"


def test_a_message_without_a_version_is_nonsense() -> None:
    assert why(b"{}") == "unknown version"


@pytest.mark.parametrize("payload", [b"null", b"1", b'"x"', b"[]", b"true", b"1.5"])
def test_json_that_is_no_object_is_nonsense(payload: bytes) -> None:
    assert why(payload) == "not an object"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b" ",
        b"{",
        b"on",
        b"{'v':1}",
        b'{"v":1}{"v":1}',
        b"\xff\xfe\xfd",
        b"\xc3\x28",
        b"\xed\xa0\x80",
        GOOD.encode("utf-16"),
        GOOD.encode("utf-16-le"),
        GOOD.encode("utf-32"),
        GOOD.encode("utf-8-sig"),
        GOOD.replace("1,", "NaN,").encode(),
        GOOD.replace("1,", "Infinity,").encode(),
        GOOD.replace("1,", "-Infinity,").encode(),
        GOOD.replace("1,", "9" * 5000 + ",").encode(),
        GOOD.replace(A, A + "\n").encode(),
        f'{{"v":1,"v":1,"lease_id":"{A}"}}'.encode(),
        f'{{"v":1,"lease_id":"{A}","lease_id":"{A}"}}'.encode(),
        f'{{"v":1,"lease_id":"{A}","x":{{"a":1,"a":2}}}}'.encode(),
        (GOOD[:-1] + ',"x":' + "[" * 4000 + "]" * 4000 + "}").encode(),
        (GOOD[:-1] + ',"x":' + '{"a":' * 1300 + "1" + "}" * 1300 + "}").encode(),
    ],
)
def test_bytes_that_are_not_json_as_we_write_it_are_nonsense(payload: bytes) -> None:
    assert len(payload) <= MAX_MESSAGE_BYTES
    assert why(payload) == "not JSON"


def test_a_message_at_the_size_limit_is_read_and_one_byte_more_is_not() -> None:
    padding = MAX_MESSAGE_BYTES - len(GOOD)
    assert decode(Settled, GOOD.encode() + b" " * padding) == Settled(A)
    assert why(GOOD.encode() + b" " * (padding + 1)) == "too large"


def test_we_never_write_more_than_the_limit() -> None:
    bare = len(encode(Event(1, "2026-11-22T10:00:00Z", Action.ERROR, details={"text": ""})))
    fits = "x" * (MAX_MESSAGE_BYTES - bare)
    assert len(encode(Event(1, "2026-11-22T10:00:00Z", Action.ERROR, details={"text": fits}))) == MAX_MESSAGE_BYTES
    with pytest.raises(ValueError, match="8193 bytes"):
        encode(Event(1, "2026-11-22T10:00:00Z", Action.ERROR, details={"text": fits + "x"}))


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_we_never_write_what_is_not_json(odd: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode(Event(1, "2026-11-22T10:00:00Z", Action.ERROR, details={"x": odd}))


def test_nothing_that_goes_wrong_quotes_the_code() -> None:
    good = f'{{"v":1,"req_id":"{A}","state_epoch":"{B}","code":"{CODE}"}}'
    spoilt = [
        good.replace(f'"{CODE}"', f'"{CODE} "'),
        good.replace(f'"{CODE}"', f'["{CODE}"]'),
        good.replace(f'"{CODE}"', f'{{"{CODE}":1}}'),
        good.replace(f'"{CODE}"', f'"{CODE * 3}"'),
        good.replace(f'"{CODE}"', f'"{CODE}\\ud800"'),
        good.replace('"code"', f'"{CODE}":1,"{CODE}":2,"code"'),
        good.replace("}", ""),
        good.replace(A, CODE),
        good.replace('"v":1', f'"v":"{CODE}"'),
        f'"{CODE}"',
        CODE,
    ]
    for text in spoilt:
        with pytest.raises(Nonsense) as caught:
            decode(Redeem, text.encode())
        told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caught.value.why
        assert CODE not in told


def test_a_redeem_keeps_its_code_to_itself() -> None:
    request = Redeem(A, B, code=CODE)
    assert CODE not in repr(request)
    assert CODE not in str(request)
    assert CODE not in f"{[request]}"


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
samples = st.sampled_from([(type(message), json.loads(text)) for text, message in GOLDEN])


@given(st.sampled_from(list(CHANNELS)), any_json)
def test_any_json_gives_a_message_or_nonsense(kind: type[Message], value: object) -> None:
    body = {"v": 1, **value} if isinstance(value, dict) else value
    try:
        message = decode(kind, json.dumps(body).encode())
    except Nonsense:
        return
    assert isinstance(message, kind)


@given(samples, st.data())
def test_a_sample_with_any_field_spoilt_gives_a_message_or_nonsense(
    sample: tuple[type[Message], dict[str, object]], data: st.DataObject
) -> None:
    kind, body = sample
    field = data.draw(st.sampled_from(sorted(body)))
    payload = json.dumps(body | {field: data.draw(any_json)}).encode()
    try:
        message = decode(kind, payload)
    except Nonsense:
        return
    assert decode(kind, encode(message)) == message


@given(st.sampled_from(list(CHANNELS)), st.binary(max_size=200))
def test_any_bytes_give_a_message_or_nonsense(kind: type[Message], payload: bytes) -> None:
    with pytest.raises(Nonsense):
        decode(kind, payload)


def test_text_is_counted_in_characters_not_in_bytes() -> None:
    assert decode(Notice, encode(Notice(A, "é" * 200, 1))).text == "é" * 200
