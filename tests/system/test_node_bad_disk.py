"""A journal's disk that is full, or has become read-only: real file systems, in a mount namespace of the test's own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

import pytest

from node.adapters.journal_file import JournalFile
from node.ports import JournalError
from tests.system.node_process import Post, config, post, stay, until

PAID_S = 10
"""What is durably debited ahead, at the most."""
AS_ROOT = () if os.geteuid() == 0 else ("--user", "--map-root-user")
MOUNT = 'mount -t tmpfs -o size=64k,mode=700 none "$0" && cp "$1"/* "$0" && shift && exec "$@"'


class Disk:
    """The small file system that holds a post's journal, seen through the post's own namespace."""

    def __init__(self, node: Post, folder: Path) -> None:
        self._pid = node.process.pid
        self.folder = Path(f"/proc/{self._pid}/root") / folder.relative_to("/")

    def fill(self) -> None:
        """No byte is left."""
        with (self.folder / "filler").open("wb", buffering=0) as file:
            for size in (4096, 1):
                with pytest.raises(OSError, match="No space left on device"):
                    _write_on(file, b"\0" * size)

    def make_room(self) -> None:
        (self.folder / "filler").unlink()

    def remount(self, how: str) -> None:
        """`ro` or `rw`."""
        within = ["nsenter", "--target", str(self._pid), "--mount", *(["--user"] if AS_ROOT else [])]
        subprocess.run([*within, "mount", "-o", f"remount,{how}", self._inside], check=True, timeout=10)

    @property
    def _inside(self) -> str:
        return str(self.folder).removeprefix(f"/proc/{self._pid}/root")


def _write_on(file: FileIO, block: bytes) -> None:
    while True:
        file.write(block)


@pytest.fixture(autouse=True)
def namespaces() -> None:
    """This needs util-linux and the right to mount in a namespace."""
    for program in ("unshare", "nsenter"):
        assert shutil.which(program), f"{program} is missing: apt install util-linux"
    tried = subprocess.run(
        ["unshare", *AS_ROOT, "--mount", "mount", "-t", "tmpfs", "none", "/mnt"],
        capture_output=True,
        text=True,
        check=False,
        timeout=10,
    )
    assert tried.returncode == 0, (
        f"no file system can be mounted here ({tried.stderr.strip()}): run as root, or allow user namespaces "
        "(sysctl kernel.unprivileged_userns_clone=1), in a container with --cap-add SYS_ADMIN"
    )


@contextmanager
def stay_on_a_small_disk(tmp_path: Path) -> Iterator[tuple[Post, Disk]]:
    """A running stay whose journal lies on 64 KiB."""
    (tmp_path / "journal").mkdir()
    stay(tmp_path / "before", left_s=300)
    toml, journal = config(tmp_path), tmp_path / "journal"
    mounted = ["unshare", *AS_ROOT, "--mount", "sh", "-c", MOUNT, str(journal), str(tmp_path / "before")]
    with post(toml, before=mounted) as node:
        until(lambda: node.powered)
        yield node, Disk(node, journal)


def debited(disk: Disk) -> int:
    record = JournalFile(disk.folder).load().record
    assert record is not None
    assert record.lease is not None
    return record.lease.debited_s


def refuses_codes(node: Post) -> None:
    """It says so, and goes on saying so when a code is typed."""
    assert node.state()["phase"] == "fault"
    until(lambda: node.says("Out of order"))
    node.type("K7M2QX\n")
    until(lambda: node.says("Out of order"), within_s=5)
    assert (node.powered, node.state()["phase"]) == (False, "fault")


@pytest.mark.parametrize("kind", ["full", "read-only"])
def test_a_stay_has_its_paid_time_and_goes_on_when_the_disk_is_well_again(tmp_path: Path, kind: str) -> None:
    with stay_on_a_small_disk(tmp_path) as (node, disk):
        if kind == "full":
            disk.fill()
        else:
            disk.remount("ro")
        paid = debited(disk)
        until(lambda: node.state()["faults"] == ["journal"], within_s=PAID_S + 2)
        assert node.powered  # the fault comes a second before the paid time is over
        assert until(lambda: not node.powered, within_s=PAID_S + 2) <= PAID_S
        assert debited(disk) == paid
        refuses_codes(node)

        if kind == "full":
            disk.make_room()
        else:
            disk.remount("rw")
        until(lambda: node.powered, within_s=12)
        assert node.state()["faults"] == []
        assert paid < debited(disk) <= paid + PAID_S


@pytest.mark.parametrize("kind", ["full", "read-only"])
def test_a_disk_that_takes_nothing_is_an_error_of_the_journals(tmp_path: Path, kind: str) -> None:
    with stay_on_a_small_disk(tmp_path) as (_, disk):
        if kind == "full":
            disk.fill()
        else:
            disk.remount("ro")
        journal = JournalFile(disk.folder)
        record = journal.load().record
        assert record is not None
        with pytest.raises(JournalError, match="No space left" if kind == "full" else "Read-only"):
            journal.save(record)
