"""What systemd hears of the node, through a real notification socket."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from node.adapters.notify import SystemdNotifier
from node.shell.health import Unwatched
from tests.adapters.supervisor import SupervisorBench, SupervisorSuite, systemd_of
from tests.fakes.supervisor import FakeSupervisor


@pytest.fixture(params=["path", "abstract"])
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """systemd's end, and its name in NOTIFY_SOCKET."""
    path = str(tmp_path / "notify")
    name = path if request.param == "path" else f"@{path}"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as bound:
        bound.bind(name.replace("@", "\0"))
        bound.settimeout(5)
        yield bound, name


def test_each_word_arrives_as_systemd_wants_it(line: tuple[socket.socket, str]) -> None:
    bound, name = line
    notifier = SystemdNotifier({"NOTIFY_SOCKET": name})
    notifier.ready()
    notifier.say("running; hub: no_hub\nREADY=0")
    notifier.alive()
    notifier.stopping()
    heard = [bound.recv(1000) for _ in range(4)]
    assert heard == [b"READY=1", b"STATUS=running; hub: no_hub READY=0", b"WATCHDOG=1", b"STOPPING=1"]


@pytest.mark.parametrize(
    ("environ", "beat_ms"),
    [
        ({"WATCHDOG_USEC": "10000000"}, 5_000),
        ({"WATCHDOG_USEC": "10000000", "WATCHDOG_PID": "77"}, 5_000),
        ({"WATCHDOG_USEC": "10000000", "WATCHDOG_PID": "78"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({}, None),
    ],
)
def test_a_beat_is_half_of_the_patience_that_is_meant_for_this_process(
    environ: dict[str, str], beat_ms: int | None
) -> None:
    assert SystemdNotifier({"NOTIFY_SOCKET": "/run/notify", **environ}, pid=77).beat_ms == beat_ms


def test_without_a_socket_there_is_nobody_to_tell() -> None:
    for environ in ({"WATCHDOG_USEC": "10000000"}, {"NOTIFY_SOCKET": "vsock:2:1", "WATCHDOG_USEC": "10000000"}):
        notifier = SystemdNotifier(environ)
        notifier.ready()
        assert notifier.beat_ms is None


def test_a_systemd_that_does_not_hear_is_told_of_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        SystemdNotifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).alive()
    assert "systemd does not hear" in caplog.text


def test_no_descriptor_is_left_behind(line: tuple[socket.socket, str]) -> None:
    notifier = SystemdNotifier({"NOTIFY_SOCKET": line[1]})
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a list to count
    for _ in range(5):
        notifier.alive()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - a list to count


class TestEverySupervisor(SupervisorSuite):
    """The fake, and systemd's end of a real socket."""

    @pytest.fixture(params=["fake", "systemd"])
    def bench(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SupervisorBench]:
        if request.param == "fake":
            fake = FakeSupervisor()
            yield SupervisorBench(fake, lambda: fake.told)
        else:
            with systemd_of(tmp_path) as bench:
                yield bench


def test_where_nobody_watches_every_word_is_taken() -> None:
    none = Unwatched()
    none.ready()
    none.say("idle")
    none.alive()
    none.stopping()
    assert none.beat_ms is None
