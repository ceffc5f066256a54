"""What a running hub does beside answering: its jobs, by name, and how often each is done."""

from __future__ import annotations

import asyncio
from datetime import timedelta, tzinfo
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from hub.adapters.db.snapshot import checkpoint
from hub.adapters.mqtt.link import HubLinkMqtt
from hub.adapters.web.idempotency import KEPT_S
from hub.main.backup import ON_POSTGRES, Nightly
from hub.main.broker import OwnBroker
from hub.main.certificates import watch_certificates
from hub.main.home_assistant import Announcer
from hub.main.jobs import Daily, Every, Jobs
from hub.main.monitors import JournalTail, SummaryPublisher
from hub.main.workshop import Workshop
from hub.settings import Settings, SettingsError
from hub.usecases.absent import note_absent
from hub.usecases.purge import purge
from hub.usecases.roll_up import roll_up
from hub.usecases.sweep import sweep
from hub.usecases.work import Room

SWEEP_S = 2
LOOK_S, LOOK_RESTS = 1, 50
"""What is looked at each second, but for no more than a fiftieth of the time: the pictures of all posts are many."""
CHECKPOINT_S = 300
HOUR_S = 3600
ABSENT_AFTER_S = 60
"""From the start of the hub: longer than a post that is there is silent."""
PURGE_HOUR = 4
"""In the house's night."""


def add_jobs(
    jobs: Jobs,
    settings: Settings,
    room: Room,
    house: Workshop,
    link: HubLinkMqtt,
    tail: JournalTail,
    own: OwnBroker | None,
) -> None:
    """All jobs of a hub; SettingsError for one that the settings ask for and that cannot be."""

    async def zone() -> tzinfo:
        return ZoneInfo((await house.queries.house()).house.time_zone)

    async def forget_keys() -> None:
        await house.accounts.forget_results(room.clock.now() - timedelta(seconds=KEPT_S))

    # Expiry, recalls, wiped codes and silent posts: without it the board would be wrong.
    jobs.add("sweep", partial(sweep, room), Every(SWEEP_S), vital=True)
    jobs.add("summary", SummaryPublisher(room, house.queries, link).publish, Every(LOOK_S, rests=LOOK_RESTS))
    jobs.add("journal_tail", tail.look, Every(LOOK_S))
    jobs.add("home_assistant", Announcer(settings, house.queries, room.clock, link).announce, Every(LOOK_S))
    jobs.add("roll_up", partial(roll_up, room), Every(HOUR_S, 60))
    jobs.add("purge", partial(purge, room), Daily(PURGE_HOUR, zone))
    jobs.add("absent", partial(note_absent, room, house.queries), Every(24 * HOUR_S, ABSENT_AFTER_S))
    jobs.add("idempotency_keys", forget_keys, Every(HOUR_S))
    jobs.add("certificates", partial(watch_certificates, settings, room.clock), Every(12 * HOUR_S))
    if own is not None:
        jobs.add("broker_accounts", own.refresh, Every(LOOK_S))
    if isinstance(file := settings.database_at, Path):
        jobs.add("checkpoint", partial(asyncio.to_thread, checkpoint, file), Every(CHECKPOINT_S, CHECKPOINT_S))
    if settings.backup_folder is not None:
        if settings.database:
            raise SettingsError(f"backup_folder: {ON_POSTGRES}")
        nightly = Nightly(settings, house, settings.backup_folder, zone)
        jobs.add("backup", nightly.run, Daily(settings.backup_hour, zone))
