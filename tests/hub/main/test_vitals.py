"""Signs of life for systemd: as long as nothing hangs, and no longer."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from hub.adapters.notify import Systemd
from hub.main import Workshop
from hub.main.vitals import Vitals
from hub.usecases.posts import add_post
from hub.usecases.work import By


class Manager:
    """systemd's end of the line."""

    def __init__(self, path: Path) -> None:
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.bind(str(path))
        self._line.setblocking(False)
        self.environ = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "150000", "WATCHDOG_PID": str(os.getpid())}

    def heard(self) -> list[str]:
        """What was said since the last time, a datagram each."""
        words = []
        while True:
            try:
                words.append(self._line.recv(4096).decode())
            except BlockingIOError:
                return words

    def close(self) -> None:
        self._line.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    made = Manager(tmp_path / "notify")
    yield made
    made.close()


@dataclass
class Link:
    """The link, as vitals see it."""

    connected: asyncio.Event
    stuck: bool = False


class HungQueries:
    """A database whose calls do not come back."""

    async def post_facts(self, _now: object) -> Any:
        await asyncio.Event().wait()


class FailingQueries:
    """A database that answers with errors."""

    async def post_facts(self, _now: object) -> Any:
        raise OSError("no route to host")


def vitals(manager: Manager, house: Workshop, link: Link | None) -> Vitals:
    return Vitals(Systemd(manager.environ, os.getpid()), house, link)  # type: ignore[arg-type]


async def test_a_sign_of_life_says_how_the_room_is(manager: Manager, house: Workshop) -> None:
    link = Link(asyncio.Event())
    await vitals(manager, house, link).look()
    link.connected.set()
    await add_post(house.room, "p01", "Post 1", "", "$7$x", By("marie"))
    await vitals(manager, house, link).look()
    assert manager.heard() == [
        "WATCHDOG=1\nSTATUS=no broker; posts: none",
        "WATCHDOG=1\nSTATUS=broker connected; posts: 1 offline",
    ]


async def test_a_hung_database_gets_no_sign_of_life(manager: Manager, house: Workshop) -> None:
    hung = replace(house, queries=HungQueries())  # type: ignore[arg-type]
    await vitals(manager, hung, Link(asyncio.Event())).look()
    assert manager.heard() == ["STATUS=the database hangs"]


async def test_a_hung_link_gets_no_sign_of_life(manager: Manager, house: Workshop) -> None:
    await vitals(manager, house, Link(asyncio.Event(), stuck=True)).look()
    assert manager.heard() == ["STATUS=the link to the broker hangs"]


async def test_a_database_that_is_away_is_no_reason_to_die(manager: Manager, house: Workshop) -> None:
    away = replace(house, queries=FailingQueries())  # type: ignore[arg-type]
    await vitals(manager, away, Link(asyncio.Event())).look()
    assert manager.heard() == ["WATCHDOG=1\nSTATUS=no broker; no database"]


async def test_a_hub_that_stands_by_is_alive(manager: Manager, house: Workshop) -> None:
    await vitals(manager, house, None).look()
    assert manager.heard() == ["WATCHDOG=1\nSTATUS=standing by; posts: none"]


async def test_it_looks_again_well_within_the_patience_of_systemd(manager: Manager, house: Workshop) -> None:
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            raise asyncio.CancelledError

    watching = Vitals(Systemd(manager.environ, os.getpid()), house, Link(asyncio.Event()), sleep=nap)  # type: ignore[arg-type]
    with pytest.raises(asyncio.CancelledError):
        await watching.watch()
    assert naps == pytest.approx([0.05] * 3)
    assert len(manager.heard()) == 3


def test_nothing_is_said_where_nobody_listens(manager: Manager, caplog: pytest.LogCaptureFixture) -> None:
    Systemd({}, 1).tell(READY="1")
    assert Systemd({"WATCHDOG_USEC": "1000000"}, 1).watchdog_s is None
    assert Systemd(manager.environ, os.getpid() + 1).watchdog_s is None
    assert not caplog.records
    Systemd({"NOTIFY_SOCKET": "/nowhere"}, 1).tell(READY="1")
    assert "systemd does not hear" in caplog.text


def test_a_word_is_one_line(manager: Manager) -> None:
    Systemd(manager.environ, os.getpid()).tell(STATUS="two\nlines", READY="1")
    assert manager.heard() == ["STATUS=two lines\nREADY=1"]
