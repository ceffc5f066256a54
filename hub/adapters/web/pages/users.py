"""Users: the list, one with what is used of the quota and the history, and the form that registers or changes one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, cast

from aiohttp import web
from pydantic import Field

from hub.adapters.web.api.users import UserBody, UserQuery, export_users
from hub.adapters.web.declare import path_id
from hub.adapters.web.fields import UUID_PATTERN, SessionId
from hub.adapters.web.lists import part
from hub.adapters.web.pages.forms import EMPTY, Filled, Version, read, saved_once
from hub.adapters.web.pages.listing import exporting, listing, matching
from hub.adapters.web.pages.names import names
from hub.adapters.web.pages.sessions import session_of
from hub.adapters.web.pages.visit import Visit, done, page
from hub.adapters.web.problems import Problem
from hub.domain.accounts import Role
from hub.domain.errors import HubError, NotFound
from hub.domain.records import User
from hub.domain.version import Expected, version
from hub.usecases.people.quota import quota_use
from hub.usecases.people.users import (
    MAX_QUOTA_DAY_S,
    MAX_QUOTA_WEEK_S,
    UserChange,
    add_user,
    anonymise_user,
    delete_user,
    edit_user,
)
from hub.usecases.views import Paging, SessionFilter, UserFilter

_SHOWN = 10


class UserForm(UserBody):
    """A patron's record as the desk fills it in: quotas in minutes."""

    quota_day_min: Annotated[int | None, Field(ge=1, le=MAX_QUOTA_DAY_S // 60)] = None
    quota_week_min: Annotated[int | None, Field(ge=1, le=MAX_QUOTA_WEEK_S // 60)] = None


class NewForm(UserForm):
    """`key`: sent twice, it is the same new user."""

    key: SessionId


class EditForm(UserForm):
    """What is to be different, and which version of the record the desk has seen."""

    version: Version


@page(Role.VIEWER)
async def show_all(visit: Visit) -> web.StreamResponse:
    """The list."""
    wanted = listing(visit, UserQuery)
    found = await part(wanted.query, partial(visit.hub.queries.users, matching(UserFilter, wanted.query)))
    return visit.show("users.html", list=wanted, page=found, users=[view.user for view in found.items])


@page(Role.VIEWER)
async def export(visit: Visit) -> web.StreamResponse:
    """The list as a file."""
    call, query = exporting(visit, UserQuery)
    return cast("web.StreamResponse", await export_users(call, matching(UserFilter, query)))


@page(Role.VIEWER)
async def show_one(visit: Visit) -> web.StreamResponse:
    """One user."""
    user = await _user(visit)
    stays = await visit.hub.queries.sessions(SessionFilter(user=user.id), Paging(page_size=_SHOWN))
    return visit.show(
        "user.html",
        user=user,
        quotas=await quota_use(visit.room, user),
        stays_page=stays,
        items=[session_of(visit, view) for view in stays.items],
        names=await names(visit),
    )


async def _user(visit: Visit) -> User:
    user_id = path_id(visit.request, "user", UUID_PATTERN)
    view = await visit.hub.queries.user(user_id)
    if view is None:
        raise NotFound("user", user_id)
    return view.user


@page(Role.OPERATOR)
async def ask(visit: Visit) -> web.StreamResponse:
    """The form for a new user."""
    return _form(visit, EMPTY, key=visit.room.mint.new_id())


@page(Role.OPERATOR)
async def register(visit: Visit) -> web.StreamResponse:
    """Register whom the form tells of."""
    form = await read(visit, NewForm)
    if form.body is None:
        return _form(visit, form, key=visit.room.mint.new_id())
    facts = _change(form.body)

    async def act() -> str:
        return (await add_user(visit.room, facts, visit.by)).id

    try:
        user_id = await saved_once(visit, form.body, form.body.key, act)
    except (HubError, Problem) as error:
        return _form(visit, form.refused(error), key=visit.room.mint.new_id())
    raise done(f"/users/{user_id}", "saved")


@page(Role.OPERATOR)
async def show_edit(visit: Visit) -> web.StreamResponse:
    """The form with a user's record in it."""
    return _form(visit, EMPTY, await _user(visit))


@page(Role.OPERATOR)
async def edit(visit: Visit) -> web.StreamResponse:
    """Change a user's record."""
    user = await _user(visit)
    form = await read(visit, EditForm)
    if form.body is None:
        return _form(visit, form, user)
    try:
        await edit_user(
            visit.room, user.id, _change(form.body, user), visit.by, Expected(frozenset({form.body.version}))
        )
    except HubError as error:
        return _form(visit, form.refused(error), await _user(visit))
    raise done(f"/users/{user.id}", "saved")


def _form(visit: Visit, form: Filled[Any], user: User | None = None, key: str = "") -> web.StreamResponse:
    return visit.show(
        "user_form.html",
        form=form,
        user=user,
        key=key,
        version=version(user) if user else "",
        minutes=minutes,
        status=422 if form.errors else 200,
    )


def minutes(seconds: int | None) -> int | None:
    """A quota in whole minutes, as the form has it."""
    return -(-seconds // 60) if seconds is not None else None


def _change(form: UserForm, user: User | None = None) -> UserChange:
    """The record as the form has it; a quota that nobody has touched stays, to the second."""

    day_s, week_s = (user.quota_day_s, user.quota_week_s) if user else (None, None)
    return UserChange(
        display_name=form.display_name,
        card_number=form.card_number,
        contact=form.contact,
        category=form.category,
        notes=form.notes,
        blocked=form.blocked,
        quota_day_s=_quota(form.quota_day_min, day_s),
        quota_week_s=_quota(form.quota_week_min, week_s),
    )


def _quota(told: int | None, before_s: int | None) -> int | None:
    return before_s if told == minutes(before_s) else told and told * 60


def _acting(
    act: Callable[[Visit, str], Awaitable[object]], said: str, *, back: bool = True
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A form that does one thing to a user, and comes back to the page or, where that is gone, to the list."""

    @page(Role.OPERATOR)
    async def answer(visit: Visit) -> web.StreamResponse:
        user_id = path_id(visit.request, "user", UUID_PATTERN)
        await act(visit, user_id)
        raise done(f"/users/{user_id}" if back else "/users", said)

    return answer


async def _block(visit: Visit, user_id: str) -> None:
    await edit_user(visit.room, user_id, UserChange(blocked=True), visit.by)


async def _unblock(visit: Visit, user_id: str) -> None:
    await edit_user(visit.room, user_id, UserChange(blocked=False), visit.by)


ACTS: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
    "block": _acting(_block, "blocked"),
    "unblock": _acting(_unblock, "unblocked"),
    "anonymise": _acting(lambda visit, user_id: anonymise_user(visit.room, user_id, visit.by), "anonymised"),
    "delete": _acting(lambda visit, user_id: delete_user(visit.room, user_id, visit.by), "deleted", back=False),
}
"""By the last part of their address."""
