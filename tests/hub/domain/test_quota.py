"""Which span of time a quota counts."""

from __future__ import annotations

from datetime import UTC, datetime

from hub.domain.quota import Allowance, allowances
from hub.domain.records import User

PARIS = "Europe/Paris"
SUNDAY_NIGHT = datetime(2026, 10, 25, 22, 59, tzinfo=UTC)


def user(day_s: int | None = None, week_s: int | None = None) -> User:
    return User("u", "Ada", SUNDAY_NIGHT, quota_day_s=day_s, quota_week_s=week_s)


def test_without_a_quota_nothing_is_limited() -> None:
    assert allowances(user(), SUNDAY_NIGHT, PARIS) == []


def test_a_day_is_the_houses_and_has_25_hours_when_the_clocks_go_back() -> None:
    start, end = datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert allowances(user(3600), SUNDAY_NIGHT, PARIS) == [Allowance(start, end, 3600)]
    assert allowances(user(3600), end, PARIS)[0].start == end


def test_a_week_runs_from_monday_to_sunday() -> None:
    start, end = datetime(2026, 10, 18, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert allowances(user(None, 18_000), SUNDAY_NIGHT, PARIS) == [Allowance(start, end, 18_000)]


def test_both_at_once() -> None:
    assert [one.seconds for one in allowances(user(3600, 18_000), SUNDAY_NIGHT, PARIS)] == [3600, 18_000]
