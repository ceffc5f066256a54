"""Who may talk to the page: this machine's own browser and scripts, and no other site's page."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Server": "poste-public",
}


def problem(status: int, title: str, errors: dict[str, str] | None = None) -> web.Response:
    """An application/problem+json answer; `errors` by field."""
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status}
    if errors:
        body["errors"] = [{"field": field, "message": message} for field, message in errors.items()]
    return web.json_response(body, status=status, content_type="application/problem+json")


def guard(bound_host: str) -> Middleware:
    """Refuse a foreign Host (DNS rebinding) always, and a foreign Origin (another site's page) on writes."""
    known = _LOOPBACK | {bound_host}

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if _name(request.headers.get("Host", "")) not in known:
            return problem(403, "This page answers only under its own address")
        if request.method not in {"GET", "HEAD"} and _foreign(request):
            return problem(403, "Another site may not press keys here")
        return await handler(request)

    return middleware


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Set the security headers on every answer, streams too."""
    response.headers.update(_HEADERS)


def _foreign(request: web.Request) -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.headers.get("Host")


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
