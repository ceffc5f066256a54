"""Posts: the list with their health, and one with what the desk can do to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated

from aiohttp import web
from pydantic import Field

from hub.adapters.web.api.post_acts import MaintenanceBody, NoticeBody, ReleaseBody
from hub.adapters.web.api.posts import PostQuery, find_posts
from hub.adapters.web.api.stats import RangeQuery, posts_report
from hub.adapters.web.declare import path_id
from hub.adapters.web.fields import Body, Line, Notes
from hub.adapters.web.pages.forms import EMPTY, Filled, read
from hub.adapters.web.pages.listing import listing
from hub.adapters.web.pages.node_files import profiles
from hub.adapters.web.pages.sessions import session_of
from hub.adapters.web.pages.visit import Visit, done, page
from hub.adapters.web.views import post_shape
from hub.domain.accounts import Role
from hub.domain.errors import HubError, NotFound
from hub.domain.version import Expected, version
from hub.usecases.force_release import force_release
from hub.usecases.maintenance import maintenance_off, maintenance_on
from hub.usecases.post_wishes import ask_self_test, identify, notify, unlock
from hub.usecases.posts import MAX_NAME, PostChange, edit_post
from hub.usecases.views import LogFilter, Paging, PostView, SessionFilter
from hub.wire.terms import POST_ID_PATTERN, Action

_LAST = Paging(page_size=8)


class Edit(Body):
    """All that the form holds; `version`: which record it was filled in for."""

    name: Annotated[Line, Field(min_length=1, max_length=MAX_NAME)]
    zone: Annotated[Line, Field(max_length=64)] = ""
    notes: Notes = ""
    version: Annotated[str, Field(max_length=64)]


@page(Role.VIEWER)
async def show_all(visit: Visit) -> web.StreamResponse:
    """The list."""
    wanted = listing(visit, PostQuery)
    found = await find_posts(visit.hub, wanted.query)
    up_since = {post.id: _up_since(visit, post.id) for post in found.items}
    return visit.show("posts.html", list=wanted, page=found, zones=await zones_of(visit), up_since=up_since)


@page(Role.VIEWER)
async def show_one(visit: Visit) -> web.StreamResponse:
    """One post."""
    return await _one(visit, EMPTY)


async def _one(visit: Visit, form: Filled[Edit]) -> web.StreamResponse:
    view = await post_in_path(visit)
    post_id, queries = view.post.id, visit.hub.queries
    counted, rows = await posts_report(visit.hub, RangeQuery())
    return visit.show(
        "post.html",
        post=post_shape(view, visit.room.presence, visit.room.clock.now()),
        version=version(view.post),
        up_since=_up_since(visit, post_id),
        incidents=(await queries.logs(LogFilter(post=post_id, action=Action.INCIDENT), _LAST)).items,
        sessions=[session_of(visit, one) for one in (await queries.sessions(SessionFilter(post=post_id), _LAST)).items],
        counted=counted,
        use=next((row for row in rows if row.post_id == post_id), None),
        profiles=profiles(),
        form=form,
        status=422 if form.errors else 200,
    )


async def post_in_path(visit: Visit) -> PostView:
    """The post that the address names, retired or not; NotFound."""
    post_id = id_in_path(visit)
    view = await visit.hub.queries.post(visit.room.clock.now(), post_id)
    if view is None:
        raise NotFound("post", post_id)
    return view


def id_in_path(visit: Visit) -> str:
    """The post's id in the address; NotFound for what cannot be one."""
    return path_id(visit.request, "post", POST_ID_PATTERN)


def _up_since(visit: Visit, post_id: str) -> datetime | None:
    """When the node's program began, by its own word; None where nobody knows."""
    now, presence = visit.room.clock.now(), visit.room.presence
    seen = presence.last(post_id)
    if seen is None or not presence.online(post_id, now):
        return None
    return seen.at - timedelta(seconds=seen.report.uptime_s)


@page(Role.ADMIN)
async def edit(visit: Visit) -> web.StreamResponse:
    """Another name, zone or notes; told when somebody else has changed them since the form was shown."""
    post_id = id_in_path(visit)
    form = await read(visit, Edit)
    if form.body is None:
        return await _one(visit, form)
    change = PostChange(form.body.name, form.body.zone, form.body.notes)
    try:
        await edit_post(visit.room, post_id, change, visit.by, Expected(frozenset({form.body.version})))
    except HubError as error:
        return await _one(visit, form.refused(error))
    raise done(f"/posts/{post_id}", "saved")


Act = Callable[[Visit, str], Awaitable[object]]


def _acting(role: Role, act: Act, said: str = "done") -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A form that does one thing to a post and comes back to it."""

    @page(role)
    async def answer(visit: Visit) -> web.StreamResponse:
        post_id = id_in_path(visit)
        await act(visit, post_id)
        raise done(f"/posts/{post_id}", said)

    return answer


async def _tell(visit: Visit, post_id: str) -> None:
    wish = (await read(visit, NoticeBody)).sound()
    await notify(visit.room, post_id, wish.text, wish.ttl_s, visit.by)


async def _close(visit: Visit, post_id: str) -> None:
    wish = (await read(visit, MaintenanceBody, local=("until",), on="true")).sound()
    await maintenance_on(visit.room, post_id, visit.by, reason=wish.reason, until=wish.until)


async def _release(visit: Visit, post_id: str) -> None:
    wish = (await read(visit, ReleaseBody)).sound()
    await force_release(visit.room, post_id, wish.reason, visit.by)


async def _retire(visit: Visit, post_id: str) -> None:
    await edit_post(visit.room, post_id, PostChange(retired=True), visit.by)


async def _bring_back(visit: Visit, post_id: str) -> None:
    await edit_post(visit.room, post_id, PostChange(retired=False), visit.by)


DESK_ACTS: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
    "self-test": _acting(
        Role.OPERATOR, lambda visit, post_id: ask_self_test(visit.room, post_id, visit.by), "self_test_asked"
    ),
    "identify": _acting(Role.OPERATOR, lambda visit, post_id: identify(visit.room, post_id, visit.by), "blinking"),
    "notice": _acting(Role.OPERATOR, _tell, "told"),
    "maintenance": _acting(Role.OPERATOR, _close),
    "open": _acting(Role.OPERATOR, lambda visit, post_id: maintenance_off(visit.room, post_id, visit.by)),
    "unlock": _acting(Role.OPERATOR, lambda visit, post_id: unlock(visit.room, post_id, visit.by)),
}
"""By the last part of their address: what the desk does, as over the API."""
HOUSE_ACTS = {
    "release": _acting(Role.ADMIN, _release),
    "retire": _acting(Role.ADMIN, _retire),
    "bring-back": _acting(Role.ADMIN, _bring_back),
}
"""What only an admin does."""


async def zones_of(visit: Visit) -> list[str]:
    """The zones that the house's posts stand in, for a form to offer."""
    views = await visit.hub.queries.posts(visit.room.clock.now())
    return sorted({view.post.zone for view in views if view.post.zone})
