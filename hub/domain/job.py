"""Jobs: what the hub does again and again. When each is due, how long one waits that failed, and which are not well.

A job is *failing* from a run that failed to the next that succeeds, and *late* when it should have ended a while ago.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

DAY_S = 86_400
_LATE_AFTER_S = 60
_FIRST_RETRY_S = 60


class Health(StrEnum):
    """How a job is."""

    OK = "ok"
    FAILING = "failing"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Job:
    """One job and its past. `failures` counts all of them, `failing` those in a row; `vital`: the room needs it."""

    name: str
    period_s: float
    next_run_at: datetime
    vital: bool = False
    last_run_at: datetime | None = None
    last_success_at: datetime | None = None
    duration_s: float | None = None
    runs: int = 0
    failures: int = 0
    failing: int = 0

    def health(self, now: datetime) -> Health:
        """One that hangs is late: its next run stays where it was until it ends."""
        if now > self.next_run_at + timedelta(seconds=max(_LATE_AFTER_S, self.period_s / 2)):
            return Health.LATE
        return Health.FAILING if self.failing else Health.OK


def succeeded(job: Job, began: datetime, duration_s: float, next_run_at: datetime) -> Job:
    """The job after a run that went well."""
    return replace(
        job,
        last_run_at=began,
        last_success_at=began,
        duration_s=duration_s,
        runs=job.runs + 1,
        failing=0,
        next_run_at=next_run_at,
    )


def failed(job: Job, began: datetime, duration_s: float) -> Job:
    """The job after a run that failed: it waits longer each time, and a rare one not for its whole period."""
    failing = job.failing + 1
    wait_s = retry_s(job.period_s, failing)
    return replace(
        job,
        last_run_at=began,
        duration_s=duration_s,
        runs=job.runs + 1,
        failures=job.failures + 1,
        failing=failing,
        next_run_at=began + timedelta(seconds=duration_s + wait_s),
    )


def retry_s(period_s: float, failing: int) -> float:
    """Seconds until the next try after so many failures in a row: doubling, to a minute; to an hour for a daily job."""
    most = max(_FIRST_RETRY_S, period_s / 24)
    return float(min(most, min(period_s, _FIRST_RETRY_S) * 2 ** min(failing, 16)))


def next_daily(now: datetime, hour: int, zone: tzinfo) -> datetime:
    """The next time that clocks in this zone show that full hour, in the zone of `now`."""
    local = now.astimezone(zone)
    due = local.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    if due <= local:
        due += timedelta(days=1)  # the same time of day, whatever summer time does between
    return due.astimezone(now.tzinfo)
