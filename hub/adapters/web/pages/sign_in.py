"""Sign in and out: plain forms, which work without any script.

Whoever has a second factor meets two forms: name and password, then the code. What the first has shown to be right
travels through the second as a sealed text, never as the password.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from aiohttp import web

from hub.adapters.web.context import desk_of, web_of
from hub.adapters.web.guards import caller_of, clear_panel_cookie, door_of, enter_panel, require
from hub.adapters.web.pages.page import heed_language, house_of, render
from hub.adapters.web.pages.visit import NEXT
from hub.adapters.web.strict_json import read_form
from hub.domain.accounts import Role, TokenKind
from hub.usecases.accounts.confirm import Throttled
from hub.usecases.accounts.operators import LONGEST_NAME, LONGEST_PASSWORD
from hub.usecases.accounts.second_factor import LONGEST_CODE
from hub.usecases.accounts.sign_in import BadCredentials, SignedIn, TooLate, TotpNeeded, finish, sign_in
from hub.usecases.accounts.sign_out import sign_out

FIRST_ADMIN = "poste-hub operator add NAME --role admin --password-stdin"
"""The command that an empty hub's sign-in page names."""
_OWN_PATH = re.compile(r"/(?!/)[!-\[\]-~]{0,2000}")
"""What an address holds: printable ASCII, and no backslash, which browsers take for a slash."""


async def show(request: web.Request) -> web.StreamResponse:
    """The form; whoever is signed in already goes to where they wanted."""
    heed_language(request)
    caller = await caller_of(request)
    if caller is not None and caller.csrf is not None:
        raise web.HTTPSeeOther(_after(request, caller.role))
    return await _form(request, why="expired" if "expired" in request.query else None)


async def submit(request: web.Request) -> web.StreamResponse:
    """Name and password, and a code where there is one, become a session; anything else is a form, saying why."""
    form = await read_form(request, web_of(request).settings.body_timeout_s)
    name, half_way = form.get("username", "")[: LONGEST_NAME + 1], form.get("half_way")
    try:
        signed = await _second_half(request, form, half_way) if half_way else await _first_half(request, form)
    except TotpNeeded as needed:
        return await _form(request, why=None, half_way=needed.half_way)
    except TooLate:
        return await _form(request, why="late", status=401)
    except BadCredentials:
        return await _form(request, why="code" if half_way else "wrong", name=name, half_way=half_way, status=401)
    except Throttled as throttled:
        response = await _form(request, why="throttled", name=name, wait_s=throttled.retry_after_s, status=429)
        response.headers["Retry-After"] = str(throttled.retry_after_s)
        return response
    welcome = web.HTTPSeeOther(_after(request, signed.operator.role))
    await enter_panel(request, welcome, signed)
    raise welcome


def _after(request: web.Request, role: Role) -> str:
    """Where to go once signed in: a screen on the wall to the wall, others to where they wanted, or to the board."""
    return "/wall" if role is Role.DISPLAY else _wanted(request) or "/"


def _wanted(request: web.Request) -> str | None:
    """The page that was asked for; None where that is none of ours: nobody is sent elsewhere by a link to this form."""
    path = request.query.get(NEXT, "")
    return path if _OWN_PATH.fullmatch(path) else None


async def _first_half(request: web.Request, form: dict[str, str]) -> SignedIn:
    name, password = form.get("username", ""), form.get("password", "")
    if len(name) > LONGEST_NAME or len(password) > LONGEST_PASSWORD:
        raise BadCredentials("nobody is called so, and no password is so long")
    return await sign_in(desk_of(request), name.strip(), password, door_of(request, TokenKind.PANEL))


async def _second_half(request: web.Request, form: dict[str, str], half_way: str) -> SignedIn:
    code = form.get("totp", "")[:LONGEST_CODE]
    return await finish(desk_of(request), half_way, code, door_of(request, TokenKind.PANEL))


async def leave(request: web.Request) -> web.StreamResponse:
    """End the session; somebody who has none is taken to the form just the same."""
    if await caller_of(request) is not None:
        caller = await require(request, Role.DISPLAY)
        await sign_out(desk_of(request), caller.token.id)
    response = web.HTTPSeeOther("/sign-in")
    clear_panel_cookie(request, response)
    raise response


async def _form(
    request: web.Request,
    *,
    why: str | None,
    name: str = "",
    half_way: str | None = None,
    wait_s: int = 0,
    status: int = 200,
) -> web.Response:
    empty = not await web_of(request).accounts.operators()
    house, wanted = await house_of(request), _wanted(request)
    return render(
        request,
        "sign_in.html",
        house,
        status=status,
        why=why,
        name=name,
        half_way=half_way,
        wait_s=wait_s,
        command=FIRST_ADMIN if empty else None,
        here=f"/sign-in?{urlencode({NEXT: wanted})}" if wanted else "/sign-in",
    )
