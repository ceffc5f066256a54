"""R16 as a table of times: five tries, one back each five minutes, lock-outs that double up to an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.throttle import LONGEST_LOCKOUT_S, Throttle, locked_for_s, missed

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def lockouts(*misses_at_s: int) -> list[int]:
    """For how long each miss, at so many seconds from the start, locks the post."""
    throttle, locked = Throttle(), []
    for at_s in misses_at_s:
        now = START + timedelta(seconds=at_s)
        throttle = missed(throttle, now)
        locked.append(locked_for_s(throttle, now))
    return locked


def test_the_fifth_miss_in_a_row_locks_the_post_for_half_a_minute() -> None:
    assert lockouts(0, 1, 2, 3, 4) == [0, 0, 0, 0, 30]


def test_a_try_comes_back_each_five_minutes() -> None:
    assert lockouts(0, 0, 0, 0, 300, 301) == [0, 0, 0, 0, 0, 30]
    assert lockouts(0, 0, 0, 0, 299) == [0, 0, 0, 0, 30]
    assert lockouts(*range(0, 300 * 40, 300)) == [0] * 40


def test_no_more_than_five_tries_are_ever_saved_up() -> None:
    assert lockouts(0, 86_400, 86_400, 86_400, 86_400, 86_400) == [0, 0, 0, 0, 0, 30]


def test_each_further_miss_doubles_the_lock_out_up_to_an_hour() -> None:
    at_s, times, waits = 0, [0, 0, 0, 0, 0], [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    for wait_s in waits[:-1]:
        at_s += min(wait_s, 200)  # the hub would answer `locked_out`; what a miss costs is the same
        times.append(at_s)
    assert lockouts(*times) == [0, 0, 0, 0, *waits]


def test_the_level_falls_by_one_an_hour() -> None:
    burst = [0] * 5
    hour = 3600
    assert lockouts(*burst, *[hour - 1] * 5)[-1] == 60
    assert lockouts(*burst, *[hour] * 5)[-1] == 30
    three_levels = [0, 0, 0, 0, 0, 30, 90]
    assert lockouts(*three_levels)[-1] == 120
    assert lockouts(*three_levels, *[90 + hour] * 5)[-1] == 120
    assert lockouts(*three_levels, *[90 + 2 * hour] * 5)[-1] == 60
    assert lockouts(*three_levels, *[90 + 9 * hour] * 5)[-1] == 30


def test_a_part_of_an_hour_is_kept_for_the_next_fall() -> None:
    three_levels = [0, 0, 0, 0, 0, 30, 90]
    spread = [90 + 5400, 90 + 7200, 90 + 7200, 90 + 7200, 90 + 7200, 90 + 7200]
    assert lockouts(*three_levels, *spread)[-1] == 60


def test_the_countdown_is_in_whole_seconds_rounded_up_and_then_over() -> None:
    throttle = Throttle(locked_until=START + timedelta(seconds=30))
    table = {0: 30, 0.1: 30, 1: 29, 29.0: 1, 29.999: 1, 30: 0, 31: 0}
    assert {at: locked_for_s(throttle, START + timedelta(seconds=at)) for at in table} == table
    assert locked_for_s(Throttle(), START) == 0


def test_a_wall_clock_that_steps_back_gives_nothing_and_breaks_nothing() -> None:
    throttle = Throttle()
    for _ in range(5):
        throttle = missed(throttle, START)
    throttle = missed(throttle, START - timedelta(days=10))
    assert 0 <= throttle.tries < 1
    assert locked_for_s(throttle, START - timedelta(days=10)) == 60


def test_a_lock_out_by_a_clock_that_was_ahead_is_over_when_that_is_set_back() -> None:
    throttle = Throttle()
    for _ in range(5):
        throttle = missed(throttle, START)
    assert locked_for_s(throttle, START - timedelta(days=10)) == 0
    assert locked_for_s(throttle, START - timedelta(minutes=1)) == 90


@given(st.lists(st.integers(0, 20_000), max_size=60))
def test_whatever_the_rhythm_the_figures_stay_within_their_limits(gaps_s: list[int]) -> None:
    throttle, now = Throttle(), START
    for gap_s in gaps_s:
        now += timedelta(seconds=gap_s)
        throttle = missed(throttle, now)
        assert 0 <= throttle.tries <= 4
        assert 0 <= locked_for_s(throttle, now) <= LONGEST_LOCKOUT_S
