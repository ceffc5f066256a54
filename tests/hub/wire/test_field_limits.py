"""Each field of each message takes what its shape allows, up to the limit and not beyond."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest

from hub.wire import messages, shapes
from hub.wire.codec import Nonsense, decode
from hub.wire.messages import Message
from hub.wire.terms import Language, LeaseState, Phase, SettleReason
from tests.hub.wire.samples import GOLDEN, A

NUMBERS_NEVER: list[Any] = [-1, 1.0, 1.5, True, False, "1", [], {}, 10**400]
TEXT_NEVER: list[Any] = [1, True, [], {}, "\ud800", "\udfff x", "a\0b"]

LIMITS: dict[Any, tuple[list[Any], list[Any]]] = {
    shapes.Seconds: ([0, 1, 2**31 - 1], [2**31, *NUMBERS_NEVER]),
    shapes.Count: ([0, 2**53 - 1], [2**53, *NUMBERS_NEVER]),
    shapes.Id: (
        [A, "0f" * 4 + "-0000-0000-0000-" + "00" * 6],
        ["", A.upper(), A[:-1], A + "0", A + "\n", A.replace("-", ""), f"{{{A}}}", *TEXT_NEVER],
    ),
    shapes.PostId: (["p01", "a", "0-", "a" * 31], ["", "-a", "P01", "a" * 32, "a/b", "a+", "a\n", "é", *TEXT_NEVER]),
    shapes.Code: (["0", "K7M2QX", "Z" * 16], ["", "k7m2qx", "K7 2QX", "A" * 17, "É", "٣", *TEXT_NEVER]),
    shapes.Instant: (
        ["2026-11-22T10:00:00Z", "2026-11-22T10:00:00.1Z", "2026-11-22T10:00:00.123456Z"],
        [
            "",
            "2026-11-22",
            "2026-11-22T10:00:00+01:00",
            "2026-11-22T10:00:00.1234567Z",
            "٢٠٢٦-11-22T10:00:00Z",
            *TEXT_NEVER,
        ],
    ),
    shapes.Name: (["", "é" * 64, "日本"], ["x" * 65, *TEXT_NEVER]),
    shapes.Line: (["", "é" * 200], ["x" * 201, *TEXT_NEVER]),
    bool: ([True, False], [0, 1, "true", [], {}]),
    messages.Versions: ([[0, 0], [1, 2]], [[], [1], [1, 2, 3], [1, -1], [True, 1], {"0": 1}, "11", 1]),
}
OTHERS: dict[tuple[type, str], tuple[list[Any], list[Any]]] = {
    (messages.Hello, "leases"): ([[]], [None, {}, [None], [[]], [{}], "[]", 0]),
    (messages.Hello, "hardware"): ([{}, {"a": "b"}], [[], {"a": 1}, {"a": None}, {"\ud800": "b"}, {"a": "\ud800"}, 0]),
    (messages.Sync, "lease"): ([None], [{}, [], 0, "x"]),
    (messages.Sync, "revoked"): ([[], [A]], [None, A, [None], ["x"], {}]),
    (messages.Sync, "settled"): ([[], [A]], [None, A, [None], ["x"], {}]),
    (messages.Sync, "maintenance"): (
        [None, {"grant_id": A, "total_s": 0}],
        [{}, {"grant_id": A}, {"grant_id": A, "total_s": -1}, []],
    ),
    (messages.Sync, "settings"): (
        [
            {},
            {"language": "en"},
            {"warn_at_s": []},
            {"code_length": 4},
            {"code_length": 16},
            {"code_signs": "01"},
            {"idle_text": "x" * 200},
            {"confirm_keys": True},
            {"on_power_return": "pause"},
        ],
        [
            None,
            [],
            {"language": "de"},
            {"warn_at_s": [-1]},
            {"warn_at_s": 60},
            {"code_length": 3},
            {"code_length": 17},
            {"code_signs": "A"},
            {"code_signs": "abc"},
            {"code_signs": "A" * 37},
            {"idle_text": "x" * 201},
            {"confirm_keys": 1},
            {"on_power_return": "off"},
        ],
    ),
    (messages.Findings, "findings"): (
        [[], [{"what": "x" * 64, "ok": False, "told": "x" * 200, "advice": "x" * 200}]],
        [
            None,
            {},
            [None],
            [{}],
            [{"what": "keypad"}],
            [{"what": "x" * 65, "ok": True}],
            [{"what": "keypad", "ok": 1}],
            [{"what": "keypad", "ok": True, "told": "x" * 201}],
            [{"what": "keypad", "ok": True, "advice": None}],
        ],
    ),
    (messages.PostReport, "relays"): ([{}, {"usb": "on"}], [[], {"usb": "maybe"}, {"usb": True}, {"usb": None}]),
    (messages.PostReport, "faults"): ([[], ["x" * 64]], [None, ["x" * 65], [1], "x", {}]),
    (messages.Event, "details"): (
        [{}, {"a": [1, {"b": None}], "c": 1.5}],
        [None, [], "x", {"a": "\ud800"}, {"\ud800": 1}, {"a": [{"b": "\udfff"}]}, {"a": float("1e999")}],
    ),
    (messages.Summary, "posts"): ([{}, {"occupied": 0}], [[], {"gone": 1}, {"occupied": -1}, {"occupied": True}]),
    (messages.Summary, "sessions"): ([{}, {"active": 0}], [[], {"gone": 1}, {"active": 1.0}, {"active": None}]),
}
WORDS_NEVER: list[Any] = ["", "nothing", "OPEN", 1, True, [], {}]
BODIES = {type(message): json.loads(text) for text, message in GOLDEN}


def cases() -> Iterator[Any]:
    for kind, body in BODIES.items():
        for field, hint in get_type_hints(kind, include_extras=True).items():
            assert field in body, f"{kind.__name__}.{field} is in no sample"
            fits, never = limits_of(kind, field, hint)
            yield pytest.param(kind, field, fits, never, id=f"{kind.__name__}.{field}")


def limits_of(kind: type, field: str, hint: Any) -> tuple[list[Any], list[Any]]:
    if (kind, field) in OTHERS:
        return OTHERS[kind, field]
    optional = type(None) in get_args(hint)
    shape = next(arg for arg in get_args(hint) if arg is not type(None)) if optional else hint
    fits, never = LIMITS[shape] if shape in LIMITS else ([word.value for word in shape], WORDS_NEVER)
    return ([*fits, None], never) if optional else (fits, [*never, None])


@pytest.mark.parametrize(("kind", "field", "fits", "never"), list(cases()))
def test_a_field_takes_what_fits_and_nothing_else(
    kind: type[Message], field: str, fits: list[Any], never: list[Any]
) -> None:
    for value in fits:
        decode(kind, json.dumps(BODIES[kind] | {field: value}).encode())
    for value in never:
        payload = json.dumps(BODIES[kind] | {field: value}).replace("Infinity", "1e999").encode()
        with pytest.raises(Nonsense):
            decode(kind, payload)


def test_a_told_lease_is_checked_as_strictly() -> None:
    told = {"lease_id": A, "rev": 1, "total_s": 60, "debited_s": 10, "state": "open"}
    wrong = {
        "lease_id": "x",
        "rev": -1,
        "total_s": 2**31,
        "debited_s": 1.5,
        "state": "shut",
        "reason": "bored",
    }
    hello = decode(messages.Hello, json.dumps(BODIES[messages.Hello] | {"leases": [told]}).encode())
    assert hello.leases == (messages.ToldLease(A, 1, 60, 10, LeaseState.OPEN),)
    for field, value in wrong.items():
        body = BODIES[messages.Hello] | {"leases": [told | {field: value}]}
        with pytest.raises(Nonsense, match=field):
            decode(messages.Hello, json.dumps(body).encode())


def test_words_are_read_as_the_terms_that_they_are() -> None:
    settle = decode(messages.Settle, json.dumps(BODIES[messages.Settle]).encode())
    report = decode(messages.PostReport, json.dumps(BODIES[messages.PostReport]).encode())
    sync = decode(messages.Sync, json.dumps(BODIES[messages.Sync]).encode())
    assert settle.reason is SettleReason.PAUSED_HERE
    assert report.phase is Phase.RUNNING
    assert sync.settings.language is Language.EN
