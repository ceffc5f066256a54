"""Looking things up for many who ask at once: fifty panels hear of the same change in the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Generic, TypeVar

from aiohttp import web

from hub.adapters.web.context import Web
from hub.usecases.views import PostFilter, PostView, SessionView

T = TypeVar("T")


class Lookups(Generic[T]):
    """`find` what `look` finds. Whoever asks before a look begins shares it, so no answer is older than its question.

    One look at a time; it is given each key once.
    """

    def __init__(self, look: Callable[[Sequence[str]], Awaitable[dict[str, T]]]) -> None:
        self._look = look
        self._keys: dict[str, None] = {}
        self._next: asyncio.Task[dict[str, T]] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def find(self, keys: Iterable[str]) -> dict[str, T]:
        """What there is of these, by key; others' may be among it. Raises what `look` raises."""
        if self._next is None:
            self._next = asyncio.create_task(self._run())
        self._keys |= dict.fromkeys(keys)
        return await asyncio.shield(self._next)  # one who leaves must not take it from the others

    async def _run(self) -> dict[str, T]:
        async with self._one_at_a_time:
            keys, self._keys, self._next = list(self._keys), {}, None
            return await self._look(keys)


class Shared:
    """What all connections look up together."""

    def __init__(self, context: Web) -> None:
        async def posts(ids: Sequence[str]) -> dict[str, PostView]:
            found = await context.queries.posts(context.room.clock.now(), PostFilter(ids=tuple(ids)))
            return {view.post.id: view for view in found}

        async def sessions(ids: Sequence[str]) -> dict[str, SessionView]:
            return {view.session.id: view for view in await context.queries.sessions_named(ids)}

        self.posts, self.sessions = Lookups(posts), Lookups(sessions)


SHARED: web.AppKey[Shared] = web.AppKey("shared", Shared)
