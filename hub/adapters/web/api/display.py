"""The room for a screen on the wall: all that the role `display` may see, and nothing of anybody."""

from __future__ import annotations

from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.shapes import DisplayPostShape, DisplayShape
from hub.adapters.web.views import post_shape
from hub.domain.accounts import Role


@endpoint("GET", "/display", Role.DISPLAY, DisplayShape, summary="The room for a screen on the wall")
async def show_display(call: Call) -> DisplayShape:
    now, presence = call.room.clock.now(), call.room.presence
    shown = set(DisplayPostShape.model_fields)
    posts = [post_shape(view, presence, now) for view in await call.web.queries.posts(now)]
    return DisplayShape(at=now, posts=[DisplayPostShape(**post.model_dump(include=shown)) for post in posts])


ENDPOINTS = (show_display,)
