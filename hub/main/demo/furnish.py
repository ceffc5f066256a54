"""What a demo room is made of, made where it is missing: its admin, its posts and their passwords."""

from __future__ import annotations

import secrets

from hub.adapters.mqtt.accounts import is_of
from hub.domain.accounts import Role, TokenKind
from hub.main.broker import Credentials
from hub.main.demo.memory import Memory, save_memory
from hub.main.workshop import Workshop, workshop
from hub.settings import Settings
from hub.usecases.accounts.operators import add_operator
from hub.usecases.accounts.sign_in import token_hash
from hub.usecases.posts import add_post, rotate_secret
from hub.usecases.work import By

_BY = By("demo")
_ZONES = ("Hall", "Mezzanine")


async def furnish(settings: Settings, memory: Memory, post_ids: list[str]) -> list[str]:
    """Make what is missing; the posts of these that are to run: who was retired at the panel stays so.

    A post that was given a new password there, which its node does not know, gets another one.
    """
    async with workshop(settings) as house:
        if await house.accounts.operator_named(memory.username) is None:
            await _make_admin(house, memory)
        async with house.room.store.transaction() as tx:
            known = {post_id: post for post_id in post_ids if (post := await tx.post(post_id)) is not None}
        for place, post_id in enumerate(post_ids):
            post, password = known.get(post_id), memory.post_passwords.get(post_id)
            if post is not None and (post.retired or (password is not None and is_of(post.secret, password))):
                continue
            credentials = Credentials.fresh(post_id)
            memory.post_passwords[post_id] = credentials.password
            if post is not None:
                await rotate_secret(house.room, post_id, credentials.line(), _BY)
                continue
            zone = _ZONES[place * len(_ZONES) // max(len(post_ids), len(_ZONES))]
            await add_post(house.room, post_id, f"Poste {place + 1}", zone, credentials.line(), _BY)
    save_memory(settings.data, memory)
    return [post_id for post_id in post_ids if post_id not in known or not known[post_id].retired]


async def _make_admin(house: Workshop, memory: Memory) -> None:
    memory.password, memory.token = secrets.token_urlsafe(9), secrets.token_urlsafe(32)
    operator = await add_operator(house.desk, memory.username, Role.ADMIN, memory.password, _BY)
    await house.accounts.add_token(operator.id, token_hash(memory.token), TokenKind.NAMED, name="demo")
