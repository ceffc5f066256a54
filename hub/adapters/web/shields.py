"""What every request and every response goes through, whoever is asking."""

from __future__ import annotations

import ipaddress
import re

from aiohttp import web
from aiohttp.typedefs import Handler

from hub.adapters.web.context import web_of
from hub.adapters.web.guards import SAFE_METHODS, cookie_name, is_own_origin
from hub.adapters.web.problems import Problem

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "poste-public",
}
HSTS = "max-age=31536000"
_OWN_SITES = frozenset({"same-origin", "none"})
_INVITED = {
    "Access-Control-Allow-Methods": "GET, POST, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Retry-After, Content-Disposition",
    "Access-Control-Max-Age": "600",
}
_API = "/api/v1/"
_HOST = re.compile(r"(\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[0-9a-z._-]+))(:\d{0,5})?", re.ASCII)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal handler: the security headers, and no caching where nobody has asked for it."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    if web_of(request).settings.tls:
        response.headers["Strict-Transport-Security"] = HSTS
    response.headers.setdefault("Cache-Control", "no-store")
    if web_of(request).settings.origins and request.path.startswith(_API):
        response.headers.add("Vary", "Origin")
        if _is_invited(request):
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            response.headers.update(_INVITED)


@web.middleware
async def check_host(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse names that are not ours: another site's name that resolves to this address (DNS rebinding)."""
    if "Host" not in request.headers:  # HTTP/1.0; aiohttp would ask the name server for our own name instead
        raise Problem(400, "no_host", "a request must name its host")
    if not _is_ours(request.host.lower(), web_of(request).settings.hosts):
        raise Problem(421, "unknown_host", "this hub does not go by that name: add it to its hosts")
    return await handler(request)


@web.middleware
async def check_site(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page makes a browser do; programs with a token send no such header.

    Pages of the allowed origins may use the API with a token, which only they can send, and never with our cookie. A
    browser that asks beforehand what they may (CORS) is told by `add_headers`.
    """
    if _asks_beforehand(request) and _is_invited(request):
        return web.Response(status=204)
    if request.method not in SAFE_METHODS and _is_foreign(request) and not _is_invited(request):
        raise Problem(403, "foreign_site", "this page may not do that here")
    return await handler(request)


def _asks_beforehand(request: web.Request) -> bool:
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def _is_invited(request: web.Request) -> bool:
    with_cookie = cookie_name(request) in request.cookies and "Authorization" not in request.headers
    allowed = request.headers.get("Origin", "").lower() in web_of(request).settings.origins
    return allowed and not with_cookie and request.path.startswith(_API)


def _is_foreign(request: web.Request) -> bool:
    """Browsers tell the site only under TLS and on this machine; else the origin, which our own forms send as null."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "null")
    if site is not None:
        return site not in _OWN_SITES
    return origin != "null" and not is_own_origin(request, origin)


def _is_ours(host: str, names: frozenset[str]) -> bool:
    """Plain addresses cannot be rebound, so they are always ours."""
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    name = found["v6"] or found["name"].rstrip(".")
    if name == "localhost" or name in {ours.lower() for ours in names}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
