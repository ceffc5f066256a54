"""A house of its own for each test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.main import Workshop, workshop
from hub.settings import Settings


@pytest.fixture
def settings(empty_house: Path, tmp_path: Path) -> Settings:
    """Of an empty house, with any free ports."""
    data = Path(shutil.copytree(empty_house, tmp_path / "data"))
    return Settings(data=data, listen=("127.0.0.1", 0), mqtt_listen=("127.0.0.1", 0))


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[Workshop]:
    async with workshop(settings) as opened:
        yield opened
