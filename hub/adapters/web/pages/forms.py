"""Forms of the panel: filled in by people, checked by the models of the API."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar, cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, ValidationError

from hub.adapters.web.guards import CSRF_FIELD
from hub.adapters.web.idempotency import UNDERWAY_REASON, once
from hub.adapters.web.pages.visit import Visit
from hub.adapters.web.problems import Problem, invalid, problem_of
from hub.adapters.web.strict_json import read_form
from hub.domain.errors import HubError

M = TypeVar("M", bound=BaseModel)
PASSWORDS = frozenset({"password", "new_password", "again"})
"""Fields that are taken as they are typed, with the spaces at their ends."""
_LOOK_AGAIN_S = 0.1
LOCAL_INSTANT = "%Y-%m-%dT%H:%M"
"""As `<input type="datetime-local">` has it, in the house's time zone."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field: pydantic's kind of error with its figures, or a use case's own words."""

    kind: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True, slots=True)
class Filled(Generic[M]):
    """A form as it came: what was written, and either the model that it makes or what is wrong, field by field.

    Errors that belong to no field are under "".
    """

    values: Mapping[str, str]
    body: M | None = None
    errors: Mapping[str, Wrong] = field(default_factory=dict)

    def sound(self) -> M:
        """The model; Problem 422 where there is none, for forms that are too small to be shown again."""
        if self.body is None:
            raise invalid(*((name, wrong.words) for name, wrong in self.errors.items()))
        return self.body

    def refused(self, error: HubError | Problem) -> Filled[M]:
        """The same form, which a use case did not like."""
        problem = error if isinstance(error, Problem) else problem_of(error)
        told = {name: Wrong(problem.reason, words=text) for name, text in problem.errors}
        return Filled(self.values, None, told or {"": Wrong(problem.reason, words=problem.detail)})


EMPTY: Filled[Any] = Filled({})
Version = Annotated[str, Field(max_length=64)]
"""The version of a record that a form shows (hub.domain.version): who saves says which one they have seen."""


async def saved_once(visit: Visit, body: BaseModel, key: str, act: Callable[[], Awaitable[str]]) -> str:
    """The id of what a form makes; sent twice with the same key, it makes it once. Problem as `once`."""
    while True:
        try:
            return await once(visit.request, visit.hub, visit.caller, visit.request.path, body, act, key=key)
        except Problem as problem:
            if problem.reason != UNDERWAY_REASON:
                raise
            await asyncio.sleep(_LOOK_AGAIN_S)


async def read(visit: Visit, model: type[M], *, local: tuple[str, ...] = (), **fixed: str) -> Filled[M]:
    """The form that was sent, as the model has it. An empty field is one that is not there.

    `local`: fields that are instants of the house's time zone. `fixed`: values that the page adds by itself.
    """
    sent = dict(await read_form(visit.request, visit.hub.settings.body_timeout_s))
    sent.pop(CSRF_FIELD, None)
    values = {
        name: text if name in PASSWORDS else text.strip().replace("\r\n", "\n") for name, text in sent.items()
    } | fixed
    try:
        given = {name: text for name, text in values.items() if text}
        for name in set(local) & set(given):
            given[name] = _with_offset(given[name], visit.house.time_zone)
        return Filled(values, model.model_validate_strings(given, strict=True))
    except ValidationError as error:
        return Filled(values, None, wrongs(error))


def wrongs(error: ValidationError) -> dict[str, Wrong]:
    """What pydantic found, field by field; never the value."""
    found = error.errors(include_url=False, include_input=False)
    return {
        ".".join(str(part) for part in one["loc"]): Wrong(
            one["type"], _plain(one.get("ctx", {})), str(one["msg"]).removeprefix("Value error, ")
        )
        for one in found
    }


def _plain(context: object) -> dict[str, Any]:
    return {name: value for name, value in cast("dict[str, Any]", context).items() if isinstance(value, int | str)}


def _with_offset(text: str, time_zone: str) -> str:
    try:
        at = datetime.strptime(text, LOCAL_INSTANT).replace(tzinfo=ZoneInfo(time_zone))
    except ValueError:
        return text  # the model says what is wrong with it
    return at.isoformat()
