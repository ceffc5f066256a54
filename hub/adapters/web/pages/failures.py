"""The page that tells of a problem no page has told: nothing there, too much sent, a hub that does not answer just now.

It asks the database for nothing, since that may be what has failed: not for who
looks, and not for the house's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from hub.adapters.web.i18n import choose_language
from hub.adapters.web.pages.page import LANGUAGE_COOKIE, PAGES
from hub.adapters.web.problems import RETRY_AFTER_S, Problem
from hub.wire.terms import Language

_NOTHING_HERE = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)


def show(request: web.Request, problem: Problem) -> web.Response:
    """The problem in the browser's language. One that passes by itself looks again by itself."""
    pages = request.config_dict[PAGES]
    accepted = request.headers.get("Accept-Language", "")
    language = choose_language(request.cookies.get(LANGUAGE_COOKIE), accepted, Language.FR)
    passing = problem.status == HTTPStatus.SERVICE_UNAVAILABLE
    html = pages.templates.get_template("failed.html").render(
        _=pages.texts[language].translations.gettext,
        asset=pages.assets.url,
        drawings=pages.assets.drawings,
        language=language,
        languages=(),
        me=None,
        problem=problem,
        kind="nothing" if problem.status in _NOTHING_HERE else "passing" if passing else "refused",
        again_s=RETRY_AFTER_S if passing and request.method == "GET" else None,
    )
    headers: Mapping[str, str] = {"Vary": "Accept, Accept-Language, Cookie"}
    return web.Response(
        text=html, content_type="text/html", status=problem.status, headers={**problem.headers, **headers}
    )
