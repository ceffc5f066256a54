"""New codes: the page that issues one or many, and what came of it."""

from __future__ import annotations

import re
from typing import Annotated

from aiohttp import web
from pydantic import Field

from hub.adapters.web.api.sessions import IssueBody
from hub.adapters.web.fields import UUID_PATTERN, SessionId
from hub.adapters.web.pages.forms import Filled, read, saved_once
from hub.adapters.web.pages.names import names
from hub.adapters.web.pages.visit import Visit, done, page
from hub.adapters.web.problems import Problem
from hub.adapters.web.shapes import SessionShape
from hub.adapters.web.strict_json import read_form
from hub.adapters.web.views import session_shape
from hub.domain.accounts import Role
from hub.domain.errors import HubError, NotFound
from hub.domain.house import MAX_DURATION_S
from hub.usecases.issue import MAX_BATCH, IssueOrder, issue


class CodeForm(IssueBody):
    """The order as people fill it in: a preset in seconds, or minutes. `key`: sent twice, it is the same order."""

    minutes: Annotated[int | None, Field(ge=1, le=MAX_DURATION_S // 60)] = None
    key: SessionId


@page(Role.OPERATOR)
async def ask(visit: Visit) -> web.StreamResponse:
    """The empty form; `?user=` and `?post=` fill in for whom and where."""
    asked = visit.request.query
    return await _form(visit, Filled({"user_id": asked.get("user", ""), "post_id": asked.get("post", "")}))


@page(Role.OPERATOR)
async def give(visit: Visit) -> web.StreamResponse:
    """Issue what the form orders."""
    sent = await read_form(visit.request, visit.hub.settings.body_timeout_s)
    form = await read(visit, CodeForm, local=("valid_from", "valid_until"), **_in_seconds(sent))
    if form.body is None:
        return await _form(visit, form)
    try:
        ids = await _issued(visit, form.body)
    except (HubError, Problem) as error:
        return await _form(visit, form.refused(error))
    raise done("/codes/issued", ids=ids)


@page(Role.OPERATOR)
async def show_issued(visit: Visit) -> web.StreamResponse:
    """Codes as they are given out: one of them large, several as a list."""
    ids = asked_ids(visit)
    sessions = [await _session(visit, one) for one in ids]
    return visit.show("issued.html", sessions=sessions, names=await names(visit), ids=" ".join(ids))


def asked_ids(visit: Visit) -> list[str]:
    """The sessions that `?ids=` names, with spaces between; NotFound where that is nonsense."""
    ids = visit.request.query.get("ids", "").split()
    if not 1 <= len(ids) <= MAX_BATCH or not all(re.fullmatch(UUID_PATTERN, one, re.ASCII) for one in ids):
        raise NotFound("session", "?")
    return ids


async def _form(visit: Visit, form: Filled[CodeForm]) -> web.StreamResponse:
    posts = await visit.hub.queries.posts(visit.room.clock.now())
    user_id = form.values.get("user_id", "")
    user = await visit.hub.queries.user(user_id) if re.fullmatch(UUID_PATTERN, user_id, re.ASCII) else None
    return visit.show(
        "new_code.html",
        form=form,
        key=visit.room.mint.new_id(),
        posts=[view.post for view in posts],
        user=user.user if user else None,
        most=MAX_BATCH,
        status=422 if form.errors else 200,
    )


def _in_seconds(sent: dict[str, str]) -> dict[str, str]:
    """Minutes in the place of a preset, as seconds; what is no number is left to the model."""
    minutes = sent.get("minutes", "").strip()
    if sent.get("duration_s") or not re.fullmatch(r"\d{1,5}", minutes, re.ASCII):
        return {}
    return {"duration_s": str(int(minutes) * 60)}


async def _issued(visit: Visit, wish: CodeForm) -> str:
    """The ids of the new sessions; of those that the same form has made before, where it was sent twice."""
    order = IssueOrder(**{name: getattr(wish, name) for name in IssueBody.model_fields})

    async def act() -> str:
        return " ".join(issued.session.id for issued in await issue(visit.room, order, visit.by))

    return await saved_once(visit, wish, wish.key, act)


async def _session(visit: Visit, session_id: str) -> SessionShape:
    view = await visit.hub.queries.session(session_id)
    if view is None:
        raise NotFound("session", session_id)
    room = visit.room
    return session_shape(view, room.presence, room.clock.now(), room.mint, with_code=visit.caller.sees_codes)
