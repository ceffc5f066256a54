"""When a job is due, how long a failed one waits, and which ones are not well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.domain.job import DAY_S, Health, Job, failed, next_daily, retry_s, succeeded

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
JOB = Job("sweep", 2, NOW)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_run_that_went_well_is_counted_and_ends_a_row_of_failures() -> None:
    job = succeeded(failed(JOB, NOW, 0.5), after(5), 0.25, after(7))
    assert job == replace(
        JOB, last_run_at=after(5), last_success_at=after(5), duration_s=0.25, runs=2, failures=1, next_run_at=after(7)
    )


def test_a_run_that_failed_keeps_the_last_success_and_waits_longer_each_time() -> None:
    job = succeeded(JOB, NOW, 1, after(2))
    once = failed(job, after(2), 1)
    twice = failed(once, after(7), 1)
    assert (once.failing, once.next_run_at, twice.failing, twice.next_run_at) == (
        1,
        after(2 + 1 + 4),
        2,
        after(7 + 1 + 8),
    )
    assert (twice.last_success_at, twice.failures, twice.runs) == (NOW, 2, 3)


@pytest.mark.parametrize(
    ("period_s", "waits_s"),
    [
        (0.1, [0.2, 0.4, 0.8]),
        (2, [4, 8, 16, 32, 60, 60]),
        (3600, [120, 150, 150]),
        (DAY_S, [120, 240, 480, 960, 1920, 3600, 3600]),
    ],
)
def test_retries_double_up_to_a_bound(period_s: float, waits_s: list[float]) -> None:
    assert [retry_s(period_s, number) for number in range(1, len(waits_s) + 1)] == pytest.approx(waits_s)
    assert retry_s(period_s, 10**6) <= 3600


def test_health() -> None:
    assert JOB.health(NOW) is Health.OK
    assert JOB.health(after(60)) is Health.OK
    assert JOB.health(after(61)) is Health.LATE
    assert failed(JOB, NOW, 0).health(NOW) is Health.FAILING
    assert replace(JOB, period_s=DAY_S).health(after(DAY_S / 2)) is Health.OK


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23T01:59:59", "2026-11-23T02:00:00"),  # three in Paris, in winter
        ("2026-11-23T02:00:00", "2026-11-24T02:00:00"),
        ("2026-07-01T02:00:00", "2026-07-02T01:00:00"),  # and in summer
        ("2026-10-24T12:00:00", "2026-10-25T02:00:00"),  # over the night when the hour comes twice
        ("2027-03-27T12:00:00", "2027-03-28T01:00:00"),  # and over the one when it is skipped
    ],
)
def test_a_daily_job_goes_by_the_clocks_of_the_house(now: str, due: str) -> None:
    found = next_daily(datetime.fromisoformat(now).replace(tzinfo=UTC), 3, PARIS)
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert found.tzinfo is UTC
