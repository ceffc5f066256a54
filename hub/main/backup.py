"""Backups: one archive that holds all that cannot be made again, taken while the hub runs, and checked.

The database, the keys that belong to it, the authority that nodes trust, and the monitors' account.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from hub.adapters.db.snapshot import Progress, copy_database, faults_of
from hub.adapters.mint import KEY_FILE
from hub.domain.job import next_daily
from hub.main.broker import MONITOR_FILE
from hub.main.workshop import VERSION, Workshop
from hub.settings import Settings
from hub.usecases.work import By, working
from hub.wire.terms import Action

DATABASE = "hub.sqlite3"
MANIFEST = "manifest.json"
FORMAT = 1
BESIDE = ("broker/ca.pem", "broker/ca.key", MONITOR_FILE)
"""Kept where they are there: a new authority would have to be carried to every node."""
ON_POSTGRES = (
    "the database is PostgreSQL, whose own tools back it up: pg_dump --format=custom --file=poste.dump DATABASE, and "
    f"pg_restore --clean --if-exists --dbname=DATABASE poste.dump; keep {KEY_FILE} of the data folder with it"
)
_NIGHTLY = re.compile(r"poste-(\d{8}T\d{6}Z)\.tar\.gz")


class BackupError(Exception):
    """A backup cannot be made or restored; the text is one line that says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished archive."""

    path: Path
    size: int


async def back_up(
    settings: Settings, house: Workshop, target: Path, by: By, progress: Progress = lambda _done, _all: None
) -> Backup:
    """Write the archive (mode 0600) and note it in the journal; BackupError, OSError or DatabaseUnusable."""
    if settings.database:
        raise BackupError(ON_POSTGRES)
    size = await asyncio.to_thread(_write, settings.data, target, house.room.clock.now(), progress)
    async with working(house.room) as work:
        await work.log(Action.BACKUP, by, file=target.name, bytes=size)
    return Backup(target, size)


def _write(data: Path, target: Path, now: datetime, progress: Progress) -> int:
    if not target.parent.is_dir():
        raise BackupError(f"{target.parent} is no folder: make it first")
    if target.exists():
        raise BackupError(f"{target} exists: choose another file, or remove it first")
    with tempfile.TemporaryDirectory(prefix=".poste-backup-", dir=target.parent) as folder:
        copy, draft = Path(folder) / DATABASE, Path(folder) / "archive"
        copy.touch(mode=0o600)
        copy_database(data / DATABASE, copy, progress)
        faults = faults_of(copy)
        if faults:
            raise BackupError(f"the database is damaged ({faults[0]}): no backup was made; see poste-hub check")
        manifest = Path(folder) / MANIFEST
        manifest.write_text(json.dumps({"format": FORMAT, "version": VERSION, "at": now.isoformat()}) + "\n")
        with (
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
            tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive,
        ):
            archive.add(manifest, MANIFEST)
            archive.add(copy, DATABASE)
            for name in (KEY_FILE, *(name for name in BESIDE if (data / name).exists())):
                archive.add(data / name, name)
        descriptor = os.open(draft, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        draft.replace(target)  # no link: a memory stick's file system has none
    return target.stat().st_size


@dataclass(frozen=True, slots=True)
class Nightly:
    """The scheduled backups of a hub: one a day in `folder`, and the oldest above `kept` go."""

    settings: Settings
    house: Workshop
    folder: Path
    zone: Callable[[], Awaitable[tzinfo]]

    async def run(self) -> None:
        """One backup, unless there is one since the last time that one was due."""
        await asyncio.to_thread(self.folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        now = self.house.room.clock.now()
        due = next_daily(now, self.settings.backup_hour, await self.zone()) - timedelta(days=1)
        if not any(due <= taken_at(one) <= now for one in self.archives(now)):
            await back_up(self.settings, self.house, self.folder / f"poste-{now:%Y%m%dT%H%M%SZ}.tar.gz", By())
        for old in self.archives(now)[: -self.settings.backups_kept]:
            await asyncio.to_thread(old.unlink, missing_ok=True)

    def archives(self, now: datetime) -> list[Path]:
        """Those in the folder that a schedule has made, oldest first; nothing else is ever removed.

        One that says it was taken later than now is older than all others: the clock was ahead, and was set back since.
        """
        found = [path for path in self.folder.iterdir() if _NIGHTLY.fullmatch(path.name)]
        return sorted(found, key=lambda path: (taken_at(path) <= now, path.name))


def taken_at(archive: Path) -> datetime:
    """When a scheduled backup was taken, by its name."""
    found = _NIGHTLY.fullmatch(archive.name)
    assert found is not None
    return datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
