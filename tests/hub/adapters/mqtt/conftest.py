from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.mosquitto import Room, room


@pytest.fixture
async def two_posts(tmp_path: Path) -> AsyncIterator[Room]:
    """A running broker with the accounts hub, monitor, p01 and p02."""
    async with room(tmp_path / "broker", "p01", "p02") as made:
        yield made
