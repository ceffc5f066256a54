"""What every page needs: its language, its texts, who is looking, and a template filled with that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import jinja2
from aiohttp import web
from multidict import MultiDict

from hub.adapters.web.context import web_of
from hub.adapters.web.guards import Caller
from hub.adapters.web.i18n import Texts, choose_language
from hub.adapters.web.pages.assets import Assets
from hub.adapters.web.pages.format import formats
from hub.domain.house import House
from hub.wire.terms import Language

TEMPLATES = Path(__file__).parents[1] / "templates"
LANGUAGE_COOKIE = "language"
A_YEAR_S = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Pages:
    """What the pages are made of, read once at start."""

    assets: Assets
    texts: Mapping[Language, Texts]
    templates: jinja2.Environment


PAGES: web.AppKey[Pages] = web.AppKey("pages", Pages)


@cache
def make_templates() -> jinja2.Environment:
    """Everything is escaped, and a name that a template does not get is an error; each is compiled once a program."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


async def house_of(request: web.Request) -> House:
    """The house's settings as they are now."""
    return (await web_of(request).queries.house()).house


def render(
    request: web.Request,
    template: str,
    house: House,
    *,
    caller: Caller | None = None,
    status: int = 200,
    **more: object,
) -> web.Response:
    """A page in the reader's language."""
    pages = request.config_dict[PAGES]
    accepted = request.headers.get("Accept-Language", "")
    language = choose_language(request.cookies.get(LANGUAGE_COOKIE), accepted, house.language)
    texts = pages.texts[language]
    html = pages.templates.get_template(template).render(
        _=texts.translations.gettext,
        language=language,
        languages=list(Language),
        texts=texts.for_scripts,
        ngettext=texts.translations.ngettext,
        asset=pages.assets.url,
        drawings=pages.assets.drawings,
        house=house,
        me=caller,
        path=request.path,
        query=dict(request.query),
        in_language=partial(_in_language, request),
        **formats(language, house.time_zone),
        **more,
    )
    return web.Response(text=html, content_type="text/html", status=status, headers={"Vary": "Accept-Language, Cookie"})


def _in_language(request: web.Request, language: Language) -> str:
    """The address of this page in another language."""
    return str(request.rel_url.update_query(language=language.value))


def heed_language(request: web.Request) -> None:
    """`?language=fr` on any page: remember it, and go to the same page without it (raises HTTPSeeOther)."""
    asked = request.query.get("language")
    if asked not in set(Language):
        return
    rest = MultiDict(request.query)
    del rest["language"]
    response = web.HTTPSeeOther(request.rel_url.with_query(rest))
    response.set_cookie(
        LANGUAGE_COOKIE,
        Language(asked).value,
        max_age=A_YEAR_S,
        path="/",
        secure=web_of(request).settings.tls,
        httponly=True,
        samesite="Strict",
    )
    raise response
