"""The alarm's thread, in real time: it rings, rings anew, and not after its end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from node.adapters.gpio.alarm import ThreadAlarm, boot_ms
from tests.fakes.watch import PATIENCE_S


class Bell:
    """Counts, and says when it rang."""

    def __init__(self) -> None:
        self.rung = threading.Semaphore(0)
        self.at_ms: list[int] = []

    def ring(self) -> None:
        self.at_ms.append(boot_ms())
        self.rung.release()


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def alarm(bell: Bell) -> Iterator[ThreadAlarm]:
    made = ThreadAlarm("test", bell.ring)
    yield made
    made.close()


def test_it_rings_at_its_time_and_never_early(bell: Bell, alarm: ThreadAlarm) -> None:
    for wait_ms in (20, -5):
        at_ms = alarm.now_ms() + wait_ms
        alarm.set(at_ms)
        assert bell.rung.acquire(timeout=PATIENCE_S)
        assert bell.at_ms[-1] >= at_ms


def test_only_the_last_time_set_counts(bell: Bell, alarm: ThreadAlarm) -> None:
    alarm.set(alarm.now_ms() + 3_600_000)
    alarm.set(None)
    alarm.set(alarm.now_ms() + 10)
    assert bell.rung.acquire(timeout=PATIENCE_S)
    assert len(bell.at_ms) == 1


def test_it_may_be_set_from_within_its_ring() -> None:
    rung = threading.Semaphore(0)

    def ring() -> None:
        rung.release()
        made.set(made.now_ms() + 1)

    made = ThreadAlarm("test", ring)
    made.set(0)
    for _ in range(3):
        assert rung.acquire(timeout=PATIENCE_S)
    made.close()


def test_a_closed_one_starts_no_thread(bell: Bell) -> None:
    alarm = ThreadAlarm("never-begun", bell.ring)
    alarm.close()
    alarm.set(0)
    assert all(thread.name != "never-begun" for thread in threading.enumerate())


def test_closing_ends_its_thread(bell: Bell) -> None:
    alarm = ThreadAlarm("begun", bell.ring)
    alarm.set(alarm.now_ms() + 3_600_000)
    thread = next(thread for thread in threading.enumerate() if thread.name == "begun")
    alarm.close()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert bell.at_ms == []
