"""Crashes are counted, power cuts and orderly ends are not."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from node.adapters.crash_file import LIMIT, NAME, PAUSE_MS, WINDOW_MS, CrashFile, machine_start


def start(folder: Path, at_ms: int, machine: str = "boot-1", *, power_cut: bool = False) -> tuple[CrashFile, int]:
    file = CrashFile(folder, machine)
    return file, file.begin(at_ms, power_cut=power_cut)


def test_ends_without_a_goodbye_are_counted(tmp_path: Path) -> None:
    assert [start(tmp_path, at)[1] for at in range(1_000, 5_000, 1_000)] == [0, 1, 2, 3]


def test_orderly_ends_are_not(tmp_path: Path) -> None:
    for at in range(10):
        file, crashes = start(tmp_path, at)
        assert crashes == 0
        file.end()


def test_a_crash_between_orderly_ends_still_counts(tmp_path: Path) -> None:
    start(tmp_path, 0)
    file, crashes = start(tmp_path, 1)
    file.end()
    assert (crashes, start(tmp_path, 2)[1]) == (1, 1)


def test_old_crashes_are_forgotten(tmp_path: Path) -> None:
    start(tmp_path, 0)
    start(tmp_path, 1)
    file, crashes = start(tmp_path, WINDOW_MS + 1)
    assert crashes == 1
    file.end()
    assert start(tmp_path, 2 * WINDOW_MS + 1)[1] == 0


def test_a_power_cut_is_no_crash(tmp_path: Path) -> None:
    for at in range(LIMIT):
        start(tmp_path, at)
    assert start(tmp_path, 3, machine="boot-2")[1] == 0
    assert start(tmp_path, 4, machine="boot-2")[1] == 1
    assert start(tmp_path, 5, machine="boot-2", power_cut=True)[1] == 0


def test_a_crash_after_the_pause_is_a_loop_again_at_once(tmp_path: Path) -> None:
    crashes = [start(tmp_path, at)[1] for at in range(LIMIT + 1)]
    assert crashes[-1] >= LIMIT
    assert start(tmp_path, PAUSE_MS + 1_000)[1] >= LIMIT


def test_the_note_stays_small(tmp_path: Path) -> None:
    for at in range(200):
        start(tmp_path, at)
    assert (tmp_path / NAME).stat().st_size < 200
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"machine": "boot-1", "crashes": 5, "running": 1}'])
def test_a_note_that_cannot_be_read_counts_for_nothing(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / NAME).write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert start(tmp_path, 0)[1] == 0
    assert "cannot be read" in caplog.text
    assert start(tmp_path, 1)[1] == 1


def test_a_note_that_cannot_be_written_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / NAME).mkdir()
    with caplog.at_level(logging.WARNING):
        file, crashes = start(tmp_path, 0)
        file.end()
    assert crashes == 0
    assert "cannot be written" in caplog.text


def test_no_folder_is_the_journals_business(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "none", tmp_path / "file"):
        file, crashes = start(folder, 0)
        file.end()
        assert crashes == 0
    assert not caplog.records


def test_this_machine_has_an_id_of_its_start() -> None:
    assert machine_start() == machine_start() != ""
