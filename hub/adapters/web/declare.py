"""Routes as declarations: the signature of a handler says what it takes, the decorator who may ask and what comes back.

    @endpoint("POST", "/sessions/{id}/add-time", Role.OPERATOR, SessionShape, shows=show_session, summary="Add time")
    async def add(call: Call, body: AddTime) -> str: ...

`body` and `query`, where a handler has them, are pydantic models, checked before it runs; `expected` is what If-Match
says. A handler with `shows` returns the id of what it made or changed; the answer is rendered from that, and can be
rendered anew for a repeated `Idempotency-Key`. One that is declared `once` returns that id and the answer itself, which
holds a secret and is never shown again. What returns a `Tagged` sends an ETag. The same declarations make the OpenAPI
document.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, get_origin, get_type_hints

from aiohttp import hdrs, web
from pydantic import BaseModel, TypeAdapter, ValidationError

from hub.adapters.web.conditional import ETAG, Tagged, expected_by
from hub.adapters.web.context import Web, web_of
from hub.adapters.web.fields import UUID_PATTERN, Body
from hub.adapters.web.guards import Caller, by, require
from hub.adapters.web.idempotency import once
from hub.adapters.web.problems import Problem, invalid
from hub.adapters.web.strict_json import read_json
from hub.domain.accounts import Role
from hub.domain.errors import NotFound
from hub.usecases.work import By, Room
from hub.wire.terms import POST_ID_PATTERN

ROOT = "/api/v1"
_LONGEST_TOLD = 36


class Nothing(Body):
    """The body of a request that has nothing to say."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, by somebody who may make it."""

    request: web.Request
    web: Web
    asker: Caller | None

    @property
    def caller(self) -> Caller:
        """Who asks; only for routes that need a role."""
        assert self.asker is not None
        return self.asker

    @property
    def by(self) -> By:
        return by(self.request, self.caller)

    @property
    def room(self) -> Room:
        return self.web.room

    @property
    def session_id(self) -> str:
        """The session in the path; NotFound for what cannot be one."""
        return self._id("session", UUID_PATTERN)

    @property
    def user_id(self) -> str:
        """The user in the path; NotFound for what cannot be one."""
        return self._id("user", UUID_PATTERN)

    @property
    def post_id(self) -> str:
        """The post in the path; NotFound for what cannot be one."""
        return self._id("post", POST_ID_PATTERN)

    def number(self, what: str) -> int:
        """The number in the path, of something that is called so; NotFound for what cannot be one."""
        return int(self._id(what, r"[1-9]\d{0,8}"))

    def _id(self, what: str, pattern: str) -> str:
        return path_id(self.request, what, pattern)


def path_id(request: web.Request, what: str, pattern: str) -> str:
    """The `{id}` in the path; NotFound for what cannot be one."""
    given = request.match_info["id"]
    if not re.fullmatch(pattern, given, re.ASCII):  # the database refuses to look for some of them
        raise NotFound(what, given[:_LONGEST_TOLD])
    return given


Handler = Callable[..., Awaitable[Any]]
Show = Callable[[Call, str], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route, and all that is to know of it. `role` None: anybody may ask."""

    method: str
    path: str
    role: Role | None
    answer: Any
    handle: Handler
    summary: str
    status: int = 200
    shows: Show | None = None
    csv: bool = False
    once: bool = False
    refuses: tuple[int, ...] = ()
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    takes: frozenset[str] = frozenset()
    tagged: bool = False


def endpoint(
    method: str,
    path: str,
    role: Role | None,
    answer: Any,
    *,
    summary: str,
    status: int = 200,
    shows: Show | None = None,
    csv: bool = False,
    once: bool = False,
    refuses: tuple[int, ...] = (),
) -> Callable[[Handler], Endpoint]:
    """Declare a handler as a route under `/api/v1`.

    `refuses`: the statuses of its problems, beside those that follow from what it takes.
    """

    def declare(handle: Handler) -> Endpoint:
        hints = get_type_hints(handle)
        body = hints.get("body", Nothing if method not in (hdrs.METH_GET, hdrs.METH_DELETE) else None)
        takes = frozenset(hints) & {"body", "query", "expected"}
        tagged = get_origin(get_type_hints(shows or handle)["return"]) is Tagged
        query = hints.get("query")
        return Endpoint(
            method, path, role, answer, handle, summary, status, shows, csv, once, refuses, body, query, takes, tagged
        )

    return declare


def add_endpoints(app: web.Application, endpoints: Iterable[Endpoint]) -> None:
    """Make the declared routes answer; HEAD where they are asked by GET."""
    for declared in endpoints:
        methods = (declared.method, hdrs.METH_HEAD) if declared.method == hdrs.METH_GET else (declared.method,)
        for method in methods:
            app.router.add_route(method, ROOT + declared.path, _answering(declared))


def _answering(declared: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        context = web_of(request)
        asker = await require(request, declared.role) if declared.role is not None else None
        call = Call(request, context, asker)
        given: dict[str, Any] = {"query": _read_query(declared.query, request)}
        if "expected" in declared.takes:
            given["expected"] = expected_by(request)
        if declared.body is not None:
            value = await read_json(request, context.settings.body_timeout_s)
            given["body"] = _checked(declared.body, value)
        arguments = {name: given[name] for name in declared.takes}
        if declared.once:
            return respond(await _shown_once(declared, call, given["body"], arguments), declared.status)
        if declared.shows is None:
            return respond(await declared.handle(call, **arguments), declared.status)
        made = await once(
            request, context, call.caller, declared.path, given["body"], lambda: declared.handle(call, **arguments)
        )
        return respond(await declared.shows(call, made), declared.status)

    return answer


async def _shown_once(declared: Endpoint, call: Call, body: BaseModel, arguments: dict[str, Any]) -> Any:
    answers: list[Any] = []

    async def act() -> str:
        made, answer = await declared.handle(call, **arguments)
        answers.append(answer)
        return str(made)

    await once(call.request, call.web, call.caller, declared.path, body, act, repeats=False)
    return answers[0]


def respond(answer: Any, status: int) -> web.StreamResponse:
    """An answer as a response: a shape, one with its version, a list of them, nothing, or a response that is ready."""
    if isinstance(answer, Tagged):
        response = respond(answer.answer, status)
        response.headers[ETAG] = answer.etag
        return response
    if isinstance(answer, web.StreamResponse):
        return answer
    if answer is None:
        return web.Response(status=HTTPStatus.NO_CONTENT)
    return web.Response(status=status, body=_ANYTHING.dump_json(answer), content_type="application/json")


_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


def _read_query(model: type[BaseModel] | None, request: web.Request) -> BaseModel | None:
    given = request.query
    twice = [(name, "is given twice") for name in dict.fromkeys(given) if len(given.getall(name)) > 1]
    if twice:
        raise invalid(*twice)
    return _checked(model or Nothing, dict(given))


def _checked(model: type[BaseModel], value: Any) -> BaseModel:
    if not isinstance(value, dict):
        raise Problem(422, "invalid", "the body must be an object")
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise invalid(*(_told(one) for one in error.errors(include_url=False, include_input=False))) from None


def _told(error: Any) -> tuple[str, str]:
    """A field and what is wrong with it; never its value, which might be a password."""
    field = ".".join(str(part) for part in error["loc"])[:100]
    return field, str(error["msg"]).removeprefix("Value error, ")
