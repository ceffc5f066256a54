"""Days and hours of the house, also where the clocks change."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.calendar import day_began, days, hours, local_day, monday_of

PARIS = "Europe/Paris"
ZONES = [PARIS, "UTC", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Africa/Cairo"]
YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def cells(day: date, zone: str = PARIS) -> Counter[int]:
    """How many seconds each hour of a day has."""
    found: Counter[int] = Counter()
    for on, hour, seconds in hours(day_began(day, zone), day_began(day + timedelta(days=1), zone), zone):
        assert on == day
        found[hour] += seconds
    return found


def test_a_day_is_the_houses_and_not_greenwichs() -> None:
    assert local_day(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), PARIS) == date(2026, 11, 23)
    assert day_began(date(2026, 11, 23), PARIS) == datetime(2026, 11, 22, 23, tzinfo=UTC)


def test_a_week_begins_on_monday() -> None:
    assert monday_of(date(2026, 11, 23)) == monday_of(date(2026, 11, 29)) == date(2026, 11, 23)
    assert monday_of(date(2026, 11, 22)) == date(2026, 11, 16)


def test_a_range_has_both_its_ends() -> None:
    assert list(days(date(2026, 2, 27), date(2026, 3, 1))) == [
        date(2026, 2, 27),
        date(2026, 2, 28),
        date(2026, 3, 1),
    ]
    assert list(days(date(2026, 3, 1), date(2026, 2, 27))) == []


def test_an_ordinary_day_has_24_hours() -> None:
    assert cells(date(2026, 11, 23)) == dict.fromkeys(range(24), 3600)


def test_in_spring_an_hour_is_left_out() -> None:
    assert cells(date(2026, 3, 29)) == {hour: 3600 for hour in range(24) if hour != 2}


def test_in_autumn_an_hour_comes_twice() -> None:
    assert cells(date(2026, 10, 25)) == dict.fromkeys(range(24), 3600) | {2: 7200}


def test_where_clocks_change_by_half_an_hour() -> None:
    assert cells(date(2026, 4, 5), "Australia/Lord_Howe") == dict.fromkeys(range(24), 3600) | {1: 5400}


def test_where_midnight_is_left_out_the_day_begins_at_one() -> None:
    assert cells(date(2026, 4, 24), "Africa/Cairo") == dict.fromkeys(range(1, 24), 3600)


@settings(deadline=None)  # a loaded machine is no fault of the figures
@given(st.integers(0, 366 * 86_400), st.integers(0, 3 * 86_400), st.sampled_from(ZONES))
def test_the_pieces_of_an_interval_are_the_whole_of_it(offset_s: int, length_s: int, zone: str) -> None:
    start = YEAR + timedelta(seconds=offset_s)
    pieces = list(hours(start, start + timedelta(seconds=length_s), zone))
    assert sum(seconds for *_, seconds in pieces) == length_s
    assert all(0 < seconds <= 3600 for *_, seconds in pieces)
    assert [day for day, *_ in pieces] == sorted(day for day, *_ in pieces)


@pytest.mark.parametrize("zone", ZONES)
def test_every_second_of_a_year_is_in_one_day(zone: str) -> None:
    began = [day_began(day, zone) for day in days(date(2026, 1, 1), date(2027, 1, 1))]
    assert began == sorted(began)
    half_hours = {(later - one) // timedelta(minutes=30) for one, later in pairwise(began)}
    assert half_hours <= {46, 47, 48, 49, 50}
