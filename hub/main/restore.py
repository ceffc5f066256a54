"""Restoring a backup, whole or not at all: all is unpacked, checked and brought up to date before the old data go.

The hub that starts on it knows less than the room: it is marked to learn before it answers codes (R26). Nor does it
know who was signed out since: everybody signs in again.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

from hub.adapters.clock import SystemClock
from hub.adapters.db.engine import open_database
from hub.adapters.db.migrate import migrate
from hub.adapters.db.snapshot import faults_of
from hub.adapters.db.store import TortoiseStore
from hub.adapters.mint import KEY_FILE, KeyFileError, load_keys
from hub.domain.accounts import SIGN_INS
from hub.domain.records import Learning, LogEntry
from hub.main.alone import alone
from hub.main.backup import BESIDE, DATABASE, FORMAT, MANIFEST, ON_POSTGRES, BackupError
from hub.settings import Settings
from hub.usecases.ports import Clock
from hub.usecases.work import By
from hub.wire.terms import Action

_NEEDED = (MANIFEST, DATABASE, KEY_FILE)
_OLD = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", KEY_FILE, *BESIDE)


async def restore(settings: Settings, archive: Path, by: By, *, replace: bool, clock: Clock | None = None) -> datetime:
    """Put the archive's house in the data folder; returns when it was taken.

    What was there is kept in a folder `replaced-…` beside it. BackupError for a folder that is not empty (without
    `replace`) or an archive that cannot be used; SettingsError while a hub runs; SchemaError for a newer version's.
    """
    if settings.database:
        raise BackupError(ON_POSTGRES)
    data, now = settings.data, (clock or SystemClock()).now()
    with alone(settings):
        there = [data / name for name in _OLD if (data / name).exists()]
        if there and not replace:
            raise BackupError(f"{data} is not empty: --replace puts what is there aside, in a folder beside it")
        with tempfile.TemporaryDirectory(prefix=".poste-restore-", dir=data) as folder:
            taken = await asyncio.to_thread(_unpack, archive, Path(folder))
            await _prepare(Path(folder), taken, now, by)
            await asyncio.to_thread(_swap, Path(folder), data, there, data / f"replaced-{now:%Y%m%dT%H%M%SZ}")
    return taken


def _unpack(archive: Path, folder: Path) -> datetime:
    """Only files that a backup has, as plain files; the rest of a foreign archive is never written."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                if not member.isfile() or member.name not in (*_NEEDED, *BESIDE):
                    raise BackupError(f"{archive} is no backup of poste-hub: it holds {member.name!r:.80}")
                (folder / member.name).parent.mkdir(mode=0o700, exist_ok=True)
                tar.extract(member, folder, filter="data")
                (folder / member.name).chmod(0o600)
        manifest = json.loads((folder / MANIFEST).read_text())
        taken, written = datetime.fromisoformat(manifest["at"]), int(manifest["format"])
    except (tarfile.TarError, EOFError, OSError, ValueError, LookupError, TypeError) as error:
        raise BackupError(f"{archive} cannot be read as a backup: {error}") from error
    if written > FORMAT:
        raise BackupError(f"{archive} was made by a newer version of poste-hub: update this one")
    missing = [name for name in _NEEDED if not (folder / name).exists()]
    if missing:
        raise BackupError(f"{archive} is not whole: it lacks {', '.join(missing)}")
    faults = faults_of(folder / DATABASE)
    if faults:
        raise BackupError(f"the database in {archive} is damaged: {faults[0]}")
    try:
        load_keys(folder)
    except KeyFileError:  # its text is for a key that is in its place
        raise BackupError(f"the keys in {archive} are damaged: live codes could not be read") from None
    return taken


async def _prepare(folder: Path, taken: datetime, now: datetime, by: By) -> None:
    await migrate(folder / DATABASE)
    database = await open_database(folder / DATABASE)
    try:
        async with TortoiseStore(database, SystemClock()).transaction() as tx:
            await tx.save(Learning(since=now))
            for operator in await tx.operators():  # or who was signed out since would be in again
                await tx.revoke_tokens(operator.id, SIGN_INS)
            details = {"restored": True, "taken_at": taken.isoformat()}
            await tx.log(LogEntry(now, Action.BACKUP, operator=by.operator, details=details, ip_address=by.ip_address))
    finally:
        await database.close()


def _swap(folder: Path, data: Path, there: list[Path], aside: Path) -> None:
    for old in there:
        kept = aside / old.relative_to(data)
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        old.rename(kept)
    for name in (KEY_FILE, *BESIDE, DATABASE):  # the database last: without it the folder is plainly not whole
        if (folder / name).exists():
            (data / name).parent.mkdir(mode=0o700, exist_ok=True)
            shutil.move(folder / name, data / name)
