"""Operators: the desk's accounts, and one with all that an admin can do to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from hub.adapters.web.api.operators import AddOperatorBody, Password, RoleField, refuse_own
from hub.adapters.web.context import desk_of
from hub.adapters.web.declare import path_id
from hub.adapters.web.fields import Body
from hub.adapters.web.pages.forms import EMPTY, Filled, read
from hub.adapters.web.pages.visit import Visit, done, page
from hub.domain.accounts import Operator, Role
from hub.domain.errors import HubError
from hub.usecases.accounts.operators import (
    LONGEST_NAME,
    SHORTEST_PASSWORD,
    OperatorChange,
    add_operator,
    change_operator,
    delete_operator,
    operator_of,
    set_password,
)
from hub.usecases.accounts.second_factor import reset_totp


class RoleForm(Body):
    """Another role."""

    role: RoleField


class PasswordForm(Body):
    """Another password, told by the admin to whose it is."""

    password: Annotated[Password, Field(repr=False)]


@page(Role.ADMIN)
async def show_all(visit: Visit) -> web.StreamResponse:
    """The list, and the form for a new one."""
    return await _all(visit, EMPTY)


async def _all(visit: Visit, form: Filled[AddOperatorBody]) -> web.StreamResponse:
    found = sorted(await visit.hub.accounts.operators(), key=lambda one: (one.disabled, one.name.casefold()))
    return visit.show(
        "operators.html",
        status=422 if form.errors else 200,
        operators=found,
        form=form,
        roles=list(Role),
        shortest=SHORTEST_PASSWORD,
        longest_name=LONGEST_NAME,
    )


@page(Role.ADMIN)
async def make(visit: Visit) -> web.StreamResponse:
    """A new account."""
    form = await read(visit, AddOperatorBody)
    if form.body is None:
        return await _all(visit, form)
    wish = form.body
    try:
        made = await add_operator(desk_of(visit.request), wish.name, wish.role, wish.password, visit.by)
    except HubError as error:
        return await _all(visit, form.refused(error))
    raise done(f"/operators/{made.id}", "saved")


@page(Role.ADMIN)
async def show_one(visit: Visit) -> web.StreamResponse:
    """One account."""
    return _one(visit, await _named(visit), EMPTY)


def _one(visit: Visit, operator: Operator, form: Filled[Any]) -> web.StreamResponse:
    return visit.show(
        "operator.html",
        status=422 if form.errors else 200,
        operator=operator,
        own=operator.id == visit.caller.operator.id,
        form=form,
        roles=list(Role),
        shortest=SHORTEST_PASSWORD,
    )


async def _named(visit: Visit) -> Operator:
    return await operator_of(desk_of(visit.request), int(path_id(visit.request, "operator", r"[1-9]\d{0,8}")))


Act = Callable[[Visit, Operator], Awaitable[Filled[Any] | None]]
"""Does one thing to an account; gives the form back where something is wrong with it."""


def _acting(act: Act, *, to: str | None = None) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A form that does one thing to an account and comes back to it, or goes on `to` another page."""

    @page(Role.ADMIN)
    async def answer(visit: Visit) -> web.StreamResponse:
        operator = await _named(visit)
        form: Filled[Any] | None = EMPTY
        try:
            form = await act(visit, operator)
        except HubError as error:
            form = EMPTY.refused(error)
        if form is not None:
            return _one(visit, operator, form)
        raise done(to or f"/operators/{operator.id}", "saved")

    return answer


async def _change_role(visit: Visit, operator: Operator) -> Filled[Any] | None:
    form = await read(visit, RoleForm)
    if form.body is None:
        return form
    await change_operator(desk_of(visit.request), operator.id, OperatorChange(role=form.body.role), visit.by)
    return None


async def _set_password(visit: Visit, operator: Operator) -> Filled[Any] | None:
    refuse_own(operator.id, visit.caller)
    form = await read(visit, PasswordForm)
    if form.body is None:
        return form
    await set_password(desk_of(visit.request), operator, form.body.password, visit.by)
    return None


async def _reset_totp(visit: Visit, operator: Operator) -> None:
    refuse_own(operator.id, visit.caller)
    await reset_totp(desk_of(visit.request), operator, visit.by)


async def _delete(visit: Visit, operator: Operator) -> None:
    await delete_operator(desk_of(visit.request), operator.id, visit.by)


async def _disable(visit: Visit, operator: Operator) -> None:
    await change_operator(desk_of(visit.request), operator.id, OperatorChange(disabled=True), visit.by)


async def _enable(visit: Visit, operator: Operator) -> None:
    await change_operator(desk_of(visit.request), operator.id, OperatorChange(disabled=False), visit.by)


ACTS = {
    "role": _acting(_change_role),
    "password": _acting(_set_password),
    "disable": _acting(_disable),
    "enable": _acting(_enable),
    "totp-off": _acting(_reset_totp),
    "delete": _acting(_delete, to="/operators"),
}
"""By the last part of their address."""
