"""Backups: taken hot, whole, private; restored whole or not at all."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import stat
import tarfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import pytest

from hub.adapters.db.errors import DatabaseUnusable
from hub.adapters.db.snapshot import copy_database, faults_of
from hub.adapters.mint import load_keys
from hub.domain.accounts import SIGN_INS, Role
from hub.main import Workshop, workshop
from hub.main.alone import alone
from hub.main.backup import BackupError, Nightly, back_up
from hub.main.restore import restore
from hub.settings import Settings, SettingsError
from hub.usecases.accounts.operators import add_operator
from hub.usecases.accounts.sign_in import Door, sign_in, token_hash
from hub.usecases.accounts.tokens import add_named_token
from hub.usecases.issue import IssueOrder, issue
from hub.usecases.views import LogFilter
from hub.usecases.work import By
from hub.wire.terms import Action
from tests.fakes.hub_clock import START, FakeClock

BY = By("marie")


async def archive_of(settings: Settings, house: Workshop, tmp_path: Path) -> tuple[Path, str]:
    """A backup of a house with one code."""
    [made] = await issue(house.room, IssueOrder(3600), BY)
    target = tmp_path / "poste.tar.gz"
    await back_up(settings, house, target, BY)
    return target, made.code


async def test_there_and_back(settings: Settings, house: Workshop, tmp_path: Path) -> None:
    (settings.data / "broker").mkdir(mode=0o700)
    (settings.data / "broker" / "ca.pem").write_text("authority")
    archive, code = await archive_of(settings, house, tmp_path)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    await house.accounts._database.close()
    there = replace(settings, data=tmp_path / "new")
    taken = await restore(there, archive, BY, replace=False)
    assert abs((datetime.now(UTC) - taken).total_seconds()) < 60
    assert stat.S_IMODE((there.data / "hub.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((there.data / "hub.sqlite3").stat().st_mode) == 0o600
    assert (there.data / "broker" / "ca.pem").read_text() == "authority"
    assert load_keys(there.data) == load_keys(settings.data)
    async with workshop(there) as again:
        async with again.room.store.transaction() as tx:
            session = await tx.session_by_code(again.room.mint.hash_code(code))
            assert session is not None
            assert session.code_sealed is not None
            assert again.room.mint.open_code(session.code_sealed) == code
            assert (await tx.learning()).since is not None  # R26
        entries = (await again.queries.logs(LogFilter(action=Action.BACKUP))).items
        assert [entry.details.get("restored") for entry in entries] == [True]
        assert entries[0].operator == "marie"
    assert not list(there.data.glob(".poste-*"))


async def test_who_was_signed_in_when_it_was_taken_signs_in_again(
    settings: Settings, house: Workshop, tmp_path: Path
) -> None:
    """They may have been signed out since, which the backup does not know; programs go on."""
    ada = await add_operator(house.desk, "ada", Role.ADMIN, "correct horse", BY)
    signed = [await sign_in(house.desk, "ada", "correct horse", Door(kind, "::1")) for kind in SIGN_INS]
    named = await add_named_token(house.desk, ada, "grafana", Role.VIEWER, None, BY)
    archive, _ = await archive_of(settings, house, tmp_path)
    await house.accounts._database.close()
    there = replace(settings, data=tmp_path / "new")
    await restore(there, archive, BY, replace=False)
    async with workshop(there) as again:
        assert [await again.accounts.bearer(token_hash(one.secret)) for one in signed] == [None, None]
        assert await again.accounts.bearer(token_hash(named.secret)) is not None


async def test_a_backup_is_in_the_journal_of_the_house(settings: Settings, house: Workshop, tmp_path: Path) -> None:
    archive, _ = await archive_of(settings, house, tmp_path)
    [entry] = (await house.queries.logs(LogFilter(action=Action.BACKUP))).items
    assert (entry.operator, entry.details) == ("marie", {"file": "poste.tar.gz", "bytes": archive.stat().st_size})


async def test_no_file_is_written_over(settings: Settings, house: Workshop, tmp_path: Path) -> None:
    archive, _ = await archive_of(settings, house, tmp_path)
    before = archive.read_bytes()
    with pytest.raises(BackupError, match="exists: choose another file"):
        await back_up(settings, house, archive, BY)
    assert archive.read_bytes() == before


def test_a_copy_is_of_one_moment_whoever_writes_meanwhile(tmp_path: Path) -> None:
    """Two tables that a writer always changes together; the copy's steps leave it time to."""
    source, target = tmp_path / "source.db", tmp_path / "copy.db"
    with closing(sqlite3.connect(source, isolation_level=None)) as setup:
        setup.execute("PRAGMA journal_mode = WAL")
        setup.executescript("CREATE TABLE a (n INTEGER, fill BLOB); CREATE TABLE b (n INTEGER)")
        setup.executemany("INSERT INTO a VALUES (0, ?)", [(bytes(3000),)] * 2000)
        setup.execute("INSERT INTO b SELECT n FROM a")
    writes = 0
    steps: list[tuple[int, int]] = []

    def write(done: int, total: int) -> None:
        nonlocal writes
        steps.append((done, total))
        with closing(sqlite3.connect(source)) as other, other:
            other.execute("UPDATE a SET n = n + 1")
            other.execute("UPDATE b SET n = n + 1")
            writes += 1

    copy_database(source, target, write, pages=400)
    assert writes >= 3
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == steps[-1][1]
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT min(n), max(n) FROM (SELECT n FROM a UNION ALL SELECT n FROM b)").fetchone() == (
            0,
            0,
        )
    assert faults_of(target) == []


