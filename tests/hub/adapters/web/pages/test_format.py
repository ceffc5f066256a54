"""Times and durations as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hub.adapters.web.pages.format import formats, lasting
from hub.wire.terms import Language

AT = datetime(2026, 7, 14, 22, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (75, "1 min 15 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h"),
        (3900, "1 h 05"),
        (90_000, "25 h"),
        (-900, "−15 min"),
        (None, "–"),
    ],
)
def test_durations(seconds: int | None, words: str) -> None:
    assert lasting(seconds) == words.replace(" ", "\N{NO-BREAK SPACE}"), "all on one line"


@pytest.mark.parametrize(
    ("language", "when", "day", "number"),
    [
        (Language.FR, "15/07/2026 00:05", "mercredi 15 juillet 2026", "1\u202f234"),
        (Language.EN, "15 Jul 2026, 00:05", "Wednesday, 15 July 2026", "1,234"),
    ],
)
def test_instants_are_in_the_time_zone_of_the_house(language: Language, when: str, day: str, number: str) -> None:
    told = formats(language, "Europe/Paris")
    assert told["when"](AT) == when
    assert told["day"](AT) == day
    assert told["day"](date(2026, 7, 15)) == day
    assert told["clock"](AT) == "00:05"
    assert told["local"](AT) == "2026-07-15T00:05"
    assert told["number"](1234) == number


def test_what_is_not_known_has_a_dash() -> None:
    told = formats(Language.FR, "Europe/Paris")
    assert [told[name](None) for name in ("when", "day", "clock")] == ["–", "–", "–"]
    assert told["local"](None) == ""


@pytest.mark.parametrize(
    ("language", "half", "small"),
    [(Language.EN, "50%", "0.03%"), (Language.FR, "50\N{NO-BREAK SPACE}%", "0,03\N{NO-BREAK SPACE}%")],
)
def test_small_shares_keep_their_digits(language: Language, half: str, small: str) -> None:
    told = formats(language, "UTC")
    assert told["percent"](0.5) == half
    assert told["percent"](0.00031) == small
