"""What every Journal does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hub.wire.messages import PostSettings
from hub.wire.terms import Language, SettleReason
from node.adapters.journal_file import Files, JournalFile
from node.core.ledger import ClosedLease, OpenLease, Record, StaffGrant
from node.ports import Journal, JournalError, Loaded

FULL = Record(
    state_epoch="00000000-0000-0000-0000-0000000000e0",
    lease=OpenLease("00000000-0000-0000-0000-000000000001", 2, 600, 18, grace_given=True),
    closed=(ClosedLease("00000000-0000-0000-0000-000000000002", 1, 60, 60, SettleReason.EXPIRED),),
    grant=StaffGrant("00000000-0000-0000-0000-000000000003", 100, 9),
    request="00000000-0000-0000-0000-000000000004",
    settings=PostSettings(Language.EN, (300,), 30, 8, "AB23", "Médiathèque"),
)


def numbered(number: int) -> Record:
    """A record that can be told from others."""
    return replace(FULL, lease=replace(FULL.lease, debited_s=number))  # type: ignore[type-var]


@dataclass
class JournalBench:
    """A journal's place: `reopen` as the starts of a program do; `fail`: from now on writing fails, or works again."""

    reopen: Callable[[], Journal]
    fail: Callable[[bool], None]


class JournalSuite:
    """What was saved is there after a start; what was not is as if it had never been tried."""

    def test_a_new_one_holds_nothing(self, bench: JournalBench) -> None:
        assert bench.reopen().load() == Loaded(None)

    def test_what_was_saved_is_there_after_a_start(self, bench: JournalBench) -> None:
        journal = bench.reopen()
        journal.load()
        for record in (numbered(1), numbered(2), FULL):
            journal.save(record)
            assert bench.reopen().load() == Loaded(record)

    def test_saving_before_loading_is_our_bug(self, bench: JournalBench) -> None:
        with pytest.raises(RuntimeError, match="loaded before"):
            bench.reopen().save(FULL)

    def test_a_save_that_fails_says_so_and_leaves_the_record_before(self, bench: JournalBench) -> None:
        journal = bench.reopen()
        journal.load()
        journal.save(numbered(1))
        bench.fail(True)
        with pytest.raises(JournalError, match="No space left on device"):
            journal.save(numbered(2))
        assert bench.reopen().load() == Loaded(numbered(1))
        bench.fail(False)
        journal.save(numbered(3))
        assert bench.reopen().load() == Loaded(numbered(3))


class FailingFiles(Files):
    """The real system calls, of which one kind fails."""

    failing = ""

    def write(self, file: int, content: bytes) -> int:
        if self.failing == "write":
            raise OSError(28, "No space left on device")
        return super().write(file, content)

    def read(self, path: Path) -> bytes:
        if self.failing == f"read {path.name}":
            raise OSError(5, "Input/output error")
        return super().read(path)

    def sync_folder(self, folder: Path) -> None:
        if self.failing == "sync_folder":
            raise OSError(5, "Input/output error")
        super().sync_folder(folder)


def failing_journal(folder: Path) -> JournalBench:
    """The real one, on a disk that can be full."""
    files = FailingFiles()

    def fail(failing: bool) -> None:
        files.failing = "write" if failing else ""

    return JournalBench(lambda: JournalFile(folder, files), fail)
