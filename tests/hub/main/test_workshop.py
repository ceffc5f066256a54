"""The house as one command finds it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from hub.adapters.mint import KeyFileError
from hub.domain.accounts import Role
from hub.main import workshop
from hub.settings import Settings
from hub.usecases.accounts.operators import add_operator
from hub.usecases.work import By
from tests.fakes.post_link import FakePostLink


async def test_the_first_opening_makes_a_private_folder_with_database_and_keys(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"
    async with workshop(Settings(data=data)) as house:
        assert await house.accounts.operators() == []
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "hub.key").stat().st_mode) == 0o600
    assert (data / "hub.sqlite3").is_file()


async def test_the_next_opening_finds_what_was_done(settings: Settings) -> None:
    async with workshop(settings) as house:
        await add_operator(house.desk, "marie", Role.ADMIN, "a long password", By("test"))
        epoch = house.room.hub_epoch
        sealed = house.room.mint.seal_code("K7M2QX")
    async with workshop(settings) as house:
        assert [operator.name for operator in await house.accounts.operators()] == ["marie"]
        assert house.room.mint.open_code(sealed) == "K7M2QX"
        assert house.room.hub_epoch != epoch


async def test_an_opening_that_fails_leaves_nothing_open(settings: Settings) -> None:
    key = settings.data / "hub.key"
    key.chmod(0o644)
    with pytest.raises(KeyFileError, match=f"chmod 600 {key}"):
        async with workshop(settings):
            pass
    key.chmod(0o600)
    async with workshop(settings) as house:
        assert await house.accounts.operators() == []


async def test_a_room_with_a_link_is_the_same_room(settings: Settings) -> None:
    async with workshop(settings) as house:
        link = FakePostLink()
        room = house.linked(link)
        assert (room.link, room.store, room.presence) == (link, house.room.store, house.room.presence)
