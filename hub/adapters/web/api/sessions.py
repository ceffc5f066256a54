"""Sessions: issue codes, look at stays, and do to them what the desk does."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from pydantic import Field

from hub.adapters.web.conditional import Tagged
from hub.adapters.web.csv_export import send_csv, wants_csv
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import Body, Duration, Instant, Notes, Paged, PostId, UserId, Word
from hub.adapters.web.lists import every, listed
from hub.adapters.web.shapes import Listed, SessionShape, TicketShape
from hub.adapters.web.views import session_shape, ticket_shape
from hub.domain.accounts import Role
from hub.domain.errors import NotFound
from hub.domain.session import OnEnd
from hub.domain.version import Expected, version
from hub.usecases.add_time import add_time
from hub.usecases.edit_session import SessionChange, edit_session
from hub.usecases.issue import MAX_BATCH, IssueOrder, issue
from hub.usecases.recall import end, suspend, transfer, undo
from hub.usecases.ticket import ticket
from hub.usecases.views import SessionFilter, SessionView
from hub.usecases.void import void
from hub.wire.terms import SessionStatus


class SessionQuery(Paged):
    """Which sessions."""

    status: SessionStatus | None = None
    post: Annotated[PostId | None, Field(description="bound to it, or ever there")] = None
    user: UserId | None = None
    operator: Word | None = None
    category: Word | None = None
    created_after: Instant | None = None
    created_before: Instant | None = None
    q: Annotated[Word | None, Field(description="in the notes or the patron's name, or the id's beginning")] = None


class IssueBody(Body):
    """What the desk asks for."""

    duration_s: Annotated[Duration, Field(examples=[3600])]
    user_id: UserId | None = None
    post_id: Annotated[PostId | None, Field(description="the only post where the code is to work")] = None
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    category: Word | None = None
    on_end: Annotated[OnEnd | None, Field(strict=False, description="the house's, where left out")] = None
    notes: Notes = ""
    count: Annotated[int, Field(ge=1, le=MAX_BATCH)] = 1


class EditBody(Body):
    """What is to be different; what is left out stays."""

    notes: Notes | None = None
    category: Word | None = None
    valid_until: Instant | None = None


class AddTimeBody(Body):
    """More time."""

    seconds: Annotated[Duration, Field(examples=[900])]


class TransferBody(Body):
    """Another post."""

    post_id: Annotated[PostId, Field(examples=["p02"])]


async def show_session(call: Call, session_id: str) -> Tagged[SessionShape]:
    """A session as it now is."""
    view = await call.web.queries.session(session_id)
    if view is None:
        raise NotFound("session", session_id)
    return Tagged(_shape(call, view, with_code=call.caller.sees_codes), version(view.session))


async def show_issued(call: Call, session_ids: str) -> Any:
    """One session, or a list of them."""
    shown = [(await show_session(call, session_id)).answer for session_id in session_ids.split()]
    return shown if len(shown) > 1 else shown[0]


@endpoint("GET", "/sessions", Role.VIEWER, Listed[SessionShape], csv=True, summary="Sessions; in CSV never their codes")
async def list_sessions(call: Call, query: SessionQuery) -> Any:
    wanted = SessionFilter(
        status=query.status,
        post=query.post,
        user=query.user,
        operator=query.operator,
        category=query.category,
        created_after=query.created_after,
        created_before=query.created_before,
        q=query.q,
    )
    if wants_csv(call.request):
        return await export_sessions(call, wanted)
    show = partial(_shape, call, with_code=call.caller.sees_codes)
    return await listed(query, lambda paging: call.web.queries.sessions(wanted, paging), show)


async def export_sessions(call: Call, wanted: SessionFilter) -> Any:
    """All of them as a file."""
    rows = every(
        lambda last: call.web.queries.sessions_after(last.session if last else None, wanted),
        partial(_shape, call, with_code=False),
    )
    return await send_csv(call.request, "sessions", SessionShape, rows)


@endpoint(
    "POST",
    "/sessions",
    Role.OPERATOR,
    SessionShape | list[SessionShape],
    status=201,
    shows=show_issued,
    refuses=(404,),
    summary="Issue a code, or several",
)
async def issue_codes(call: Call, body: IssueBody) -> str:
    order = IssueOrder(**{name: getattr(body, name) for name in type(body).model_fields})
    return " ".join(issued.session.id for issued in await issue(call.room, order, call.by))


@endpoint("GET", "/sessions/{id}", Role.VIEWER, SessionShape, summary="One session")
async def one_session(call: Call) -> Tagged[SessionShape]:
    return await show_session(call, call.session_id)


@endpoint("PATCH", "/sessions/{id}", Role.OPERATOR, SessionShape, summary="Change notes, category or validity")
async def edit(call: Call, body: EditBody, expected: Expected) -> Tagged[SessionShape]:
    change = SessionChange(**{name: getattr(body, name) for name in body.model_fields_set})
    await edit_session(call.room, call.session_id, change, call.by, expected)
    return await show_session(call, call.session_id)


@endpoint(
    "POST", "/sessions/{id}/add-time", Role.OPERATOR, SessionShape, shows=show_session, summary="Add time to a stay"
)
async def add(call: Call, body: AddTimeBody) -> str:
    return (await add_time(call.room, call.session_id, body.seconds, call.by)).id


@endpoint(
    "POST", "/sessions/{id}/suspend", Role.OPERATOR, SessionShape, shows=show_session, summary="Bank what is left"
)
async def suspend_it(call: Call) -> str:
    return (await suspend(call.room, call.session_id, call.by)).id


@endpoint("POST", "/sessions/{id}/end", Role.OPERATOR, SessionShape, shows=show_session, summary="End a stay")
async def end_it(call: Call) -> str:
    return (await end(call.room, call.session_id, call.by)).id


@endpoint(
    "POST", "/sessions/{id}/undo", Role.OPERATOR, SessionShape, shows=show_session, summary="Undo an end, for a minute"
)
async def undo_it(call: Call) -> str:
    return (await undo(call.room, call.session_id, call.by)).id


@endpoint(
    "POST", "/sessions/{id}/transfer", Role.OPERATOR, SessionShape, shows=show_session, summary="Move to another post"
)
async def transfer_it(call: Call, body: TransferBody) -> str:
    return (await transfer(call.room, call.session_id, body.post_id, call.by)).id


@endpoint(
    "POST",
    "/sessions/{id}/void",
    Role.OPERATOR,
    SessionShape,
    shows=show_session,
    summary="Make a code worthless that nobody has used",
)
async def void_it(call: Call) -> str:
    return (await void(call.room, call.session_id, call.by)).id


@endpoint(
    "GET",
    "/sessions/{id}/ticket",
    Role.OPERATOR,
    TicketShape,
    refuses=(409, 410),
    summary="All that is printed of a code; 410 later",
)
async def one_ticket(call: Call) -> TicketShape:
    return ticket_shape(await ticket(call.room, call.session_id))


def _shape(call: Call, view: SessionView, *, with_code: bool) -> SessionShape:
    room = call.room
    return session_shape(view, room.presence, room.clock.now(), room.mint, with_code=with_code)


ENDPOINTS = (
    list_sessions,
    issue_codes,
    one_session,
    edit,
    add,
    suspend_it,
    end_it,
    undo_it,
    transfer_it,
    void_it,
    one_ticket,
)
