"""Posts: those there are, new ones, what the desk says of them, their credentials."""

from __future__ import annotations

from typing import Annotated

from aiohttp.web import Request
from pydantic import Field

from hub.adapters.web.conditional import Tagged
from hub.adapters.web.context import Web, web_of
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import AS_IT_IS, Body, Line, Notes, Paged, PostId, Word
from hub.adapters.web.lists import in_order
from hub.adapters.web.shapes import CredentialsShape, Listed, NewPostShape, PostShape
from hub.adapters.web.views import post_shape
from hub.domain.accounts import Role
from hub.domain.errors import NotFound
from hub.domain.post import HOST_PATTERN, Access
from hub.domain.version import Expected, version
from hub.usecases.posts import MAX_NAME, MAX_ZONE, PostChange, add_post, edit_post, remove_post, rotate_secret
from hub.usecases.views import PostFilter
from hub.wire.terms import PostStatus

_ORDERS = ("id", "name", "zone", "status", "last_seen_at", "created_at")


Host = Annotated[
    str,
    Field(
        pattern=f"^{HOST_PATTERN}$",
        max_length=253,
        description="the name or address by which the node finds the broker; else where the broker listens",
        examples=["10.0.0.2"],
    ),
]


class PostQuery(Paged):
    """Which posts."""

    status: PostStatus | None = None
    zone: Word | None = None
    q: Annotated[Word | None, Field(description="in id, name or notes")] = None
    retired: Annotated[bool, Field(description="those that are retired, instead of the others")] = False


class NewPostBody(Body):
    """A post to be."""

    id: Annotated[PostId, Field(examples=["p01"], description="a short slug; it cannot be changed")]
    name: Annotated[Line, Field(min_length=1, max_length=MAX_NAME, examples=["Post 1"])]
    zone: Annotated[Line, Field(max_length=MAX_ZONE, examples=["Hall"])] = ""
    notes: Notes = ""
    host: Host | None = None


class EditPostBody(Body):
    """What is to be different; what is left out stays."""

    name: Annotated[Line, Field(min_length=1, max_length=MAX_NAME)] = AS_IT_IS
    zone: Annotated[Line, Field(max_length=MAX_ZONE)] = AS_IT_IS
    notes: Notes = AS_IT_IS
    retired: Annotated[bool, Field(description="no longer in the room; its history stays")] = AS_IT_IS


class RotateBody(Body):
    """Where the node is to look for the broker."""

    host: Host | None = None


@endpoint("GET", "/posts", Role.VIEWER, Listed[PostShape], summary="Posts")
async def list_posts(call: Call, query: PostQuery) -> Listed[PostShape]:
    return await find_posts(call.web, query)


@endpoint("POST", "/posts", Role.ADMIN, NewPostShape, status=201, once=True, summary="A new post, and its credentials")
async def new_post(call: Call, body: NewPostBody) -> tuple[str, NewPostShape]:
    access = access_for(call.request, body.id, body.host)
    post = await add_post(call.room, body.id, body.name, body.zone, access.secret, call.by, notes=body.notes)
    shown = (await show_post(call, post.id)).answer
    return post.id, NewPostShape(**dict(shown), credentials=_credentials(access))


@endpoint("GET", "/posts/{id}", Role.VIEWER, PostShape, summary="One post")
async def one_post(call: Call) -> Tagged[PostShape]:
    return await show_post(call, call.post_id)


@endpoint("PATCH", "/posts/{id}", Role.ADMIN, PostShape, summary="Change name, zone or notes; retire a post")
async def change_post(call: Call, body: EditPostBody, expected: Expected) -> Tagged[PostShape]:
    change = PostChange(**{name: getattr(body, name) for name in body.model_fields_set})
    await edit_post(call.room, call.post_id, change, call.by, expected)
    return await show_post(call, call.post_id)


@endpoint("DELETE", "/posts/{id}", Role.ADMIN, None, status=204, summary="Delete a post that has no history")
async def delete_post(call: Call, expected: Expected) -> None:
    await remove_post(call.room, call.post_id, call.by, expected)


@endpoint(
    "POST",
    "/posts/{id}/credentials",
    Role.ADMIN,
    CredentialsShape,
    once=True,
    summary="New credentials; the old ones work no more",
)
async def rotate(call: Call, body: RotateBody) -> tuple[str, CredentialsShape]:
    access = access_for(call.request, call.post_id, body.host)
    await rotate_secret(call.room, call.post_id, access.secret, call.by)
    return call.post_id, _credentials(access)


async def show_post(call: Call, post_id: str) -> Tagged[PostShape]:
    """A post as it now is."""
    now = call.room.clock.now()
    view = await call.web.queries.post(now, post_id)
    if view is None:
        raise NotFound("post", post_id)
    return Tagged(post_shape(view, call.room.presence, now), version(view.post))


async def find_posts(web: Web, query: PostQuery) -> Listed[PostShape]:
    """The posts that are asked for; Problem 422 for an ordering that there is none of."""
    now, presence = web.room.clock.now(), web.room.presence
    views = await web.queries.posts(now, PostFilter(zone=query.zone, q=query.q, retired=query.retired))
    posts = [post_shape(view, presence, now) for view in views]
    posts = [post for post in posts if query.status in (None, post.status)]
    return in_order(posts, query, _ORDERS)


def access_for(request: Request, post_id: str, host: str | None) -> Access:
    """New credentials for a post, whose node finds the broker at `host`, or where it or this request's hub is."""
    return web_of(request).access(post_id, host=host, else_host=request.url.host or request.host)


def _credentials(access: Access) -> CredentialsShape:
    return CredentialsShape(
        host=access.host, port=access.port, username=access.username, password=access.password, ca=access.ca
    )


ENDPOINTS = (list_posts, new_post, one_post, change_post, delete_post, rotate)
