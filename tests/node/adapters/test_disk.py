"""A look at the journal's disk leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

from node.adapters.disk import look_at


def test_a_good_folder_takes_a_file_and_keeps_none(tmp_path: Path) -> None:
    found = look_at(tmp_path)
    assert (found.folder, found.error) == (tmp_path, "")
    assert found.free_mib > 0
    assert found.sync_ms > 0
    assert not list(tmp_path.iterdir())


def test_a_folder_to_come_is_not_made(tmp_path: Path) -> None:
    found = look_at(tmp_path / "to" / "come")
    assert (found.folder, found.error) == (tmp_path, "")
    assert not list(tmp_path.iterdir())


def test_what_takes_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", Path("/proc/self")):
        assert look_at(place).error
