"""What is counted, by figures that were worked out by hand, and by what must hold of any room."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.domain.calendar import day_began, days
from hub.domain.reports import Occupancy, occupancy
from hub.domain.statistics import Event, Facts, Measure, Place, Sign, Spell, Tally, tally

PARIS = "Europe/Paris"
DAY = date(2026, 11, 23)
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 12, 31, tzinfo=UTC)
HALL = [Place("p01", "Hall", BEFORE, False), Place("p02", "", BEFORE, False)]


def at(hour: int, minute: int = 0, second: int = 0, micro: int = 0) -> datetime:
    """A time of that Monday in Paris."""
    return day_began(DAY, PARIS) + timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)


def facts(
    *spells: Spell, events: list[Event] | None = None, before: list[Event] | None = None, places: list[Place] = HALL
) -> Facts:
    return Facts(at(0), at(24), list(spells), events or [], before or [], places)


def figures(told: Facts, now: datetime = LATER) -> list[Tally]:
    """All but the number of posts."""
    return [one for one in tally(told, DAY, DAY, PARIS, now) if one.measure is not Measure.POSTS]


def spell(
    granted_at: datetime, seconds: int, post_id: str = "p01", category: str | None = None, first: bool = True
) -> Spell:
    return Spell(granted_at, seconds, post_id, category, first)


def test_a_day_without_anything_has_its_posts() -> None:
    places = [*HALL, Place("p03", "", BEFORE, True), Place("p04", "", at(23), False), Place("p05", "", at(24), False)]
    assert tally(facts(places=places), DAY, DAY, PARIS, LATER) == [Tally(DAY, Measure.POSTS, 3)]


def test_a_post_that_was_retired_later_was_in_service_on_the_days_on_which_it_was_used() -> None:
    """Or all posts, in use the whole hour, would have been two hundred per cent of those that are left."""
    told = facts(
        spell(at(14), 3600, "p01"), spell(at(14), 3600, "p02"), places=[HALL[0], replace(HALL[1], retired=True)]
    )
    rows = occupancy(tally(told, DAY, DAY, PARIS, LATER), DAY, DAY, PARIS, LATER)
    assert rows[14] == Occupancy(1, 14, 7200, 7200, 1.0)


def test_a_stay_is_laid_out_over_the_hours_of_its_post_and_counted_once() -> None:
    """40 min from 14:50: 10 min before three, 30 after; then 5 min more at another post."""
    told = facts(
        spell(at(14, 50, 0, 700_000), 2400, "p01", "student"), spell(at(16), 300, "p02", "student", first=False)
    )
    assert figures(told) == [
        Tally(DAY, Measure.SESSIONS, 1, None, "p01", "Hall", "student"),
        Tally(DAY, Measure.OCCUPIED_S, 600, 14, "p01", "Hall", "student"),
        Tally(DAY, Measure.OCCUPIED_S, 1800, 15, "p01", "Hall", "student"),
        Tally(DAY, Measure.OCCUPIED_S, 300, 16, "p02", "", "student"),
    ]


def test_a_stay_over_midnight_counts_where_it_began_and_is_used_on_both_days() -> None:
    late = facts(spell(at(23, 50), 1200))
    assert figures(late) == [
        Tally(DAY, Measure.SESSIONS, 1, None, "p01", "Hall"),
        Tally(DAY, Measure.OCCUPIED_S, 600, 23, "p01", "Hall"),
    ]
    early = facts(spell(at(-1, 50), 1200))
    assert figures(early) == [Tally(DAY, Measure.OCCUPIED_S, 600, 0, "p01", "Hall")]


def test_refused_codes_are_counted_by_post() -> None:
    refused = [Event(at(10), "p01", Sign.REFUSED), Event(at(11), "p01", Sign.REFUSED)]
    assert figures(facts(events=refused)) == [Tally(DAY, Measure.REFUSED, 2, None, "p01", "Hall")]


def test_a_post_is_offline_from_one_word_to_the_other() -> None:
    """Away over the night until 6:00, and from 20:00 for 90 min; a second farewell begins nothing anew."""
    before = [Event(at(-9), "p01", Sign.CONNECTED), Event(at(-1), "p01", Sign.DISCONNECTED)]
    signs = [(6, 0, Sign.CONNECTED), (20, 0, Sign.DISCONNECTED), (21, 0, Sign.DISCONNECTED), (21, 30, Sign.CONNECTED)]
    told = facts(before=before, events=[Event(at(hour, minute), "p01", sign) for hour, minute, sign in signs])
    assert figures(told) == [Tally(DAY, Measure.OFFLINE_S, 6 * 3600 + 5400, None, "p01", "Hall")]


def test_a_post_that_is_still_offline_is_so_until_now() -> None:
    told = facts(events=[Event(at(20), "p01", Sign.DISCONNECTED)])
    assert figures(told)[0].amount == 4 * 3600
    assert figures(told, now=at(20, 10))[0].amount == 600


def test_who_comes_back_without_having_left_was_never_away() -> None:
    assert figures(facts(events=[Event(at(9), "p01", Sign.CONNECTED)])) == []


def test_a_fault_is_a_keypad_that_is_lost_until_it_is_back() -> None:
    told = facts(events=[Event(at(9), "p02", Sign.KEYPAD_LOST), Event(at(9, 5), "p02", Sign.KEYPAD_BACK)])
    assert figures(told) == [Tally(DAY, Measure.FAULT_S, 300, None, "p02", "")]


def test_a_retired_post_is_missed_by_nobody() -> None:
    retired = [replace(HALL[0], retired=True)]
    told = facts(events=[Event(at(9), "p01", Sign.DISCONNECTED), Event(at(9), "p01", Sign.REFUSED)], places=retired)
    assert [one.measure for one in figures(told)] == [Measure.REFUSED]


def test_the_autumn_night_has_its_hour_twice() -> None:
    sunday = date(2026, 10, 25)
    start, end = day_began(sunday, PARIS), day_began(sunday + timedelta(days=1), PARIS)
    told = Facts(start, end, [spell(start + timedelta(hours=1), 4 * 3600)], [], [], HALL)
    used = {one.hour: one.amount for one in tally(told, sunday, sunday, PARIS, LATER) if one.hour is not None}
    assert used == {1: 3600, 2: 7200, 3: 3600}


instants = st.integers(0, 10 * 86_400 * 10).map(lambda tenths: at(0) + timedelta(seconds=tenths / 10))
spells = st.builds(
    Spell,
    instants,
    st.integers(0, 86_400),
    st.sampled_from(["p01", "p02"]),
    st.sampled_from([None, "child", "adult"]),
    st.booleans(),
)


@settings(deadline=None)  # a loaded machine is no fault of the figures
@given(st.lists(spells, max_size=20), st.sampled_from([PARIS, "UTC", "America/New_York", "Australia/Lord_Howe"]))
def test_the_hours_of_all_days_are_what_all_stays_used(found: list[Spell], zone: str) -> None:
    first, last = DAY - timedelta(days=2), DAY + timedelta(days=14)
    told = Facts(day_began(first, zone), day_began(last + timedelta(days=1), zone), found, [], [], HALL)
    counted = tally(told, first, last, zone, LATER)
    assert _sum(counted, Measure.OCCUPIED_S) == sum(one.seconds for one in found)
    assert _sum(counted, Measure.SESSIONS) == sum(one.first for one in found)
    assert {one.day for one in counted if one.measure is Measure.POSTS} == set(days(first, last))


@settings(deadline=None)  # a loaded machine is no fault of the figures
@given(st.lists(spells, max_size=20))
def test_days_counted_one_by_one_are_the_days_counted_together(found: list[Spell]) -> None:
    first, last = DAY, DAY + timedelta(days=12)

    def counted(start: date, end: date) -> Counter[Tally]:
        began, ended = day_began(start, PARIS), day_began(end + timedelta(days=1), PARIS)
        there = [one for one in found if began - timedelta(days=7) <= one.granted_at < ended]
        return Counter(tally(Facts(began, ended, there, [], [], HALL), start, end, PARIS, LATER))

    alone: Counter[Tally] = Counter()
    for day in days(first, last):
        alone += counted(day, day)
    assert alone == counted(first, last)


def _sum(counted: list[Tally], measure: Measure) -> int:
    return sum(one.amount for one in counted if one.measure is measure)
