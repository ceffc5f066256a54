"""What a hub serves that stands by: that it is alive, that it is not ready, and one page that says so."""

from __future__ import annotations

from aiohttp import web

from hub.adapters.web.context import Probe
from hub.adapters.web.health import healthz, look
from hub.adapters.web.i18n import choose_language, load_texts
from hub.adapters.web.pages.page import make_templates
from hub.adapters.web.problems import Problem, respond
from hub.adapters.web.shields import HEADERS
from hub.wire.terms import Language

RETRY_AFTER_S = 10
PROBE_WITHIN_S = 3.0


def make_standby(database: Probe) -> web.Application:
    """The application of a hub that does not lead. It knows nobody: no account, no cookie, no way to the other hub."""
    texts, template = load_texts(), make_templates().get_template("standby.html")

    retry = {"Retry-After": str(RETRY_AFTER_S)}

    async def readyz(_request: web.Request) -> web.Response:
        words = {"database": await look("database", database, PROBE_WITHIN_S), "hub": "standby"}
        return web.json_response(words, status=503)

    async def anything_else(request: web.Request) -> web.Response:
        if "text/html" not in request.headers.get("Accept", ""):
            return respond(
                Problem(
                    503, "standby", "this hub stands by: another one leads", headers={"Retry-After": str(RETRY_AFTER_S)}
                )
            )
        # By the browser's word alone: what the house prefers is in the database.
        language = choose_language(None, request.headers.get("Accept-Language", ""), Language.FR)
        text = template.render(_=texts[language].translations.gettext, language=language, again_s=RETRY_AFTER_S)
        headers = retry | {"Vary": "Accept, Accept-Language"}
        return web.Response(status=503, text=text, content_type="text/html", headers=headers)

    app = web.Application()
    app.on_response_prepare.append(_add_headers)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_route("*", "/{path:.*}", anything_else)
    return app


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in {**HEADERS, "Cache-Control": "no-store"}.items():
        response.headers[name] = value
