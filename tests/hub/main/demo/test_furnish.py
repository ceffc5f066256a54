"""A demo room is furnished once, and again where somebody has tried what can be tried at the panel."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.adapters.mqtt.accounts import is_of
from hub.main.broker import Credentials
from hub.main.demo.furnish import furnish
from hub.main.demo.memory import Memory, load_memory
from hub.main.workshop import workshop
from hub.settings import Settings
from hub.usecases.posts import PostChange, edit_post, rotate_secret
from hub.usecases.work import By

POSTS = ["p01", "p02", "p03"]
BY = By("marie")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


async def secrets(settings: Settings) -> dict[str, str]:
    async with workshop(settings) as house:
        return dict(await house.queries.post_secrets())


async def test_the_next_start_finds_the_same_room(settings: Settings) -> None:
    memory = Memory()
    assert await furnish(settings, memory, POSTS) == POSTS
    before, told = await secrets(settings), load_memory(settings.data)
    assert all(is_of(before[post_id], told.post_passwords[post_id]) for post_id in POSTS)
    assert await furnish(settings, told, POSTS) == POSTS
    assert (await secrets(settings), load_memory(settings.data)) == (before, told)


async def test_new_credentials_and_a_retired_post_do_not_keep_the_room_closed(settings: Settings) -> None:
    memory = Memory()
    await furnish(settings, memory, POSTS)
    async with workshop(settings) as house:
        await rotate_secret(house.room, "p02", Credentials.fresh("p02").line(), BY)
        await edit_post(house.room, "p03", PostChange(retired=True), BY)
    assert await furnish(settings, memory, POSTS) == ["p01", "p02"]
    now = await secrets(settings)
    assert now.keys() == {"p01", "p02"}
    assert all(is_of(now[post_id], memory.post_passwords[post_id]) for post_id in now)
