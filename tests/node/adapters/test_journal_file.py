"""Every Journal, and what only a disk can do to the real one (R24)."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from node.adapters.journal_file import NAMES, Files, JournalFile
from node.core.ledger import Record
from node.ports import JournalError, Loaded
from tests.adapters.journal import FULL, FailingFiles, JournalBench, JournalSuite, failing_journal, numbered
from tests.fakes.journal import MemoryJournal


class TestEveryJournal(JournalSuite):
    """The fake and the real one."""

    @pytest.fixture(params=["memory", "file"])
    def bench(self, request: pytest.FixtureRequest, tmp_path: Path) -> JournalBench:
        if request.param == "file":
            return failing_journal(tmp_path / "journal")
        kept = MemoryJournal()

        def fail(failing: bool) -> None:
            kept.broken = failing

        return JournalBench(lambda: kept, fail)


# --- what a disk can do


def saved(folder: Path, *records: Record) -> Path:
    """A folder in which these records were saved one after the other; returns the newest file."""
    journal = JournalFile(folder)
    journal.load()
    for record in records:
        journal.save(record)
    return folder / NAMES[(len(records) - 1) % 2]


def test_folder_and_files_are_nobody_elses(tmp_path: Path) -> None:
    file = saved(tmp_path / "a" / "journal", FULL)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_save_leaves_two_generations_and_nothing_else(tmp_path: Path) -> None:
    saved(tmp_path, numbered(1), numbered(2), numbered(3))
    assert {file.name for file in tmp_path.iterdir()} == set(NAMES)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: content[:0],
    "torn": lambda content: content[: len(content) // 2],
    "header only": lambda content: content.split(b"\n")[0],
    "no header": lambda content: content.split(b"\n")[1],
    "longer": lambda content: content + b" ",
    "a flipped bit in the record": lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
    "another generation": lambda content: content.replace(b"journal 1 2 ", b"journal 1 9 "),
    "zeroes": lambda content: bytes(len(content)),
    "not UTF-8": lambda content: b"\xff\xfe" + content,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_newest_generation_falls_back_and_says_so(tmp_path: Path, damage: str) -> None:
    newest = saved(tmp_path, numbered(1), numbered(2))
    newest.write_bytes(DAMAGES[damage](newest.read_bytes()))
    assert JournalFile(tmp_path).load() == Loaded(numbered(1), older=True)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_journal_that_fell_back_heals_by_saving(tmp_path: Path, damage: str) -> None:
    newest = saved(tmp_path, numbered(1), numbered(2))
    newest.write_bytes(DAMAGES[damage](newest.read_bytes()))
    journal = JournalFile(tmp_path)
    journal.load()
    journal.save(numbered(3))
    assert JournalFile(tmp_path).load() == Loaded(numbered(3))


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name != "another generation"])
def test_when_nothing_can_be_read_all_is_put_aside(tmp_path: Path, damage: str) -> None:
    saved(tmp_path, numbered(1), numbered(2))
    for name in NAMES:
        file = tmp_path / name
        file.write_bytes(DAMAGES[damage](file.read_bytes()))
    (tmp_path / "journal-a.bad-1").touch()
    loaded = JournalFile(tmp_path).load()
    assert loaded == Loaded(None, aside="journal-a.bad-2, journal-b.bad-1")
    assert JournalFile(tmp_path).load() == Loaded(None)


def test_a_lost_newest_generation_counts_as_a_fall_back(tmp_path: Path) -> None:
    saved(tmp_path, numbered(1), numbered(2), numbered(3)).unlink()
    assert JournalFile(tmp_path).load() == Loaded(numbered(2), older=True)


def test_a_bad_block_under_one_generation_is_what_the_other_is_for(tmp_path: Path) -> None:
    newest = saved(tmp_path, numbered(1), numbered(2))
    disk = FailingFiles()
    disk.failing = f"read {newest.name}"
    assert JournalFile(tmp_path, disk).load() == Loaded(numbered(1), older=True)


def test_the_journal_of_a_later_program_is_kept_for_it(tmp_path: Path) -> None:
    newest = saved(tmp_path, numbered(1), numbered(2))
    later = newest.read_bytes().replace(b"poste-journal 1 ", b"poste-journal 2 ")
    newest.write_bytes(later)
    loaded = JournalFile(tmp_path).load()
    assert loaded == Loaded(numbered(1), older=True, aside=f"{newest.name}.bad-1")
    assert (tmp_path / f"{newest.name}.bad-1").read_bytes() == later


def test_a_valid_checksum_over_something_else_is_no_record(tmp_path: Path) -> None:
    from node.adapters.journal_file import _checksum

    body = b'{"state_epoch": 7}'
    file = saved(tmp_path, numbered(1))
    file.write_bytes(f"poste-journal 1 1 {_checksum(1, body)}\n".encode() + body)
    assert JournalFile(tmp_path).load().record is None


def test_a_folder_that_cannot_be_used_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="file"):
        JournalFile(tmp_path / "file").load()


class Locked(Files):
    """A journal of another user."""

    def read(self, path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))


def test_a_journal_of_another_user_is_an_error_and_stays_where_it_is(tmp_path: Path) -> None:
    saved(tmp_path, FULL)
    with pytest.raises(JournalError, match="journal-a: Permission denied"):
        JournalFile(tmp_path, Locked()).load()
    assert (tmp_path / NAMES[0]).exists()


def test_a_failure_at_the_very_last_step_does_not_confuse_the_next_save(tmp_path: Path) -> None:
    saved(tmp_path, numbered(1), numbered(2))
    disk = FailingFiles()
    journal = JournalFile(tmp_path, disk)
    journal.load()
    disk.failing = "sync_folder"
    with pytest.raises(JournalError, match="Input/output error"):
        journal.save(numbered(3))
    disk.failing = ""
    journal.save(numbered(4))
    assert JournalFile(tmp_path).load() == Loaded(numbered(4))


# --- a power cut at every point


class PowerCut(BaseException):
    """The machine is gone: no handler of the journal's may run on."""


