"""Tokens of programs: made, shown once and revoked by admins."""

from __future__ import annotations

from aiohttp import web

from hub.adapters.web.api.tokens import AddTokenBody
from hub.adapters.web.context import desk_of
from hub.adapters.web.declare import path_id
from hub.adapters.web.fields import Instant
from hub.adapters.web.pages.forms import EMPTY, Filled, read
from hub.adapters.web.pages.visit import Visit, done, page
from hub.domain.accounts import Role, role_of
from hub.domain.errors import HubError
from hub.usecases.accounts.tokens import NewToken, add_named_token, named_tokens, revoke_named_token


class AddTokenForm(AddTokenBody):
    """An empty end is a token without one."""

    expires_at: Instant | None = None


@page(Role.ADMIN)
async def show(visit: Visit) -> web.StreamResponse:
    """The list, and the form for a new one."""
    return await _all(visit, EMPTY)


@page(Role.ADMIN)
async def make(visit: Visit) -> web.StreamResponse:
    """A new one, which this answer shows and nothing ever again."""
    form = await read(visit, AddTokenForm, local=("expires_at",))
    if form.body is None:
        return await _all(visit, form)
    wish, owner = form.body, visit.caller.operator
    try:
        made = await add_named_token(desk_of(visit.request), owner, wish.name, wish.role, wish.expires_at, visit.by)
    except HubError as error:
        return await _all(visit, form.refused(error))
    return await _all(visit, EMPTY, made)


@page(Role.ADMIN)
async def revoke(visit: Visit) -> web.StreamResponse:
    """It is good no longer."""
    token_id = int(path_id(visit.request, "token", r"[1-9]\d{0,8}"))
    await revoke_named_token(desk_of(visit.request), token_id, visit.by)
    raise done("/operators/tokens", "done")


async def _all(visit: Visit, form: Filled[AddTokenForm], made: NewToken | None = None) -> web.StreamResponse:
    found = sorted(await named_tokens(desk_of(visit.request)), key=lambda one: one[0].name.casefold())
    return visit.show(
        "tokens.html",
        status=422 if form.errors else 200,
        tokens=[(token, owner, role_of(owner, token)) for token, owner in found],
        now=visit.room.clock.now(),
        form=form,
        made=made,
        roles=list(Role),
    )
