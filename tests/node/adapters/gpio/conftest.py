"""Mock pins and a time that stands still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gpiozero.pins.mock import MockFactory

from tests.fakes.alarm import FakeTime


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    made = MockFactory()
    yield made
    made.reset()


@pytest.fixture
def time() -> FakeTime:
    return FakeTime(now_ms=0)
