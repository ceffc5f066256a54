"""Daily figures, added up as the pages show them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hub.domain.reports import Occupancy, Period, PostUse, Split, Stays, added_up, occupancy, post_use, stays
from hub.domain.statistics import Measure, Tally

PARIS = "Europe/Paris"
MONDAY, TUESDAY, NEXT = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 30)
LATER = datetime(2026, 12, 1, tzinfo=UTC)
TALLIES = [
    Tally(MONDAY, Measure.POSTS, 2),
    Tally(TUESDAY, Measure.POSTS, 2),
    Tally(NEXT, Measure.POSTS, 3),
    Tally(MONDAY, Measure.SESSIONS, 2, None, "p01", "Hall", "child"),
    Tally(MONDAY, Measure.OCCUPIED_S, 1800, 9, "p01", "Hall", "child"),
    Tally(MONDAY, Measure.OCCUPIED_S, 600, 10, "p02", "", None),
    Tally(TUESDAY, Measure.SESSIONS, 1, None, "p02", "", None),
    Tally(TUESDAY, Measure.OCCUPIED_S, 901, 9, "p02", "", None),
    Tally(NEXT, Measure.OCCUPIED_S, 5400, 9, "p01", "Hall", "child"),
    Tally(MONDAY, Measure.REFUSED, 3, None, "p01", "Hall"),
    Tally(NEXT, Measure.OFFLINE_S, 7200, None, "p01", "Hall"),
    Tally(NEXT, Measure.FAULT_S, 60, None, "p03", "Hall"),
]


def test_an_hour_of_the_week_is_that_hour_of_all_its_days() -> None:
    """Two Mondays at nine: 1800 + 5400 s of 2 x 3600 + 3 x 3600."""
    rows = occupancy(TALLIES, MONDAY, NEXT, PARIS, LATER)
    assert [(row.weekday, row.hour) for row in rows] == [(day, hour) for day in range(1, 8) for hour in range(24)]
    assert rows[9] == Occupancy(1, 9, 7200, 18_000, 0.4)
    assert rows[10] == Occupancy(1, 10, 600, 18_000, 0.0333)
    assert rows[24 + 9] == Occupancy(2, 9, 901, 7200, 0.1251)


def test_a_day_without_posts_has_no_share() -> None:
    assert occupancy(TALLIES, MONDAY, NEXT, PARIS, LATER)[2 * 24] == Occupancy(3, 0, 0, 0, None)


def test_hours_that_are_still_to_come_are_empty_for_nobody() -> None:
    """At half past nine of the second Monday, its three posts have had half of that hour, and nothing of the next."""
    rows = occupancy(TALLIES, MONDAY, NEXT, PARIS, datetime(2026, 11, 30, 8, 30, tzinfo=UTC))
    assert rows[9] == Occupancy(1, 9, 7200, 7200 + 5400, 0.5714)
    assert rows[10] == Occupancy(1, 10, 600, 7200, 0.0833)
    tallies = [one for one in TALLIES if one.day == NEXT]
    today = occupancy(tallies, NEXT, NEXT, PARIS, datetime(2026, 11, 30, 8, 20, tzinfo=UTC))
    assert today[9] == Occupancy(1, 9, 5400, 3600, 1.0)
    assert today[10] == Occupancy(1, 10, 0, 0, None)


def test_the_hour_that_spring_leaves_out_is_not_there_and_autumns_is_twice() -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert occupancy([Tally(spring, Measure.POSTS, 1)], spring, spring, PARIS, LATER)[6 * 24 + 2].open_s == 0
    assert occupancy([Tally(autumn, Measure.POSTS, 1)], autumn, autumn, PARIS, LATER)[6 * 24 + 2].open_s == 7200


def test_stays_by_day() -> None:
    assert stays(TALLIES, Period.DAY, Split.NOTHING) == [
        Stays(MONDAY, None, None, 2, 2400, 1200, 3),
        Stays(TUESDAY, None, None, 1, 901, 901, 0),
        Stays(NEXT, None, None, 0, 5400, None, 0),
    ]


def test_stays_by_week_and_zone() -> None:
    assert stays(TALLIES, Period.WEEK, Split.ZONE) == [
        Stays(MONDAY, None, None, 1, 1501, 1501, 0),
        Stays(MONDAY, "Hall", None, 2, 1800, 900, 3),
        Stays(NEXT, "Hall", None, 0, 5400, None, 0),
    ]


def test_stays_by_category_have_no_refused_codes() -> None:
    assert stays(TALLIES, Period.WEEK, Split.CATEGORY) == [
        Stays(MONDAY, None, None, 1, 1501, 1501, None),
        Stays(MONDAY, None, "child", 2, 1800, 900, None),
        Stays(NEXT, None, "child", 0, 5400, None, None),
    ]


def test_what_each_post_did() -> None:
    assert post_use(TALLIES) == [
        PostUse("p01", 2, 7200, 0, 7200),
        PostUse("p02", 1, 1501, 0, 0),
        PostUse("p03", 0, 0, 60, 0),
    ]


def test_periods_add_up_to_a_row_for_each_zone_and_the_most_used_comes_first() -> None:
    rows = [
        Stays(MONDAY, "Hall", None, 1, 600, 600, 2),
        Stays(MONDAY, "Attic", None, 3, 1800, 600, 0),
        Stays(TUESDAY, "Hall", None, 2, 3000, 1500, 1),
        Stays(TUESDAY, None, None, 0, 0, None, 4),
    ]
    assert added_up(rows) == [
        Stays(MONDAY, "Hall", None, 3, 3600, 1200, 3),
        Stays(MONDAY, "Attic", None, 3, 1800, 600, 0),
        Stays(TUESDAY, None, None, 0, 0, None, 4),
    ]


def test_categories_add_up_without_refused_codes_which_have_none() -> None:
    rows = [Stays(MONDAY, None, "child", 0, 600, None, None), Stays(MONDAY, None, "child", 0, 60, None, None)]
    assert added_up(rows) == [Stays(MONDAY, None, "child", 0, 660, None, None)]
    assert added_up([]) == []