class Disk(Files):
    """Files in memory of a machine whose power goes after so many system calls.

    What was not made durable may be there or not: `survivors` gives every disk that can be found afterwards.
    """

    def __init__(self, durable: dict[str, bytes], calls: int = 10**9) -> None:
        self.durable = dict(durable)
        self.calls = calls
        self._open = ""
        self._written = b""
        self._synced = True
        self._renamed: list[tuple[str, str]] = []

    def _spend(self) -> None:
        if self.calls == 0:
            raise PowerCut
        self.calls -= 1

    def make_folder(self, folder: Path) -> None:
        self._spend()

    def read(self, path: Path) -> bytes:
        self._spend()
        if path.name not in self.durable:
            raise FileNotFoundError(2, "No such file", str(path))
        return self.durable[path.name]

    def create(self, path: Path) -> int:
        self._spend()
        self._open, self._written, self._synced = path.name, b"", False
        return 3

    def write(self, file: int, content: bytes) -> int:
        self._spend()
        part = content[: len(content) // 2 + 1]
        self._written += part
        return len(part)

    def sync(self, file: int) -> None:
        self._spend()
        self._synced = True

    def close(self, file: int) -> None:
        if self.calls:
            self._spend()

    def rename(self, source: Path, target: Path) -> None:
        self._spend()
        self._renamed = [(source.name, target.name)]

    def sync_folder(self, folder: Path) -> None:
        self._spend()
        self.durable = next(iter(self.survivors(renamed=True)))
        self._open, self._renamed, self._synced = "", [], True

    def survivors(self, *, renamed: bool | None = None) -> Iterator[dict[str, bytes]]:
        """Every content that the disk may have when the power is back."""
        contents = [self._written]
        if not self._synced:
            contents += [b"", self._written[: len(self._written) // 2]]
        for content in contents:
            for moved in [renamed] if renamed is not None else [False, True]:
                found = dict(self.durable)
                if self._open:
                    found[self._open] = content
                for source, target in self._renamed if moved else []:
                    found[target] = found.pop(source)
                yield found


def after_saves(*records: Record) -> dict[str, bytes]:
    """A disk on which these records were saved."""
    disk = Disk({})
    journal = JournalFile(Path("/journal"), disk)
    journal.load()
    for record in records:
        journal.save(record)
    return disk.durable


@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_a_power_cut_at_any_point_leaves_the_record_before_or_after(before: int) -> None:
    durable = after_saves(*(numbered(number) for number in range(before)))
    old = numbered(before - 1) if before else None
    new = numbered(before)
    seen: list[Record | None] = []
    for calls in range(40):
        disk = Disk(durable)
        journal = JournalFile(Path("/journal"), disk)
        journal.load()
        disk.calls = calls
        try:
            journal.save(new)
        except PowerCut:
            for found in disk.survivors():
                loaded = JournalFile(Path("/journal"), Disk(found)).load()
                assert loaded in (Loaded(old), Loaded(new))
                seen.append(loaded.record)
        else:
            assert JournalFile(Path("/journal"), Disk(disk.durable)).load() == Loaded(new)
            break
    else:
        pytest.fail("the save never ended")
    assert old in seen
    assert new in seen


@pytest.mark.parametrize("calls", range(16))
def test_a_power_cut_of_the_real_files_leaves_the_record_before_or_after(tmp_path: Path, calls: int) -> None:
    saved(tmp_path, numbered(1), numbered(2))

    class Cut(Files):
        """The real calls, cut off after some of them."""

        left = 10**9

        def __getattribute__(self, name: str) -> object:
            if name in {"create", "write", "sync", "rename", "sync_folder"}:
                if self.left == 0:
                    raise PowerCut
                self.left -= 1
            return super().__getattribute__(name)

    files = Cut()
    journal = JournalFile(tmp_path, files)
    journal.load()
    files.left = calls
    ended = True
    try:
        journal.save(numbered(3))
    except PowerCut:
        ended = False
    loaded = JournalFile(tmp_path).load()
    assert loaded in ((Loaded(numbered(3)),) if ended else (Loaded(numbered(2)), Loaded(numbered(3))))
    saved(tmp_path, numbered(4))
    assert JournalFile(tmp_path).load() == Loaded(numbered(4))


def test_a_full_disk_really_full(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.fail("this test needs /dev/full (Linux)")

    class Full(Files):
        """Writes go to the device that is always full."""

        def create(self, path: Path) -> int:
            os.close(super().create(path))
            return os.open("/dev/full", os.O_WRONLY)

    saved(tmp_path, numbered(1))
    journal = JournalFile(tmp_path, Full())
    journal.load()
    with pytest.raises(JournalError, match="No space left on device"):
        journal.save(numbered(2))
    assert JournalFile(tmp_path).load() == Loaded(numbered(1))
