"""What the desk does to a post: start a stay, close it, tell it something, look for it, release it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.adapters.web.api.posts import show_post
from hub.adapters.web.api.sessions import show_session
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import Body, Duration, Instant, Line, Notes, UserId
from hub.adapters.web.problems import invalid
from hub.adapters.web.shapes import PostShape, SessionShape
from hub.domain.accounts import Role
from hub.usecases.force_release import force_release
from hub.usecases.incident import answer_call
from hub.usecases.maintenance import maintenance_off, maintenance_on
from hub.usecases.post_wishes import LONGEST_NOTICE_S, NOTICE_LENGTH, ask_self_test, identify, notify, unlock
from hub.usecases.start_here import start_here

Reason = Annotated[Line, Field(max_length=200)]


class StartBody(Body):
    """A stay that starts without a code."""

    duration_s: Annotated[Duration, Field(examples=[1800])]
    user_id: UserId | None = None
    notes: Notes = ""


class MaintenanceBody(Body):
    """Closed to codes, or open again."""

    on: bool
    reason: Annotated[Reason, Field(examples=["new mouse"])] = ""
    until: Annotated[Instant | None, Field(description="how long staff have power there; null: none")] = None


class NoticeBody(Body):
    """A line for the screen."""

    text: Annotated[Line, Field(min_length=1, max_length=NOTICE_LENGTH, examples=["We close at six."])]
    ttl_s: Annotated[int, Field(ge=1, le=LONGEST_NOTICE_S, description="how long it is shown", examples=[60])]


class ReleaseBody(Body):
    """Why the post is given up for dead."""

    reason: Annotated[Reason, Field(min_length=1, examples=["node burnt out"])]


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


@endpoint(
    "POST",
    "/posts/{id}/maintenance",
    Role.OPERATOR,
    PostShape,
    shows=show_post,
    summary="Close a post to codes, with power for staff until a time; or open it again",
)
async def maintain(call: Call, body: MaintenanceBody) -> str:
    if body.on:
        return (await maintenance_on(call.room, call.post_id, call.by, reason=body.reason, until=body.until)).id
    said = [(name, "goes with on: true only") for name in ("reason", "until") if getattr(body, name)]
    if said:
        raise invalid(*said)
    return (await maintenance_off(call.room, call.post_id, call.by)).id


@endpoint(
    "POST", "/posts/{id}/notice", Role.OPERATOR, PostShape, shows=show_post, summary="Show a message on its screen"
)
async def tell(call: Call, body: NoticeBody) -> str:
    return (await notify(call.room, call.post_id, body.text, body.ttl_s, call.by)).id


@endpoint(
    "POST",
    "/posts/{id}/identify",
    Role.OPERATOR,
    PostShape,
    shows=show_post,
    summary="Let its screen and LED blink for half a minute",
)
async def blink(call: Call) -> str:
    return (await identify(call.room, call.post_id, call.by)).id


@endpoint(
    "POST",
    "/posts/{id}/self-test",
    Role.OPERATOR,
    PostShape,
    shows=show_post,
    summary="Ask it to look at its parts; a stay goes on, and what it found is in self_test moments later",
)
async def self_test(call: Call) -> str:
    return (await ask_self_test(call.room, call.post_id, call.by)).id


@endpoint(
    "POST", "/posts/{id}/unlock", Role.OPERATOR, PostShape, shows=show_post, summary="Clear its lock-out for guessing"
)
async def clear_lock(call: Call) -> str:
    return (await unlock(call.room, call.post_id, call.by)).id


@endpoint("POST", "/posts/{id}/answer", Role.OPERATOR, PostShape, shows=show_post, summary="Go to a patron who called")
async def answer(call: Call) -> str:
    return (await answer_call(call.room, call.post_id, call.by)).id


@endpoint(
    "POST",
    "/posts/{id}/release",
    Role.ADMIN,
    PostShape,
    shows=show_post,
    summary="Take the lease from a post that is dead for good; charged by the clock since its grant",
)
async def release(call: Call, body: ReleaseBody) -> str:
    await force_release(call.room, call.post_id, body.reason, call.by)
    return call.post_id


ENDPOINTS = (start, maintain, tell, blink, self_test, clear_lock, answer, release)
