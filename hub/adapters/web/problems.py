"""Whatever goes wrong, told as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler

from hub.adapters.web.context import web_of
from hub.domain.errors import Conflict, Gone, HubError, Invalid, NotFound, Stale
from hub.usecases.accounts.confirm import Throttled
from hub.usecases.accounts.sign_in import BadCredentials, TotpNeeded
from hub.usecases.error import note_error
from hub.usecases.ports import Unavailable

_LOG = logging.getLogger(__name__)
TYPE = "urn:poste-public:problem:"
RETRY_AFTER_S = 3


class Problem(Exception):
    """An answer that is an error. `reason` is for programs; `errors` names fields and what is wrong with each."""

    def __init__(
        self,
        status: int,
        reason: str,
        detail: str,
        *,
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.reason, self.detail = status, reason, detail
        self.errors, self.headers = errors, headers or {}


def invalid(*errors: tuple[str, str]) -> Problem:
    """422: what is wrong, field by field."""
    return Problem(422, "invalid", "some fields are not valid", errors=errors)


def unavailable() -> Problem:
    """503: the database does not serve just now."""
    text = "the hub's database does not answer: ask again in a moment"
    return Problem(503, "unavailable", text, headers={"Retry-After": str(RETRY_AFTER_S)})


def respond(problem: Problem) -> web.Response:
    """The problem as a response."""
    body: dict[str, object] = {
        "type": TYPE + problem.reason,
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "reason": problem.reason,
    }
    if problem.errors:
        body["errors"] = [{"field": field, "message": message} for field, message in problem.errors]
    return web.Response(
        status=problem.status,
        body=json.dumps(body).encode(),
        content_type="application/problem+json",
        headers=problem.headers,
    )


def problem_of(error: HubError) -> Problem:
    """What a use case refused, in the words of HTTP."""
    match error:
        case NotFound():
            return Problem(404, error.reason, str(error))
        case Conflict():
            return Problem(409, error.reason, str(error))
        case Gone():
            return Problem(410, error.reason, str(error))
        case Stale():
            return Problem(412, error.reason, str(error))
        case Invalid():
            return invalid(*error.errors)
        case Throttled():
            return Problem(429, error.reason, str(error), headers={"Retry-After": str(error.retry_after_s)})
        case BadCredentials() | TotpNeeded():
            return Problem(401, error.reason, str(error), headers={"WWW-Authenticate": "Bearer"})
    return Problem(400, error.reason, str(error))


ShowProblem = Callable[[web.Request, Problem], web.Response]
SHOW_PROBLEM: web.AppKey[ShowProblem] = web.AppKey("show problem", Callable)  # type: ignore[arg-type]
"""Set by the panel: the page that tells of a problem to somebody who asked for a page."""
_API = "/api/v1/"


def tell(request: web.Request, problem: Problem) -> web.Response:
    """The problem as a page, where the panel is there and a browser asked for one; the API's are always JSON."""
    show = request.config_dict.get(SHOW_PROBLEM)
    if show is None or request.path.startswith(_API) or "text/html" not in request.headers.get("Accept", ""):
        return respond(problem)
    return show(request, problem)


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what is raised below into a response; what nobody expected is logged, and told without a detail."""
    try:
        return await handler(request)
    except Problem as problem:
        return tell(request, problem)
    except HubError as error:
        return tell(request, problem_of(error))
    except Unavailable as error:
        _LOG.warning("%s could not be served: %s", _where(request), error)
        return tell(request, unavailable())
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return tell(request, _of_http(error))
    except Exception as error:  # noqa: BLE001 - the last resort of every request: logged whole, told without a detail
        await _note(request, error)
        return tell(request, Problem(500, "internal", "something went wrong in the hub; its log says what"))


async def _note(request: web.Request, error: Exception) -> None:
    """Into the log whole, and that it happened into the journal, which may be what failed."""
    where = _where(request)
    _LOG.error("%s failed", where, exc_info=error)
    try:
        await note_error(web_of(request).room, where, error)
    except Exception:  # noqa: BLE001 - the database may be what failed; logged whole, and the request is answered
        _LOG.exception("the journal does not take that %s failed", where)


def _where(request: web.Request) -> str:
    """The request by the template of its route: a path may hold anything."""
    resource = request.match_info.route.resource
    return f"{request.method} {resource.canonical if resource is not None else 'nowhere'}"


def _of_http(error: web.HTTPException) -> Problem:
    phrase = HTTPStatus(error.status).phrase
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
    return Problem(error.status, phrase.lower().replace(" ", "_"), error.text or phrase, headers=headers)
