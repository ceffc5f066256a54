"""A post as a process: signs of life for systemd, a disk that hangs, and a program that keeps dying."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from node.adapters.crash_file import LIMIT
from node.adapters.journal_file import TEMPORARY
from node.shell.saver import HANG_MS
from tests.system.node_process import config, post, stay, until

WATCHDOG_MS = 1_000


class Systemd:
    """The other end of NOTIFY_SOCKET, with a watchdog that bites nobody."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.setblocking(False)
        self.environ = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": str(WATCHDOG_MS * 1000)}
        self.close = self._socket.close

    def heard(self) -> list[str]:
        """What has come since it was last asked."""
        words = []
        while True:
            try:
                words.append(self._socket.recv(1000).decode())
            except BlockingIOError:
                return words

    def hears(self, word: str) -> Callable[[], bool]:
        return lambda: word in self.heard()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    with closing(Systemd(tmp_path / "notify")) as made:
        yield made


def test_systemd_hears_that_it_is_ready_and_lives_and_ends(tmp_path: Path, systemd: Systemd) -> None:
    with post(config(tmp_path), environ=systemd.environ) as node:
        heard: list[str] = []

        def three_beats() -> bool:
            heard.extend(systemd.heard())
            return heard.count("WATCHDOG=1") >= 3

        until(three_beats)
        assert heard[0].startswith("STATUS=idle")
        assert heard.index("READY=1") < heard.index("WATCHDOG=1")
        node.process.send_signal(signal.SIGTERM)
        until(systemd.hears("STOPPING=1"))
        assert node.process.wait(10) == 0


def test_a_disk_that_hangs_ends_the_signs_of_life_and_the_power(tmp_path: Path, systemd: Systemd) -> None:
    """The journal's next file is a pipe that nobody reads: its open() hangs in the kernel, as on a dying card."""
    journal = tmp_path / "journal"
    stay(journal, left_s=3)
    with post(config(tmp_path), environ=systemd.environ) as node:
        os.mkfifo(journal / TEMPORARY)
        until(lambda: node.powered)
        until(systemd.hears("WATCHDOG=1"))
        took_s = until(lambda: not node.powered, within_s=12)
        assert took_s < 3 + HANG_MS / 1000 + 1
        systemd.heard()
        # Two beats' time: the page of the post goes on, and systemd hears nothing.
        with pytest.raises(AssertionError, match="did not happen"):
            until(systemd.hears("WATCHDOG=1"), within_s=WATCHDOG_MS / 1000)

        let_go = os.open(journal / TEMPORARY, os.O_RDONLY | os.O_NONBLOCK)
        (journal / TEMPORARY).unlink()
        os.close(let_go)
        until(systemd.hears("WATCHDOG=1"))


def test_a_program_that_keeps_dying_comes_up_without_power(tmp_path: Path) -> None:
    toml = config(tmp_path)
    stay(tmp_path / "journal", left_s=300)
    for _ in range(LIMIT):
        with post(toml) as node:
            until(lambda: node.powered)
            node.process.kill()
    with post(toml) as node:
        until(lambda: "crash_loop" in node.state()["faults"])
        assert not node.powered
        assert node.state()["phase"] == "fault"
        node.process.send_signal(signal.SIGTERM)
        assert node.process.wait(10) == 0


def test_power_cuts_and_orderly_ends_are_no_crash_loop(tmp_path: Path) -> None:
    toml = config(tmp_path)
    stay(tmp_path / "journal", left_s=300)
    with post(toml) as node:
        for _ in range(LIMIT):
            before = node.state()["boot_id"]
            node.power_cut()
            until(lambda: node.state()["boot_id"] != before)  # noqa: B023 - asked at once
        assert (node.state()["faults"], node.powered) == ([], True)
        node.process.send_signal(signal.SIGTERM)
        assert node.process.wait(10) == 0
    with post(toml) as node:
        until(lambda: node.powered)
