"""Durations as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.adapters.web.pages.durations import seconds_of, several, typed


@given(st.integers(0, 366 * 86_400))
def test_what_is_written_is_read_as_the_same(seconds: int) -> None:
    assert seconds_of(typed(seconds)) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15", 900),
        ("15 min", 900),
        ("15mn", 900),
        ("1h30", 5400),
        ("1 h 05", 3900),
        ("1 h 30 min", 5400),
        ("1 min 30 s", 90),
        ("1 h 5 s", 3605),
        (" 2  H ", 7200),
        ("3 j", 259_200),
        ("3 days", 259_200),
        ("0", 0),
    ],
)
def test_people_write_them_in_many_ways(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "min", "-5", "1.5 h", "1 s 1 h", "٣", "1e3", "5 5", "15 minutes or so", "1 h 90 x"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        seconds_of(text)


def test_several_have_commas_or_semicolons_between() -> None:
    assert several("15 min, 30; 1 h,") == (900, 1800, 3600)
    assert several(" ") == ()
