"""`Idempotency-Key`: a request that is repeated does nothing twice.

Kept for a day, per operator and route: the id of what the request made, beside a fingerprint of what it said, so that
the same key with another wish is refused. The answer is never kept: it is rendered anew.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web
from pydantic import BaseModel

from hub.adapters.web.context import Web
from hub.adapters.web.guards import Caller
from hub.adapters.web.problems import Problem
from hub.usecases.ports import Collision, Unavailable

_LOG = logging.getLogger(__name__)
HEADER = "Idempotency-Key"
UNDERWAY_REASON = "request_underway"
KEPT_S = 86_400
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
UNDERWAY: web.AppKey[set[tuple[int, str, str]]] = web.AppKey("underway", set)


async def once(
    request: web.Request,
    context: Web,
    caller: Caller,
    path: str,
    said: BaseModel,
    act: Callable[[], Awaitable[str]],
    *,
    key: str | None = None,
    repeats: bool = True,
) -> str:
    """The id of what `act` makes, or of what it made when this key was used before.

    `key`: of a form, which has no header of its own. Problem 409 while the first request is still being served, or
    where the answer is one that `repeats` not: a secret that is shown once. Problem 422 for a bad key or one that was
    used for another wish.
    """
    key = key or request.headers.get(HEADER)
    if key is None:
        return await act()
    if not _KEY.fullmatch(key):
        raise Problem(422, "bad_idempotency_key", f"{HEADER} must be 1 to 128 printable ASCII signs")
    route = f"{request.method} {path}"
    mine = (caller.operator.id, route, key)
    underway = request.config_dict[UNDERWAY]
    if mine in underway:
        raise Problem(409, UNDERWAY_REASON, "the same request is being served", headers={"Retry-After": "1"})
    underway.add(mine)
    try:
        return await _once(context, mine, _fingerprint(request, context, said), act, repeats)
    finally:
        underway.discard(mine)


async def _once(
    context: Web, mine: tuple[int, str, str], wish: str, act: Callable[[], Awaitable[str]], repeats: bool
) -> str:
    operator_id, route, key = mine
    since = context.room.clock.now() - timedelta(seconds=KEPT_S)
    kept = await context.accounts.result_of(key, operator_id, route, since)
    if kept is None:
        made = await act()
        try:
            await _keep(context, mine, f"{wish} {made}")
        except Unavailable as error:  # it is done: an answer that says "ask again" would have it done twice
            _LOG.warning("%s is done, but its %s cannot be kept: %s", route, HEADER, error)
        return made
    before, _, made = kept.partition(" ")
    if before != wish:
        raise Problem(422, "idempotency_key_reused", f"this {HEADER} was used for another request")
    if not repeats:
        raise Problem(409, "shown_once", "this was done already, and its secret is not shown again")
    return made


async def _keep(context: Web, mine: tuple[int, str, str], result: str) -> None:
    operator_id, route, key = mine
    try:
        await context.accounts.keep_result(key, operator_id, route, result)
    except Collision:  # the same key, more than a day ago
        await context.accounts.forget_results(context.room.clock.now() - timedelta(seconds=KEPT_S))
        await context.accounts.keep_result(key, operator_id, route, result)


def _fingerprint(request: web.Request, context: Web, said: BaseModel) -> str:
    """Keyed, for what was said may hold a password."""
    wish = f"{request.path}\n{said.model_dump_json(exclude_unset=True)}"
    return context.room.mint.hash_code(wish)[:32]
