"""How likely guessing is: the formula, and that no attacker beats the number of guesses it is made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.access_code import Alphabet, CodeFormat
from hub.domain.guessing import guessing
from hub.domain.throttle import Throttle, locked_for_s, missed, most_misses

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
WAITS_S = (0, 1, 30, 60, 150, 299, 300, 301, 600, 1800, 3600, 7200)


def misses(waits_s: list[int]) -> tuple[int, float]:
    """How many codes somebody types who waits so long, and out each lock-out, before each; and in what time."""
    throttle, now = Throttle(), START
    for wait_s in waits_s:
        now += timedelta(seconds=wait_s)
        now += timedelta(seconds=locked_for_s(throttle, now))
        throttle = missed(throttle, now)
    return len(waits_s), (now - START).total_seconds()


@settings(deadline=None)
@given(st.lists(st.sampled_from(WAITS_S), min_size=1, max_size=200))
def test_nobody_gives_more_than_the_bound(waits_s: list[int]) -> None:
    given_codes, within_s = misses(waits_s)
    assert given_codes <= most_misses(within_s)


@pytest.mark.parametrize("wait_s", WAITS_S)
def test_nor_does_anybody_who_keeps_at_it(wait_s: int) -> None:
    given_codes, within_s = misses([wait_s] * 2000)
    assert given_codes <= most_misses(within_s)


def test_the_bound_is_not_far_off() -> None:
    given_codes, within_s = misses([300] * 2000)
    assert given_codes > 0.8 * most_misses(within_s)


def test_the_formula() -> None:
    found = guessing(CodeFormat(), posts=10, live_codes=50, open_hours_a_week=40)
    assert (found.possible_codes, found.live_codes) == (32**6, 50)
    assert found.guesses_a_year == 339_450 == pytest.approx(10 * 365 * (13 + 14 * 40 / 7), abs=1)
    assert found.chance_a_year == pytest.approx(1 - (1 - 50 / 32**6) ** 339_450)
    assert found.worrying


def test_longer_codes_calm() -> None:
    found = guessing(CodeFormat(7), posts=10, live_codes=50, open_hours_a_week=40)
    assert found.chance_a_year == pytest.approx(0.000494, abs=1e-6)
    assert not found.worrying


@pytest.mark.parametrize("length", [8, 9, 10])
def test_each_digit_more_makes_a_small_chance_ten_times_smaller(length: int) -> None:
    one, other = (
        guessing(CodeFormat(digits, Alphabet.DIGITS), posts=1, live_codes=1, open_hours_a_week=40)
        for digits in (length, length + 1)
    )
    assert one.chance_a_year == pytest.approx(10 * other.chance_a_year, rel=0.001)


def test_an_empty_room_is_counted_as_one_code_a_post() -> None:
    assert guessing(CodeFormat(), posts=4, live_codes=0, open_hours_a_week=40).live_codes == 4


def test_without_posts_nobody_guesses() -> None:
    assert guessing(CodeFormat(), posts=0, live_codes=3, open_hours_a_week=40).chance_a_year == 0


def test_where_every_code_opens_something_a_guess_is_sure() -> None:
    assert guessing(CodeFormat(1, Alphabet.DIGITS), posts=2, live_codes=10, open_hours_a_week=1).chance_a_year == 1
