"""Posts, and starting a stay at one."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.adapters.web.api.sessions import show_session
from hub.adapters.web.conditional import Tagged
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import Body, Duration, Notes, Paged, UserId, Word
from hub.adapters.web.problems import invalid
from hub.adapters.web.shapes import Listed, PostShape, SessionShape
from hub.adapters.web.views import post_shape
from hub.domain.accounts import Role
from hub.domain.errors import NotFound
from hub.domain.version import version
from hub.usecases.start_here import start_here
from hub.usecases.views import PostFilter
from hub.wire.terms import PostStatus

_ORDERS = ("id", "name", "zone", "status", "last_seen_at", "created_at")


class PostQuery(Paged):
    """Which posts."""

    status: PostStatus | None = None
    zone: Word | None = None
    q: Annotated[Word | None, Field(description="in id, name or notes")] = None


class StartBody(Body):
    """A stay that starts without a code."""

    duration_s: Annotated[Duration, Field(examples=[1800])]
    user_id: UserId | None = None
    notes: Notes = ""


@endpoint("GET", "/posts", Role.VIEWER, Listed[PostShape], summary="Posts")
async def list_posts(call: Call, query: PostQuery) -> Listed[PostShape]:
    now, presence = call.room.clock.now(), call.room.presence
    views = await call.web.queries.posts(now, PostFilter(zone=query.zone, q=query.q))
    posts = [post_shape(view, presence, now) for view in views]
    posts = [post for post in posts if query.status in (None, post.status)]
    first = (query.page - 1) * query.page_size
    return Listed(
        items=_ordered(posts, query.ordering or "id")[first : first + query.page_size],
        total=len(posts),
        page=query.page,
        page_size=query.page_size,
    )


@endpoint("GET", "/posts/{id}", Role.VIEWER, PostShape, summary="One post")
async def one_post(call: Call) -> Tagged[PostShape]:
    now = call.room.clock.now()
    view = await call.web.queries.post(now, call.post_id)
    if view is None:
        raise NotFound("post", call.post_id)
    return Tagged(post_shape(view, call.room.presence, now), version(view.post))


@endpoint(
    "POST",
    "/posts/{id}/start",
    Role.OPERATOR,
    SessionShape,
    status=201,
    shows=show_session,
    summary="Start a stay here, without a code",
)
async def start(call: Call, body: StartBody) -> str:
    issued = await start_here(call.room, call.post_id, body.duration_s, call.by, user_id=body.user_id, notes=body.notes)
    return issued.session.id


def _ordered(posts: list[PostShape], ordering: str) -> list[PostShape]:
    field = ordering.removeprefix("-")
    if field not in _ORDERS:
        raise invalid(("ordering", f"must be one of {', '.join(_ORDERS)}, with or without a leading -"))
    return sorted(posts, key=lambda post: (str(getattr(post, field) or ""), post.id), reverse=ordering[0] == "-")


ENDPOINTS = (list_posts, one_post, start)
