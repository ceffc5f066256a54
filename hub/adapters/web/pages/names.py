"""What posts and patrons are called: lists show names, where records hold ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.adapters.web.pages.visit import Visit
from hub.usecases.views import PostFilter


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id. A patron who is forgotten has an empty one; who is deleted has none."""

    posts: Mapping[str, str]
    users: Mapping[str, str]

    def post(self, post_id: str) -> str:
        """A post's name; its id where it has been removed since."""
        return self.posts.get(post_id, post_id)


async def names(visit: Visit, user_ids: Iterable[str | None] = ()) -> Names:
    """The names of all posts, also of those that are retired, and of these users."""
    queries, now = visit.hub.queries, visit.room.clock.now()
    posts = [*await queries.posts(now), *await queries.posts(now, PostFilter(retired=True))]
    ids = {user_id for user_id in user_ids if user_id is not None}
    users = await queries.users_named(sorted(ids)) if ids else []
    return Names(
        {view.post.id: view.post.name for view in posts}, {view.user.id: view.user.display_name for view in users}
    )
