"""Sign in and out: the two pages' worth of plain forms, which work without any script."""

from __future__ import annotations

from aiohttp import web

from hub.adapters.web.context import desk_of, web_of
from hub.adapters.web.guards import caller_of, clear_panel_cookie, require, set_panel_cookie, sign_in_panel
from hub.adapters.web.pages.page import heed_language, house_of, render
from hub.adapters.web.strict_json import read_form
from hub.domain.accounts import Role
from hub.usecases.accounts.operators import LONGEST_NAME, LONGEST_PASSWORD
from hub.usecases.accounts.sign_in import BadCredentials, Throttled
from hub.usecases.accounts.sign_out import sign_out

FIRST_ADMIN = "poste-hub operator add NAME --role admin --password-stdin"
"""The command that an empty hub's sign-in page names."""


async def show(request: web.Request) -> web.StreamResponse:
    """The form; whoever is signed in already goes to the board."""
    heed_language(request)
    caller = await caller_of(request)
    if caller is not None and caller.csrf is not None:
        raise web.HTTPSeeOther("/")
    return await _form(request, why="expired" if "expired" in request.query else None)


async def submit(request: web.Request) -> web.StreamResponse:
    """Name and password become a session and its cookie; anything else is the form again, saying why."""
    form = await read_form(request, web_of(request).settings.body_timeout_s)
    name, password = form.get("username", ""), form.get("password", "")
    if len(name) > LONGEST_NAME or len(password) > LONGEST_PASSWORD:
        return await _form(request, why="wrong", status=401)
    try:
        signed = await sign_in_panel(request, name.strip(), password)
    except BadCredentials:
        return await _form(request, why="wrong", name=name, status=401)
    except Throttled as throttled:
        response = await _form(request, why="throttled", name=name, wait_s=throttled.retry_after_s, status=429)
        response.headers["Retry-After"] = str(throttled.retry_after_s)
        return response
    response = web.HTTPSeeOther("/")
    set_panel_cookie(request, response, signed)
    raise response


async def leave(request: web.Request) -> web.StreamResponse:
    """End the session; somebody who has none is taken to the form just the same."""
    if await caller_of(request) is not None:
        caller = await require(request, Role.DISPLAY)
        await sign_out(desk_of(request), caller.token.id)
    response = web.HTTPSeeOther("/sign-in")
    clear_panel_cookie(request, response)
    raise response


async def _form(
    request: web.Request, *, why: str | None, name: str = "", wait_s: int = 0, status: int = 200
) -> web.Response:
    empty = not await web_of(request).accounts.operators()
    house = await house_of(request)
    return render(
        request,
        "sign_in.html",
        house,
        status=status,
        why=why,
        name=name,
        wait_s=wait_s,
        command=FIRST_ADMIN if empty else None,
    )