def test_a_database_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"not a database " * 100)
    with pytest.raises(DatabaseUnusable, match="file is not a database"):
        copy_database(bad, tmp_path / "copy.db", lambda _done, _all: None)
    assert faults_of(bad) == ["file is not a database"]


def test_what_is_wrong_inside_a_database_is_told_in_lines(tmp_path: Path) -> None:
    torn = bytearray(small_database())
    torn[4096:4196] = b"\xff" * 100
    (tmp_path / "torn.db").write_bytes(torn)
    found = faults_of(tmp_path / "torn.db")
    assert found
    assert not [line for line in found if "\n" in line or line.startswith("***")]


async def test_a_damaged_database_makes_no_backup(settings: Settings, house: Workshop, tmp_path: Path) -> None:
    await issue(house.room, IssueOrder(3600, count=100), BY)
    with closing(sqlite3.connect(settings.data / "hub.sqlite3")) as file:
        file.execute("PRAGMA foreign_keys = OFF")
        file.execute("UPDATE session SET user_id = 'gone'")
        file.commit()
    with pytest.raises(
        BackupError, match=r"is damaged \(rows in session refer to others that are missing\): no backup"
    ):
        await back_up(settings, house, tmp_path / "poste.tar.gz", BY)
    assert {path.name for path in tmp_path.iterdir()} == {"data"}  # noqa: ASYNC240


async def test_a_folder_that_is_not_empty_is_only_replaced_when_asked(
    settings: Settings, house: Workshop, tmp_path: Path
) -> None:
    archive, _ = await archive_of(settings, house, tmp_path)
    await house.accounts._database.close()
    key = (settings.data / "hub.key").read_text()
    with pytest.raises(BackupError, match="is not empty: --replace puts what is there aside"):
        await restore(settings, archive, BY, replace=False)
    clock = FakeClock()
    await restore(settings, archive, BY, replace=True, clock=clock)
    aside = settings.data / "replaced-20261123T090000Z"
    assert (aside / "hub.key").read_text() == key
    assert faults_of(aside / "hub.sqlite3") == []


async def test_nothing_is_restored_under_a_running_hub(settings: Settings, house: Workshop, tmp_path: Path) -> None:
    archive, _ = await archive_of(settings, house, tmp_path)
    with (
        alone(settings),
        pytest.raises(
            SettingsError, match=rf"another hub \(process {os.getpid()}\) runs on {settings.data}: end it first"
        ),
    ):
        await restore(settings, archive, BY, replace=True)


