"""My account: password, second factor, and where one is signed in. What is shown once is shown by the form's answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from aiohttp import web
from pydantic import Field

from hub.adapters.web.api.me import CodeBody, NewPasswordBody, PasswordBody, totp_uri
from hub.adapters.web.api.operators import Password
from hub.adapters.web.context import desk_of
from hub.adapters.web.declare import path_id
from hub.adapters.web.guards import clear_panel_cookie
from hub.adapters.web.pages.forms import EMPTY, Filled, Wrong, read
from hub.adapters.web.pages.qr import qr
from hub.adapters.web.pages.visit import Visit, done, page
from hub.domain.accounts import Role
from hub.domain.errors import HubError
from hub.usecases.accounts import second_factor
from hub.usecases.accounts.confirm import confirm_password
from hub.usecases.accounts.operators import SHORTEST_PASSWORD, check_password, set_password
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.tokens import end_all_sign_ins, end_sign_in, sign_ins

_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrom": "Chrome", "Safari": "Safari", "curl": "curl"}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}
"""The first that is found counts: browsers tell the names of others, too."""


def known_agent(agent: str) -> str:
    """A browser and its system by the names that people know; an agent that is neither as it calls itself."""
    found = [next((names[sign] for sign in names if sign in agent), None) for names in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in found if name) or agent


class NewPasswordForm(NewPasswordBody):
    """The new password twice: nobody sees what they type."""

    again: Annotated[Password, Field(repr=False)]


@page(Role.VIEWER)
async def show(visit: Visit) -> web.StreamResponse:
    """One's account."""
    return await _account(visit)


@page(Role.VIEWER)
async def change_password(visit: Visit) -> web.StreamResponse:
    """Another password: the other sign-ins end."""
    desk, operator = desk_of(visit.request), visit.caller.operator
    form = await read(visit, NewPasswordForm)
    if form.body is None:
        return await _account(visit, password=form)
    wrong = _wrong_new_password(desk, form.body)
    if wrong:
        return await _account(visit, password=Filled(form.values, None, wrong))
    try:
        await confirm_password(desk, operator, form.body.password, visit.by)
    except HubError as error:
        return await _account(visit, password=form.refused(error))
    await set_password(desk, operator, form.body.new_password, visit.by, keep_token=visit.caller.token.id)
    raise done("/me", "password")


def _wrong_new_password(desk: Desk, form: NewPasswordForm) -> dict[str, Wrong]:
    try:
        check_password(desk, form.new_password)
    except HubError as error:
        return {"new_password": Wrong(error.reason, words=str(error))}
    return {} if form.again == form.new_password else {"again": Wrong("passwords_differ")}


@page(Role.VIEWER)
async def offer_totp(visit: Visit) -> web.StreamResponse:
    """The new secret, once: as a QR code for the telephone and as text."""
    form = await read(visit, PasswordBody)
    if form.body is None:
        return await _account(visit, totp=form)
    operator = visit.caller.operator
    try:
        secret = await second_factor.offer(desk_of(visit.request), operator, form.body.password, visit.by)
    except HubError as error:
        return await _account(visit, totp=form.refused(error))
    return visit.show("totp.html", form=EMPTY, secret=secret, qr=qr(totp_uri(operator.name, secret)))


@page(Role.VIEWER)
async def confirm_totp(visit: Visit) -> web.StreamResponse:
    """A code of the offered secret was shown: from now on one is asked for."""
    form = await read(visit, CodeBody)
    if form.body is not None:
        try:
            codes = await second_factor.turn_on(desk_of(visit.request), visit.caller.operator, form.body.code, visit.by)
        except HubError as error:
            form = form.refused(error)
        else:
            return _recovery_codes(visit, codes)
    return visit.show("totp.html", form=form, secret=None, qr=None, status=422)


@page(Role.VIEWER)
async def disable_totp(visit: Visit) -> web.StreamResponse:
    """No second factor any more."""
    form = await read(visit, PasswordBody)
    if form.body is None:
        return await _account(visit, totp=form)
    try:
        await second_factor.turn_off(desk_of(visit.request), visit.caller.operator, form.body.password, visit.by)
    except HubError as error:
        return await _account(visit, totp=form.refused(error))
    raise done("/me", "totp_off")


@page(Role.VIEWER)
async def renew_codes(visit: Visit) -> web.StreamResponse:
    """New recovery codes for old."""
    form = await read(visit, PasswordBody)
    if form.body is None:
        return await _account(visit, totp=form)
    desk, operator = desk_of(visit.request), visit.caller.operator
    try:
        codes = await second_factor.renew_recovery_codes(desk, operator, form.body.password, visit.by)
    except HubError as error:
        return await _account(visit, totp=form.refused(error))
    return _recovery_codes(visit, codes)


@page(Role.VIEWER)
async def end_one(visit: Visit) -> web.StreamResponse:
    """End one of one's own sign-ins."""
    token_id = int(path_id(visit.request, "sign-in", r"[1-9]\d{0,8}"))
    await end_sign_in(desk_of(visit.request), visit.caller.operator, token_id, visit.by)
    raise done("/me", "done")


@page(Role.VIEWER)
async def end_all(visit: Visit) -> web.StreamResponse:
    """Sign out everywhere, here too."""
    await end_all_sign_ins(desk_of(visit.request), visit.caller.operator, visit.by)
    response = done("/sign-in")
    clear_panel_cookie(visit.request, response)
    raise response


def _recovery_codes(visit: Visit, codes: Sequence[str]) -> web.Response:
    return visit.show("recovery_codes.html", codes=codes)


async def _account(
    visit: Visit, *, password: Filled[NewPasswordForm] = EMPTY, totp: Filled[PasswordBody] = EMPTY
) -> web.StreamResponse:
    desk, operator = desk_of(visit.request), visit.caller.operator
    return visit.show(
        "me.html",
        status=422 if password.errors or totp.errors else 200,
        password=password,
        totp=totp,
        shortest=SHORTEST_PASSWORD,
        codes_left=await visit.hub.factors.recovery_codes_left(operator.id),
        sign_ins=[(token, known_agent(token.agent or "")) for token in await sign_ins(desk, operator)],
    )


FORMS = {
    "password": change_password,
    "totp": offer_totp,
    "totp/confirm": confirm_totp,
    "totp/off": disable_totp,
    "totp/recovery-codes": renew_codes,
    "sign-ins/{id}/end": end_one,
    "sign-ins/end": end_all,
}
"""By the rest of their address."""
