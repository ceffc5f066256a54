from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hub.main import workshop
from hub.settings import Settings


@pytest.fixture(scope="session")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose schema and keys are made, and nothing else."""
    data = tmp_path_factory.mktemp("house") / "data"

    async def make() -> None:
        async with workshop(Settings(data=data)):
            pass

    asyncio.run(make())
    return data
