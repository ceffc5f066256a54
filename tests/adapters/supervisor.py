"""What every Supervisor does."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from node.adapters.notify import SystemdNotifier
from node.ports import Supervisor


@dataclass
class SupervisorBench:
    """The node's end of it, and the words that have come to the other end: `ready`, `status …`, `alive`, `stopping`."""

    supervisor: Supervisor
    heard: Callable[[], list[str]]


class SupervisorSuite:
    """It hears each word as it is said, and says how often it wants a sign of life."""

    def test_every_word_arrives_in_order(self, bench: SupervisorBench) -> None:
        bench.supervisor.ready()
        bench.supervisor.say("idle; hub: no_hub")
        bench.supervisor.alive()
        bench.supervisor.alive()
        bench.supervisor.stopping()
        assert bench.heard() == ["ready", "status idle; hub: no_hub", "alive", "alive", "stopping"]

    def test_it_wants_signs_of_life(self, bench: SupervisorBench) -> None:
        assert bench.supervisor.beat_ms is not None
        assert bench.supervisor.beat_ms > 0


_WORDS = {"READY=1": "ready", "WATCHDOG=1": "alive", "STOPPING=1": "stopping"}


@contextmanager
def systemd_of(folder: Path) -> Iterator[SupervisorBench]:
    """The real one, and what arrives at a socket as systemd has it."""
    path = str(folder / "notify-suite")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as bound:
        bound.bind(path)
        bound.setblocking(False)

        def heard() -> list[str]:
            found: list[str] = []
            while True:
                try:
                    word = bound.recv(1000).decode()
                except BlockingIOError:
                    return found
                found.append(_WORDS.get(word) or word.replace("STATUS=", "status ", 1))

        yield SupervisorBench(SystemdNotifier({"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "10000000"}), heard)
