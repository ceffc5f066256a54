"""How long each request takes, by the template of its route; and all figures, for Prometheus."""

from __future__ import annotations

import ipaddress
import time
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler

from hub.adapters.web.context import web_of
from hub.adapters.web.guards import address_of, require
from hub.domain.accounts import Role


@web.middleware
async def measure(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Outermost of all: what it times is what the caller waits for. A live connection is no request that ends."""
    began = time.perf_counter()
    try:
        response = await handler(request)
    except web.HTTPException as answer:
        _told(request, answer.status, began)
        raise
    if response.status != HTTPStatus.SWITCHING_PROTOCOLS:
        _told(request, response.status, began)
    return response


def _told(request: web.Request, status: int, began: float) -> None:
    resource = request.match_info.route.resource
    route = "none" if resource is None else resource.canonical
    web_of(request).measured(request.method, route, status, time.perf_counter() - began)


async def metrics(request: web.Request) -> web.Response:
    """For a scraper on this machine, or one with the token of an account that may look."""
    if not ipaddress.ip_address(address_of(request).partition("%")[0]).is_loopback:
        await require(request, Role.VIEWER)
    figures = web_of(request).figures
    if figures is None:
        raise web.HTTPNotFound
    text, content_type = await figures()
    return web.Response(body=text, headers={"Content-Type": content_type})
