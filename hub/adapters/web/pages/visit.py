"""A visit to a page of the panel: who looks, and what every page does before it is shown.

    @page(Role.VIEWER)
    async def show(visit: Visit) -> web.StreamResponse: ...

A page that somebody may not see is a page, too: nobody is led to the sign-in and back, and what a use case refuses is
told in the reader's language.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import web

from hub.adapters.web.context import Web, web_of
from hub.adapters.web.guards import SAFE_METHODS, Caller, by, caller_of, require
from hub.adapters.web.pages.page import heed_language, house_of, render
from hub.adapters.web.problems import Problem, problem_of
from hub.domain.accounts import Role, allows
from hub.domain.errors import HubError
from hub.domain.house import House
from hub.usecases.work import By, Room

SAID = "said"
"""The query parameter that names what the last form has done (see the macro `said` of words.html)."""

NEXT = "next"
"""The query parameter of the sign-in that names the page to go to afterwards."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page, by somebody who may see it."""

    request: web.Request
    hub: Web
    caller: Caller
    house: House

    @property
    def room(self) -> Room:
        return self.hub.room

    @property
    def by(self) -> By:
        return by(self.request, self.caller)

    def may(self, role: Role) -> bool:
        """Whether the visitor may do what this role may."""
        return allows(self.caller.role, role)

    def show(self, template: str, *, status: int = 200, **more: object) -> web.Response:
        """A page in the reader's language."""
        return render(self.request, template, self.house, caller=self.caller, status=status, may=self.may, **more)


Page = Callable[[Visit], Awaitable[web.StreamResponse]]


def page(role: Role) -> Callable[[Page], Callable[[web.Request], Awaitable[web.StreamResponse]]]:
    """Make a page of a function: for those of this role or a higher one, with CSRF checked on a POST."""

    def declare(answer: Page) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def respond(request: web.Request) -> web.StreamResponse:
            heed_language(request)
            caller = await caller_of(request)
            if caller is None or caller.csrf is None:
                raise web.HTTPSeeOther(_sign_in_for(request))
            visit = Visit(request, web_of(request), caller, await house_of(request))
            try:
                await require(request, role)
                return await answer(visit)
            except HubError as error:
                return refused(visit, problem_of(error))
            except Problem as problem:
                return refused(visit, problem)

        return respond

    return declare


def refused(visit: Visit, problem: Problem) -> web.Response:
    """The page that says why not."""
    behind = "/" if visit.request.method in SAFE_METHODS else _page_of_form(visit.request)
    return visit.show("refused.html", status=problem.status, problem=problem, behind=behind)


def _page_of_form(request: web.Request) -> str:
    """The page whose form was sent: the nearest address, there or above, that can be looked at."""
    resource = request.match_info.route.resource
    path, pattern = request.path, resource.canonical if resource is not None else ""
    pages = {
        route.resource.canonical
        for route in request.app.router.routes()
        if route.method == "GET" and route.resource is not None
    }
    while path and pattern not in pages:
        path, pattern = path.rpartition("/")[0], pattern.rpartition("/")[0]
    return path or "/"


def done(path: str, said: str | None = None, **query: str) -> web.HTTPSeeOther:
    """To raise after a form has done its work: the next page, and one word for what was done."""
    told = query | ({SAID: said} if said else {})
    return web.HTTPSeeOther(f"{path}?{urlencode(told)}" if told else path)


def _sign_in_for(request: web.Request) -> str:
    if request.method not in SAFE_METHODS:
        return f"/sign-in?{urlencode({'expired': '1', NEXT: _page_of_form(request)})}"
    if request.path_qs == "/":
        return "/sign-in"
    return f"/sign-in?{urlencode({NEXT: request.path_qs})}"


NOT_FOUND = Problem(HTTPStatus.NOT_FOUND, "not_found", "there is no such page")
