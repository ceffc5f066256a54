"""House settings: what a house may not decide, told field by field; and what was stored by an older version."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hub.adapters.db.plain import from_plain, to_plain
from hub.domain.access_code import Alphabet, CodeFormat
from hub.domain.house import House, Retention, problems
from hub.domain.session import OnEnd
from hub.wire.terms import Language

WRONG: list[tuple[str, dict[str, Any]]] = [
    ("presets_s", {"presets_s": ()}),
    ("presets_s", {"presets_s": tuple(range(60, 73))}),
    ("presets_s", {"presets_s": (900, 900)}),
    ("presets_s", {"presets_s": (900, 0)}),
    ("presets_s", {"presets_s": (86_401,)}),
    ("validity_s", {"validity_s": 59}),
    ("validity_s", {"validity_s": 366 * 86_400 + 1}),
    ("warn_at_s", {"warn_at_s": (1, 2, 3, 4, 5, 6)}),
    ("warn_at_s", {"warn_at_s": (60, 60)}),
    ("warn_at_s", {"warn_at_s": (0,)}),
    ("warn_at_s", {"warn_at_s": (3601,)}),
    ("grace_s", {"grace_s": -1}),
    ("grace_s", {"grace_s": 601}),
    ("open_hours_a_week", {"open_hours_a_week": 0}),
    ("open_hours_a_week", {"open_hours_a_week": 169}),
    ("idle_text", {"idle_text": "x" * 201}),
    ("idle_text", {"idle_text": "two\nlines"}),
    ("idle_text", {"idle_text": "\x1b[2J"}),
    ("ticket_text", {"ticket_text": "x" * 501}),
    ("ticket_text", {"ticket_text": "\x9b2J"}),
    ("ticket_text", {"ticket_text": "\ud800"}),
    ("code.length", {"code": CodeFormat(5)}),
    ("code.length", {"code": CodeFormat(11)}),
    ("code.length", {"code": CodeFormat(8, Alphabet.DIGITS.signs)}),
    ("retention.log_days", {"retention": Retention(log_days=0)}),
    ("retention.session_days", {"retention": Retention(session_days=3651)}),
    ("retention.user_days", {"retention": Retention(user_days=-1)}),
]


def test_a_new_house_is_in_order() -> None:
    assert problems(House()) == []


@pytest.mark.parametrize(("field", "wrong"), WRONG, ids=str)
def test_what_a_house_may_not_decide(field: str, wrong: dict[str, Any]) -> None:
    assert [name for name, _ in problems(replace(House(), **wrong))] == [field]


def test_everything_that_is_wrong_is_told() -> None:
    house = House(grace_s=-1, validity_s=0, code=CodeFormat(5), retention=Retention(0, 0, 0))
    assert sorted(name for name, _ in problems(house)) == [
        "code.length",
        "grace_s",
        "retention.log_days",
        "retention.session_days",
        "retention.user_days",
        "validity_s",
    ]


def test_limits_are_within() -> None:
    most = House(
        presets_s=(*range(1, 12), 86_400),
        validity_s=366 * 86_400,
        warn_at_s=(3600, 1),
        grace_s=600,
        idle_text="é" * 200,
        ticket_text="a\nb",
        open_hours_a_week=168,
        code=CodeFormat(10),
        retention=Retention(3650, 1, 3650),
    )
    assert problems(most) == []
    assert problems(House(warn_at_s=(), grace_s=0, code=CodeFormat(9, Alphabet.DIGITS.signs))) == []


def test_an_alphabet_has_a_name() -> None:
    assert CodeFormat().alphabet is Alphabet.LETTERS_AND_DIGITS
    assert CodeFormat(9, Alphabet.DIGITS.signs).alphabet is Alphabet.DIGITS


def test_settings_are_stored_whole() -> None:
    house = House(Language.EN, "UTC", on_end=OnEnd.BURN, retention=Retention(30, 60, 90), code=CodeFormat(8))
    assert from_plain(House, to_plain(house)) == house


def test_what_an_older_version_stored_has_defaults_for_the_rest() -> None:
    stored = {"language": "en", "grace_s": 30, "code": {"length": 8}, "retention": {"log_days": 90}, "gone": True}
    assert from_plain(House, stored) == House(
        Language.EN, grace_s=30, code=CodeFormat(8), retention=Retention(log_days=90)
    )