def packed(target: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(target, "w:gz") as tar:
        for name, content in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            tar.addfile(about, io.BytesIO(content))
    return target


def small_database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE post (id TEXT)")
        connection.executemany("INSERT INTO post VALUES (?)", [("p" * 100,)] * 1000)
        connection.commit()
        return connection.serialize()


MANIFEST = json.dumps({"format": 1, "version": "0.1.0", "at": START.isoformat()}).encode()


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"manifest.json": MANIFEST}, r"is not whole: it lacks hub\.sqlite3, hub\.key"),
        ({"manifest.json": b"{}"}, "cannot be read as a backup"),
        ({"manifest.json": MANIFEST.replace(b"1", b"9", 1)}, "newer version of poste-hub"),
        ({"../etc/passwd": b"x"}, r"is no backup of poste-hub: it holds '\.\./etc/passwd'"),
        (
            {"manifest.json": MANIFEST, "hub.sqlite3": b"rubbish" * 999, "hub.key": b"x"},
            "the database in .* is damaged: file is not a database",
        ),
        ({"manifest.json": MANIFEST, "hub.sqlite3": small_database(), "hub.key": b"x"}, "the keys in .* are damaged"),
    ],
)
async def test_an_archive_that_cannot_be_used_changes_nothing(
    tmp_path: Path, files: dict[str, bytes], why: str
) -> None:
    settings = Settings(data=tmp_path / "data")
    with pytest.raises(BackupError, match=why):
        await restore(settings, packed(tmp_path / "bad.tar.gz", files), BY, replace=True)
    assert [file.name for file in settings.data.iterdir()] == ["hub.lock"]


@pytest.mark.parametrize("cut", [0, 10, 2000])
async def test_a_torn_archive_changes_nothing(settings: Settings, house: Workshop, tmp_path: Path, cut: int) -> None:
    archive, _ = await archive_of(settings, house, tmp_path)
    await house.accounts._database.close()
    archive.write_bytes(archive.read_bytes()[:cut])
    there = replace(settings, data=tmp_path / "new")
    with pytest.raises(BackupError, match="cannot be read as a backup"):
        await restore(there, archive, BY, replace=False)
    assert [file.name for file in there.data.iterdir()] == ["hub.lock"]


async def test_postgresql_is_left_to_its_own_tools(house: Workshop, tmp_path: Path) -> None:
    settings = Settings(database="postgres://poste@db.example/poste")
    with pytest.raises(BackupError, match="pg_dump --format=custom"):
        await back_up(settings, house, tmp_path / "x", BY)
    with pytest.raises(BackupError, match="pg_restore --clean"):
        await restore(settings, tmp_path / "x", BY, replace=False)


async def utc() -> tzinfo:
    return UTC


class TestNightly:
    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock()

    @pytest.fixture
    def nightly(self, settings: Settings, house: Workshop, clock: FakeClock, tmp_path: Path) -> Nightly:
        settings = replace(settings, backups_kept=3, backup_hour=3)
        return Nightly(settings, replace(house, room=replace(house.room, clock=clock)), tmp_path / "backups", utc)

    async def test_one_a_night_and_the_oldest_go(self, nightly: Nightly, clock: FakeClock) -> None:
        for _ in range(5):
            await nightly.run()
            clock.advance(86_400)
        names = [archive.name for archive in nightly.archives(clock.now())]
        assert names == [f"poste-202611{day}T090000Z.tar.gz" for day in (25, 26, 27)]
        assert stat.S_IMODE(nightly.folder.stat().st_mode) == 0o700

    async def test_a_start_makes_up_for_a_night_that_was_missed_and_for_no_other(
        self, nightly: Nightly, clock: FakeClock
    ) -> None:
        await nightly.run()
        clock.advance(3600)
        await nightly.run()
        assert len(nightly.archives(clock.now())) == 1
        clock.advance(17 * 3600)  # three in the morning has passed
        await nightly.run()
        assert len(nightly.archives(clock.now())) == 2

    async def test_an_archive_of_a_clock_ahead_holds_no_night_up_and_goes_first(
        self, nightly: Nightly, clock: FakeClock
    ) -> None:
        clock.advance(10 * 86_400)
        await nightly.run()
        clock.advance(-10 * 86_400)
        for _ in range(3):
            await nightly.run()
            clock.advance(86_400)
        names = [archive.name for archive in nightly.archives(clock.now())]
        assert names == [f"poste-202611{day}T090000Z.tar.gz" for day in (23, 24, 25)]

    async def test_other_files_are_left_alone(self, nightly: Nightly, clock: FakeClock) -> None:
        nightly.folder.mkdir()
        mine = nightly.folder / "poste-before-the-move.tar.gz"
        mine.write_text("keep me")
        for _ in range(5):
            await nightly.run()
            clock.advance(86_400)
        assert mine.exists()
