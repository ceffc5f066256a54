"""Who is asking, and may they: tokens, the panel's cookie, CSRF, roles.

A request speaks for an operator through `Authorization: Bearer …`, or through the panel's cookie. A cookie is sent by
the browser whoever made the page, so what changes something needs the CSRF token beside it: derived from the session's
token, in the header `X-CSRF-Token` or the form field `csrf_token`.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import web

from hub.adapters.web.context import Web, desk_of, web_of
from hub.adapters.web.problems import Problem
from hub.adapters.web.strict_json import FORM_TYPE, read_form
from hub.domain.accounts import Operator, Role, Token, TokenKind, allows, role_of
from hub.usecases.accounts.sign_in import Door, SignedIn, token_hash
from hub.usecases.accounts.sign_out import sign_out
from hub.usecases.ports import Unavailable
from hub.usecases.work import By

_LOG = logging.getLogger(__name__)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf_token"
_TOUCH_AFTER = timedelta(seconds=60)
"""Noting each use would make a write of every read; a minute is near enough to a quarter of an hour's idleness."""
_LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `csrf` is set for the panel's cookie, and is what its pages have to send back."""

    operator: Operator
    token: Token
    csrf: str | None = field(default=None, repr=False)

    @property
    def role(self) -> Role:
        """What the caller may: the operator's role, or less where the token has a narrower one."""
        return role_of(self.operator, self.token)

    @property
    def sees_codes(self) -> bool:
        """Viewers do not."""
        return allows(self.role, Role.OPERATOR)


_CALLER: web.RequestKey[tuple[Caller | None]] = web.RequestKey("caller", tuple)


def address_of(request: web.Request) -> str:
    """Where the request came from: by a proxy that is known, the address that it saw.

    That is the last entry of X-Forwarded-For; those before it are the client's own word.
    """
    peer = request.remote or "unknown"
    if peer not in web_of(request).settings.proxies:
        return peer
    told = request.headers.getall("X-Forwarded-For", [""])[-1].rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(told.partition("%")[0]))
    except ValueError:
        return peer


def by(request: web.Request, caller: Caller) -> By:
    """Who acts, for the journal."""
    return By(caller.operator.name, address_of(request))


async def caller_of(request: web.Request) -> Caller | None:
    """Who asks; None for nobody. Looked up once a request, and noted as a use of the token."""
    if _CALLER not in request:
        request[_CALLER] = (await _identify(request),)
    return request[_CALLER][0]


async def require(request: web.Request, role: Role) -> Caller:
    """Who asks, if they may: Problem 401 for nobody, 403 for too low a role or a forged request."""
    caller = await caller_of(request)
    if caller is None:
        raise Problem(401, "not_signed_in", "sign in first", headers={"WWW-Authenticate": "Bearer"})
    if caller.csrf is not None and request.method not in SAFE_METHODS:
        await _check_csrf(request, caller.csrf)
    if not allows(caller.role, role):
        raise Problem(403, "forbidden", f"this needs the role {role}")
    return caller


def check_origin(request: web.Request, caller: Caller) -> None:
    """A browser opens a WebSocket for any page that asks; only ours may. Problem 403 for another's."""
    origin = request.headers.get("Origin")
    if origin is None and caller.csrf is None:
        return
    if origin is None or not is_own_origin(request, origin):
        raise Problem(403, "foreign_origin", "this page may not listen here")


def is_own_origin(request: web.Request, origin: str) -> bool:
    """Whether a page is ours by its Origin; where we have TLS, one that came without it may be anybody's."""
    scheme, _, host = origin.lower().partition("://")
    schemes = {"https"} if web_of(request).settings.tls else {"http", "https"}
    return scheme in schemes and host == request.host.lower()


async def still_good(context: Web, caller: Caller) -> bool:
    """Whether the caller's token is still good, without counting as a use of it."""
    found = await context.accounts.bearer(caller.token.hash)
    return found is not None and role_of(*found) is caller.role


def door_of(request: web.Request, kind: TokenKind) -> Door:
    """Where somebody signs in."""
    return Door(kind, address_of(request), request.headers.get("User-Agent", ""))


async def enter_panel(request: web.Request, response: web.StreamResponse, signed: SignedIn) -> None:
    """Give the browser its session, and end the one whose cookie it had."""
    before = await caller_of(request)
    if before is not None and before.csrf is not None:
        await sign_out(desk_of(request), before.token.id)
    tls = web_of(request).settings.tls
    response.set_cookie(
        cookie_name(request),
        signed.secret,
        max_age=int((signed.expires_at - web_of(request).room.clock.now()).total_seconds()),
        path="/",
        secure=tls,
        httponly=True,
        samesite="Strict",
    )


def clear_panel_cookie(request: web.Request, response: web.StreamResponse) -> None:
    """Take the session from the browser (revoke it with `sign_out`)."""
    tls = web_of(request).settings.tls
    response.del_cookie(cookie_name(request), path="/", secure=tls, httponly=True, samesite="Strict")


def cookie_name(request: web.Request) -> str:
    """`__Host-` keeps other hosts from setting it, and works under TLS only."""
    return "__Host-poste" if web_of(request).settings.tls else "poste"


def csrf_token(secret: str) -> str:
    """What goes with a panel session's cookie: nobody can make it who has not read the token."""
    return hmac.new(secret.encode("utf-8", "surrogatepass"), b"poste-public csrf", hashlib.sha256).hexdigest()


async def _identify(request: web.Request) -> Caller | None:
    header = request.headers.get("Authorization")
    secret = request.cookies.get(cookie_name(request)) if header is None else _bearer(header)
    if not secret or len(secret) > _LONGEST_TOKEN:
        return None
    context = web_of(request)
    found = await context.accounts.bearer(token_hash(secret))
    if found is None:
        return None
    operator, token = found
    if (token.kind is TokenKind.PANEL) != (header is None):
        return None  # a panel's token is no good outside of its cookie, nor another's within one
    unused_for = context.room.clock.now() - (token.last_used_at or token.created_at)
    if unused_for >= _TOUCH_AFTER and (header is not None or _by_a_person(request)):
        await _note_use(context, token)
    return Caller(operator, token, csrf_token(secret) if header is None else None)


async def _note_use(context: Web, token: Token) -> None:
    """Who only looks needs nothing written: on a full disk the board goes on, until the panel's idle time ends."""
    try:
        await context.accounts.touch_token(token.id)
    except Unavailable as error:
        _LOG.warning("the use of a token cannot be noted: %s", error)


def _by_a_person(request: web.Request) -> bool:
    """Whether a panel's request shows that somebody is there: an open page also asks by itself, by GET of the API."""
    return request.method not in SAFE_METHODS or not request.path.startswith("/api/")


def _bearer(header: str) -> str | None:
    scheme, _, secret = header.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


async def _check_csrf(request: web.Request, expected: str) -> None:
    sent = request.headers.get(CSRF_HEADER)
    if sent is None and request.content_type == FORM_TYPE:
        sent = (await read_form(request, web_of(request).settings.body_timeout_s)).get(CSRF_FIELD)
    if sent is None or not hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), expected.encode()):
        raise Problem(403, "csrf", "this page is out of date: load it again")
