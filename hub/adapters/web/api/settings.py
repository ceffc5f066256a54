"""House settings: what the desk may change at run time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from hub.adapters.web.conditional import Tagged
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import Body
from hub.adapters.web.shapes import SettingsShape
from hub.adapters.web.views import settings_shape
from hub.domain.access_code import Alphabet
from hub.domain.accounts import Role
from hub.domain.guessing import guessing
from hub.domain.house import House
from hub.domain.session import OnEnd
from hub.domain.version import Expected, version
from hub.usecases.settings import change_settings
from hub.wire.terms import Language, PowerReturn

_AS_IT_IS: Any = Field(default_factory=lambda: None)
"""The default of a field that may be left out, and may not be null; the document shows none."""
_Word = Field(strict=False)


class CodeBody(Body):
    """How new codes are to be; those on paper stay good."""

    length: int = _AS_IT_IS
    alphabet: Annotated[Alphabet, _Word] = _AS_IT_IS


class RetentionBody(Body):
    """For how many days the house is to keep what."""

    log_days: int = _AS_IT_IS
    session_days: int = _AS_IT_IS
    user_days: int = _AS_IT_IS


class SettingsBody(Body):
    """What is to be different; what is left out stays."""

    language: Annotated[Language, _Word] = _AS_IT_IS
    time_zone: Annotated[str, Field(max_length=64, examples=["Europe/Paris"])] = _AS_IT_IS
    presets_s: Annotated[tuple[int, ...], Field(strict=False, examples=[[900, 1800, 3600]])] = _AS_IT_IS
    validity_s: int = _AS_IT_IS
    code: CodeBody = _AS_IT_IS
    warn_at_s: Annotated[tuple[int, ...], Field(strict=False, examples=[[300, 60]])] = _AS_IT_IS
    grace_s: int = _AS_IT_IS
    idle_text: str = _AS_IT_IS
    ticket_text: str = _AS_IT_IS
    confirm_keys: bool = _AS_IT_IS
    on_power_return: Annotated[PowerReturn, _Word] = _AS_IT_IS
    on_end: Annotated[OnEnd, _Word] = _AS_IT_IS
    open_hours_a_week: int = _AS_IT_IS
    retention: RetentionBody = _AS_IT_IS


@endpoint("GET", "/settings", Role.VIEWER, SettingsShape, summary="House settings")
async def show_settings(call: Call) -> Tagged[SettingsShape]:
    return await _shown(call)


@endpoint("PATCH", "/settings", Role.ADMIN, SettingsShape, summary="Change house settings, at once and everywhere")
async def patch_settings(call: Call, body: SettingsBody, expected: Expected) -> Tagged[SettingsShape]:
    await change_settings(call.room, _change(body), call.by, expected)
    return await _shown(call)


async def _shown(call: Call) -> Tagged[SettingsShape]:
    queries = call.web.queries
    view, live = await queries.house(), sum((await queries.session_counts()).values())
    posts = len(await queries.posts(call.room.clock.now()))
    house = view.house
    chance = guessing(house.code, posts=posts, live_codes=live, open_hours_a_week=house.open_hours_a_week)
    return Tagged(settings_shape(view, chance), version(house))


def _change(body: SettingsBody) -> Callable[[House], House]:
    def change(house: House) -> House:
        given = _given(body)
        if "code" in given:
            code = _given(body.code)
            if "alphabet" in code:
                code["signs"] = code.pop("alphabet").signs
            given["code"] = replace(house.code, **code)
        if "retention" in given:
            given["retention"] = replace(house.retention, **_given(body.retention))
        return replace(house, **given)

    return change


def _given(body: Body) -> dict[str, Any]:
    return {name: getattr(body, name) for name in body.model_fields_set}


ENDPOINTS = (show_settings, patch_settings)
