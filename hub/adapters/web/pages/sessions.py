"""Sessions: the list, and one with its life as a timeline and what the desk can do to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, cast

from aiohttp import web
from pydantic import Field

from hub.adapters.web.api.sessions import EditBody, SessionQuery, TransferBody, export_sessions
from hub.adapters.web.declare import path_id
from hub.adapters.web.fields import UUID_PATTERN, Body, SessionId
from hub.adapters.web.lists import part
from hub.adapters.web.pages.forms import EMPTY, Filled, Version, read, saved_once
from hub.adapters.web.pages.listing import Days, exporting, listing, matching
from hub.adapters.web.pages.names import names
from hub.adapters.web.pages.visit import Visit, done, page
from hub.adapters.web.shapes import SessionShape
from hub.adapters.web.views import session_shape
from hub.domain.accounts import Role
from hub.domain.errors import HubError, NotFound
from hub.domain.house import MAX_DURATION_S
from hub.domain.session import Session
from hub.domain.version import Expected, version
from hub.usecases.add_time import add_time
from hub.usecases.edit_session import Keep, SessionChange, edit_session
from hub.usecases.recall import end, suspend, transfer, undo, why_not_undone
from hub.usecases.views import MAX_PAGE_SIZE, LogFilter, Paging, PostView, SessionFilter, SessionView
from hub.usecases.void import void
from hub.wire.terms import PostStatus


class MoreTime(Body):
    """Minutes to add, as the desk counts. `key`: sent twice, it is the same time."""

    key: SessionId
    minutes: Annotated[int, Field(ge=1, le=MAX_DURATION_S // 60)]


class SessionsAsked(SessionQuery, Days):
    """The filters of the API, and days of the house."""


class EditForm(EditBody):
    """What the desk may change of a session, and which version of it the desk has seen."""

    version: Version


@page(Role.VIEWER)
async def show_all(visit: Visit) -> web.StreamResponse:
    """The list."""
    wanted = listing(visit, SessionsAsked)
    kept = _filter(visit, wanted.query)
    found = await part(wanted.query, partial(visit.hub.queries.sessions, kept))
    return visit.show(
        "sessions.html",
        list=wanted,
        page=found,
        items=[session_of(visit, view) for view in found.items],
        sums=await visit.hub.queries.session_sums(kept),
        names=await names(visit, [wanted.query.user]),
        operators=await visit.hub.accounts.operators(),
    )


@page(Role.VIEWER)
async def export(visit: Visit) -> web.StreamResponse:
    """The list as a file."""
    call, query = exporting(visit, SessionsAsked)
    return cast("web.StreamResponse", await export_sessions(call, _filter(visit, query)))


def _filter(visit: Visit, query: SessionsAsked) -> SessionFilter:
    zone = visit.house.time_zone
    after, before = query.began(zone) or query.created_after, query.over(zone) or query.created_before
    return matching(SessionFilter, query, created_after=after, created_before=before)


@page(Role.VIEWER)
async def show_one(visit: Visit) -> web.StreamResponse:
    """One session."""
    return await _one(visit, await _view(visit), EMPTY)


async def _view(visit: Visit) -> SessionView:
    session_id = path_id(visit.request, "session", UUID_PATTERN)
    view = await visit.hub.queries.session(session_id)
    if view is None:
        raise NotFound("session", session_id)
    return view


async def _one(visit: Visit, view: SessionView, form: Filled[EditForm]) -> web.StreamResponse:
    queries, now, session = visit.hub.queries, visit.room.clock.now(), view.session
    life = await queries.logs(LogFilter(session=session.id), Paging(page_size=MAX_PAGE_SIZE, ordering="at"))
    return visit.show(
        "session.html",
        session=session_of(visit, view),
        version=version(session),
        life=life,
        names=await names(visit),
        targets=[post.post for post in await queries.posts(now) if _takes(visit, post, session)],
        undoable=why_not_undone(session, now) is None,
        form=form,
        key=visit.room.mint.new_id(),
        status=422 if form.errors else 200,
    )


def _takes(visit: Visit, post: PostView, session: Session) -> bool:
    """Whether a post is worth offering; whether it takes the session, it is asked when that is to go there."""
    status = post.status(online=visit.room.presence.online(post.post.id, visit.room.clock.now()))
    if session.bound_post_id is not None:
        return post.post.id == session.bound_post_id and status is PostStatus.RESERVED
    return status is PostStatus.AVAILABLE


@page(Role.OPERATOR)
async def edit(visit: Visit) -> web.StreamResponse:
    """Other notes, category or validity."""
    view = await _view(visit)
    form = await read(visit, EditForm, local=("valid_until",))
    if form.body is None:
        return await _one(visit, view, form)
    seen = Expected(frozenset({form.body.version}))
    try:
        await edit_session(visit.room, view.session.id, _change(form.body, view.session), visit.by, seen)
    except HubError as error:
        return await _one(visit, await _view(visit), form.refused(error))
    raise done(f"/sessions/{view.session.id}", "saved")


def _change(body: EditForm, session: Session) -> SessionChange:
    """What is different. The form's instants have no seconds: one that nobody has touched is left as it is."""
    until, before = body.valid_until, session.valid_until
    untouched = until is None or (before is not None and until == before.replace(second=0, microsecond=0))
    return SessionChange(body.notes, body.category, Keep.KEEP if untouched else until)


Act = Callable[[Visit, str], Awaitable[object]]


def _acting(act: Act, said: str = "done") -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A form that does one thing to a session and comes back to it."""

    @page(Role.OPERATOR)
    async def answer(visit: Visit) -> web.StreamResponse:
        session_id = path_id(visit.request, "session", UUID_PATTERN)
        await act(visit, session_id)
        raise done(f"/sessions/{session_id}", said)

    return answer


async def _add_time(visit: Visit, session_id: str) -> None:
    wish = (await read(visit, MoreTime)).sound()

    async def act() -> str:
        await add_time(visit.room, session_id, wish.minutes * 60, visit.by)
        return session_id

    await saved_once(visit, wish, wish.key, act)


async def _transfer(visit: Visit, session_id: str) -> None:
    wish = (await read(visit, TransferBody)).sound()
    await transfer(visit.room, session_id, wish.post_id, visit.by)


ACTS: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
    "add-time": _acting(_add_time),
    "transfer": _acting(_transfer, "moved"),
    "suspend": _acting(lambda visit, session_id: suspend(visit.room, session_id, visit.by)),
    "end": _acting(lambda visit, session_id: end(visit.room, session_id, visit.by), "ended"),
    "void": _acting(lambda visit, session_id: void(visit.room, session_id, visit.by)),
    "undo": _acting(lambda visit, session_id: undo(visit.room, session_id, visit.by), "undone"),
}
"""By the last part of their address."""


def session_of(visit: Visit, view: SessionView) -> SessionShape:
    """A session as this visitor may see it."""
    room = visit.room
    return session_shape(view, room.presence, room.clock.now(), room.mint, with_code=visit.caller.sees_codes)
