"""The house's settings: everything that the desk may change at run time, in one form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from aiohttp import web
from pydantic import ValidationError

from hub.adapters.web.api.settings import SettingsBody, changed, settings_now
from hub.adapters.web.guards import CSRF_FIELD
from hub.adapters.web.pages.durations import seconds_of, several, typed
from hub.adapters.web.pages.forms import EMPTY, Filled, Wrong, wrongs
from hub.adapters.web.pages.visit import Visit, done, page
from hub.adapters.web.problems import problem_of
from hub.adapters.web.strict_json import read_form
from hub.domain import access_code, house
from hub.domain.accounts import Role
from hub.domain.errors import Invalid, Stale
from hub.domain.house import House
from hub.domain.version import Expected, version
from hub.usecases.settings import change_settings, flat
from hub.usecases.views import LogFilter, Paging
from hub.wire.terms import Action

VERSION_FIELD = "version"
LIMITS: Mapping[str, object] = {
    "presets": house.MAX_PRESETS,
    "longest_s": house.MAX_DURATION_S,
    "validity_s": house.VALIDITY_S,
    "warnings": house.MAX_WARNINGS,
    "warn_at_s": house.WARN_AT_S,
    "grace_s": house.GRACE_S,
    "idle_text": house.IDLE_TEXT_LENGTH,
    "ticket_text": house.TICKET_TEXT_LENGTH,
    "open_hours_a_week": house.OPEN_HOURS_A_WEEK,
    "retention": house.RETENTION_DAYS,
    "lengths": access_code.LENGTHS,
    "shortest_of_digits": access_code.SHORTEST_OF_DIGITS,
}
"""The figures of the rules, which the page tells beside the fields."""


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ValueError("must be a whole number")
    return int(text)


_DURATIONS = frozenset({"validity_s", "grace_s"})
_LAST_CHANGES = 5


def _written(name: str, value: object) -> str:
    """A setting as its field has it."""
    match value:
        case bool():
            return "true" if value else ""
        case tuple():
            return ", ".join(typed(each) for each in value)
        case int() if name in _DURATIONS:
            return typed(value)
        case Enum():
            return str(value.value)
    return str(value)


def _reader(name: str, value: object) -> Callable[[str], Any]:
    """What reads the text of a setting's field, by the kind of value that it has; it raises ValueError."""
    match value:
        case bool():
            return lambda text: text == "true"
        case tuple():
            return several
        case int():
            return seconds_of if name in _DURATIONS else _whole
    return lambda text: text.replace("\r\n", "\n")


def written(now: House) -> dict[str, str]:
    """Every setting as its field has it, by the field's name."""
    return {name: _written(name, value) for name, value in flat(now)}


@cache
def time_zones() -> list[str]:
    """All that this machine knows, to choose from."""
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))


@page(Role.VIEWER)
async def show(visit: Visit) -> web.StreamResponse:
    """The form, with what is so now; only admins can change it."""
    return await _form(visit, EMPTY)


@page(Role.ADMIN)
async def change(visit: Visit) -> web.StreamResponse:
    """Save what was written, unless somebody else was faster."""
    sent = dict(await read_form(visit.request, visit.hub.settings.body_timeout_s))
    seen = sent.pop(VERSION_FIELD, "")
    sent.pop(CSRF_FIELD, None)
    form = _read(visit.house, {name: text.strip() for name, text in sent.items()})
    if form.body is None:
        return await _form(visit, form, seen)
    body = form.body
    try:
        await change_settings(visit.room, lambda now: changed(now, body), visit.by, Expected(frozenset({seen})))
    except Stale as error:
        return await _form(visit, form.refused(error), stale=True)
    except Invalid as error:
        wrong = {name: Wrong("setting", {"name": name}) for name, _ in problem_of(error).errors}
        return await _form(visit, Filled(form.values, None, wrong), seen)
    raise done("/settings", "saved")


def _read(now: House, values: Mapping[str, str]) -> Filled[SettingsBody]:
    """The body that the API would be sent for this form. What is not in it stays, but for a box without its tick."""
    told, wrong = dict(values), {}
    body: dict[str, Any] = {}
    for name, value in flat(now):
        text = told.pop(name, "" if isinstance(value, bool) else None)
        if text is None:
            continue
        outer, _, inner = name.rpartition(".")
        try:
            (body.setdefault(outer, {}) if outer else body)[inner] = _reader(name, value)(text)
        except ValueError:
            wrong[name] = Wrong("setting", {"name": name})
    try:
        made = SettingsBody.model_validate(body | told)  # what is left is unknown to it, and refused
    except ValidationError as error:
        wrong = {name: Wrong("setting", {"name": name}) for name in wrongs(error)} | wrong
        return Filled(values, None, wrong)
    return Filled(values, None if wrong else made, wrong)


async def _form(
    visit: Visit, form: Filled[SettingsBody], seen: str | None = None, *, stale: bool = False
) -> web.StreamResponse:
    """The form as it is, or as it was sent: with the version that its writer has seen, unless they are told of another.

    Whoever was too late sees beside each field what is otherwise now, and may save over it then.
    """
    tagged = await settings_now(visit.hub)
    now = (await visit.hub.queries.house()).house
    values = written(now)
    differs = {name for name in values if form.values.get(name, "") != values[name]} if stale else frozenset()
    changes = await visit.hub.queries.logs(LogFilter(action=Action.SETTINGS_CHANGED), Paging(page_size=_LAST_CHANGES))
    return visit.show(
        "settings.html",
        status=412 if stale else 422 if form.errors else 200,
        form=form if form.values else Filled(values),
        version=version(now) if seen is None else seen,
        now=values,
        differs=differs,
        limits=LIMITS,
        guessing=tagged.answer.guessing,
        changes=changes.items,
        time_zones=time_zones(),
    )
