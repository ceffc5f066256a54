"""The web application, put together from its parts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from aiohttp import web

from hub.adapters.web.api import (
    auth,
    display,
    logs,
    me,
    operators,
    post_acts,
    posts,
    sessions,
    settings,
    stats,
    tokens,
    users,
)
from hub.adapters.web.context import DESK, WEB, Web
from hub.adapters.web.declare import ROOT, add_endpoints
from hub.adapters.web.health import healthz, readyz
from hub.adapters.web.idempotency import UNDERWAY
from hub.adapters.web.live import SOCKETS, close_all, live
from hub.adapters.web.lookups import SHARED, Shared
from hub.adapters.web.measure import measure, metrics
from hub.adapters.web.openapi import DOCUMENT, document
from hub.adapters.web.pages import add_pages
from hub.adapters.web.problems import problems
from hub.adapters.web.shields import add_headers, check_host, check_site
from hub.usecases.accounts.ports import Desk
from hub.usecases.accounts.throttle import SignInThrottle

LARGEST_BODY = 64 * 1024
IDLE_S = 75
"""Longer than proxies keep an idle connection. Headers that are half sent by then, however slowly, end it, too."""
LINGER_S = 5
"""How much longer a client may go on sending a body that was refused."""
ENDPOINTS = (
    *auth.ENDPOINTS,
    *posts.ENDPOINTS,
    *post_acts.ENDPOINTS,
    *sessions.ENDPOINTS,
    *users.ENDPOINTS,
    *logs.ENDPOINTS,
    *stats.ENDPOINTS,
    *settings.ENDPOINTS,
    *me.ENDPOINTS,
    *operators.ENDPOINTS,
    *tokens.ENDPOINTS,
    *display.ENDPOINTS,
)


def make_app(context: Web) -> web.Application:
    """The hub's whole web side: the API and the panel; OSError or ValueError for panel files not in order."""
    app = make_api(context)
    add_pages(app)
    return app


def make_runner(app: web.Application, *, stop_within_s: float, idle_s: float = IDLE_S) -> web.AppRunner:
    """What serves the application, with an end to connections that say nothing, or next to it."""
    return web.AppRunner(
        app,
        keepalive_timeout=idle_s,
        lingering_time=min(idle_s, LINGER_S),
        shutdown_timeout=stop_within_s,
        access_log=None,
    )


def make_api(context: Web) -> web.Application:
    """REST API, live connection and health, with the guards that all of them and the panel's pages stand behind."""
    app = web.Application(middlewares=[measure, problems, check_host, check_site], client_max_size=LARGEST_BODY)
    app[WEB] = context
    throttle = SignInThrottle(context.sign_in_counts, context.room.mint)
    app[DESK] = Desk(context.room, context.accounts, context.factors, context.passwords, throttle)
    app[SOCKETS], app[UNDERWAY] = set(), set()
    app[SHARED] = Shared(context)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(close_all)
    add_endpoints(app, ENDPOINTS)
    app.router.add_get(f"{ROOT}/live", live)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    _add_document(app, context.version)
    return app


def _add_document(app: web.Application, version: str) -> None:
    made: Callable[[], dict[str, Any]] = cache(partial(document, ENDPOINTS, version))
    app[DOCUMENT] = made

    async def openapi(_request: web.Request) -> web.Response:
        return web.json_response(await asyncio.to_thread(made))

    app.router.add_get(f"{ROOT}/openapi.json", openapi)
