"""Sessions: the list, and one with its life as a timeline and what the desk can do to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from aiohttp import web
from pydantic import Field

from hub.adapters.web.api.sessions import EditBody, SessionQuery, TransferBody
from hub.adapters.web.declare import path_id
from hub.adapters.web.fields import UUID_PATTERN, Body
from hub.adapters.web.pages.forms import EMPTY, Filled, read
from hub.adapters.web.pages.listing import fetch, listing
from hub.adapters.web.pages.visit import Visit, done, page
from hub.adapters.web.shapes import SessionShape
from hub.adapters.web.views import session_shape
from hub.domain.accounts import Role
from hub.domain.errors import HubError, NotFound
from hub.domain.house import MAX_DURATION_S
from hub.usecases.add_time import add_time
from hub.usecases.edit_session import SessionChange, edit_session
from hub.usecases.recall import end, suspend, transfer, undo
from hub.usecases.views import MAX_PAGE_SIZE, LogFilter, Paging, SessionFilter, SessionView
from hub.usecases.void import void


class MoreTime(Body):
    """Minutes to add, as the desk counts."""

    minutes: Annotated[int, Field(ge=1, le=MAX_DURATION_S // 60)]


@page(Role.VIEWER)
async def show_all(visit: Visit) -> web.StreamResponse:
    """The list."""
    wanted = listing(visit, SessionQuery)
    found = await fetch(visit.hub.queries.sessions, SessionFilter, wanted)
    posts = await visit.hub.queries.posts(visit.room.clock.now())
    items = [session_of(visit, view) for view in found.items]
    return visit.show("sessions.html", list=wanted, page=found, items=items, posts=[view.post for view in posts])


@page(Role.VIEWER)
async def show_one(visit: Visit) -> web.StreamResponse:
    """One session."""
    return await _one(visit, EMPTY)


async def _one(visit: Visit, form: Filled[EditBody]) -> web.StreamResponse:
    session_id = path_id(visit.request, "session", UUID_PATTERN)
    view = await visit.hub.queries.session(session_id)
    if view is None:
        raise NotFound("session", session_id)
    life = await visit.hub.queries.logs(LogFilter(session=session_id), Paging(page_size=MAX_PAGE_SIZE, ordering="at"))
    posts = await visit.hub.queries.posts(visit.room.clock.now())
    return visit.show(
        "session.html",
        session=session_of(visit, view),
        life=life,
        posts=[view.post for view in posts],
        form=form,
        status=422 if form.errors else 200,
    )


@page(Role.OPERATOR)
async def edit(visit: Visit) -> web.StreamResponse:
    """Other notes, category or validity."""
    session_id = path_id(visit.request, "session", UUID_PATTERN)
    form = await read(visit, EditBody, local=("valid_until",))
    if form.body is None:
        return await _one(visit, form)
    cleared = {"notes": "", "category": None}
    given = {name: getattr(form.body, name) for name in form.body.model_fields_set}
    try:
        await edit_session(visit.room, session_id, SessionChange(**(cleared | given)), visit.by)
    except HubError as error:
        return await _one(visit, form.refused(error))
    raise done(f"/sessions/{session_id}", "saved")


Act = Callable[[Visit, str], Awaitable[object]]


def _acting(act: Act) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A form that does one thing to a session and comes back to it."""

    @page(Role.OPERATOR)
    async def answer(visit: Visit) -> web.StreamResponse:
        session_id = path_id(visit.request, "session", UUID_PATTERN)
        await act(visit, session_id)
        raise done(f"/sessions/{session_id}", "done")

    return answer


async def _add_time(visit: Visit, session_id: str) -> None:
    wish = (await read(visit, MoreTime)).sound()
    await add_time(visit.room, session_id, wish.minutes * 60, visit.by)


async def _transfer(visit: Visit, session_id: str) -> None:
    wish = (await read(visit, TransferBody)).sound()
    await transfer(visit.room, session_id, wish.post_id, visit.by)


ACTS: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
    "add-time": _acting(_add_time),
    "transfer": _acting(_transfer),
    "suspend": _acting(lambda visit, session_id: suspend(visit.room, session_id, visit.by)),
    "end": _acting(lambda visit, session_id: end(visit.room, session_id, visit.by)),
    "void": _acting(lambda visit, session_id: void(visit.room, session_id, visit.by)),
    "undo": _acting(lambda visit, session_id: undo(visit.room, session_id, visit.by)),
}
"""By the last part of their address."""


def session_of(visit: Visit, view: SessionView) -> SessionShape:
    """A session as this visitor may see it."""
    room = visit.room
    return session_shape(view, room.presence, room.clock.now(), room.mint, with_code=visit.caller.sees_codes)
