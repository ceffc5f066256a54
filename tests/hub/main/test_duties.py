"""A hub's jobs: which there are, as documented, and what the small ones do."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hub.adapters.mqtt.certificates import SERVER_DAYS, ensure_certificates
from hub.adapters.mqtt.link import BrokerAccess, HubLinkMqtt
from hub.domain.accounts import Role
from hub.main import Workshop
from hub.main.broker import OwnBroker
from hub.main.certificates import watch_certificates
from hub.main.duties import add_jobs
from hub.main.jobs import Daily, Every, Jobs
from hub.main.monitors import JournalTail
from hub.settings import Settings, SettingsError
from hub.usecases.accounts.operators import add_operator
from hub.usecases.work import By
from tests.fakes.hub_clock import FakeClock

PAGE = Path(__file__).resolve().parents[3] / "docs" / "operating.md"


class Kept(Jobs):
    """Jobs that wait to be run by hand."""

    def __init__(self) -> None:
        super().__init__(FakeClock())
        self.run: dict[str, Callable[[], Awaitable[object]]] = {}

    def add(self, name: str, run: Callable[[], Awaitable[object]], when: Every | Daily, *, vital: bool = False) -> None:
        super().add(name, run, when, vital=vital)
        self.run[name] = run


def jobs_of(settings: Settings, house: Workshop) -> Kept:
    jobs = Kept()
    link = HubLinkMqtt(BrokerAccess("127.0.0.1", 1, "hub", "x"), hub_epoch=house.room.hub_epoch, version="0.1.0")
    own = OwnBroker(settings, house) if settings.managed else None
    add_jobs(jobs, settings, house.room, house, link, JournalTail(house.room, house.queries, house.feed), own)
    return jobs


def test_every_job_is_documented(settings: Settings, house: Workshop, tmp_path: Path) -> None:
    jobs = jobs_of(replace(settings, backup_folder=tmp_path / "backups"), house)
    table = PAGE.read_text("utf-8").partition("| job | does |")[2].partition("\n\n")[0]
    documented = [
        name for row in re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE) for name in re.findall(r"\w+", row)
    ]
    assert sorted(documented) == sorted(job.name for job in jobs.states())
    assert [job.name for job in jobs.states() if job.vital] == ["sweep"]


async def test_each_job_runs(settings: Settings, house: Workshop, tmp_path: Path) -> None:
    jobs = jobs_of(replace(settings, backup_folder=tmp_path / "backups"), house)
    for run in jobs.run.values():
        await run()
    assert len(list((tmp_path / "backups").iterdir())) == 1


async def test_idempotency_keys_are_forgotten_after_a_day(settings: Settings, house: Workshop) -> None:
    clock = FakeClock(house.room.clock.now())
    operator = await add_operator(house.desk, "marie", Role.OPERATOR, "correct horse", By())
    await house.accounts.keep_result("key", operator.id, "POST /sessions", "id")
    long_ago = clock.now() - timedelta(days=9)
    later = replace(house, room=replace(house.room, clock=clock))
    forget = jobs_of(settings, later).run["idempotency_keys"]
    clock.advance(86_000)
    await forget()
    assert await house.accounts.result_of("key", operator.id, "POST /sessions", long_ago) == "id"
    clock.advance(500)
    await forget()
    assert await house.accounts.result_of("key", operator.id, "POST /sessions", long_ago) is None


def test_nightly_backups_of_postgresql_are_refused_at_the_start(settings: Settings, house: Workshop) -> None:
    wanted = replace(settings, database="postgres://poste@db.example/poste", backup_folder=Path("backups"))
    with pytest.raises(SettingsError, match=r"backup_folder: the database is PostgreSQL.*pg_dump"):
        jobs_of(wanted, house)


@pytest.mark.parametrize(
    ("days", "told"), [(SERVER_DAYS - 31, ""), (SERVER_DAYS - 10, "ends in 9 days"), (SERVER_DAYS + 1, "has ended")]
)
async def test_certificates_that_end_are_told(
    settings: Settings, house: Workshop, caplog: pytest.LogCaptureFixture, days: int, told: str
) -> None:
    ensure_certificates(settings.data / "broker", ["127.0.0.1"])
    clock = FakeClock(house.room.clock.now() + timedelta(days=days))
    with caplog.at_level(logging.WARNING):
        await watch_certificates(settings, clock)
    assert [bool(told) and told in record.getMessage() for record in caplog.records] == ([True] if told else [])
