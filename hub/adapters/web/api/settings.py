"""House settings: what the desk may change at run time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import Field

from hub.adapters.web.conditional import Tagged
from hub.adapters.web.context import Web
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import AS_IT_IS, Body
from hub.adapters.web.shapes import SettingsShape
from hub.adapters.web.views import settings_shape
from hub.domain.access_code import Alphabet
from hub.domain.accounts import Role
from hub.domain.guessing import guessing
from hub.domain.session import OnEnd
from hub.domain.version import Expected, version
from hub.usecases.settings import change_settings
from hub.wire.terms import Language, PowerReturn

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")
_Word = Field(strict=False)


class CodeBody(Body):
    """How codes are to be, from now on: a post takes no others, so change it when none is out."""

    length: int = AS_IT_IS
    alphabet: Annotated[Alphabet, _Word] = AS_IT_IS


class RetentionBody(Body):
    """For how many days the house is to keep what."""

    log_days: int = AS_IT_IS
    session_days: int = AS_IT_IS
    user_days: int = AS_IT_IS


class SettingsBody(Body):
    """What is to be different; what is left out stays."""

    language: Annotated[Language, _Word] = AS_IT_IS
    time_zone: Annotated[str, Field(max_length=64, examples=["Europe/Paris"])] = AS_IT_IS
    presets_s: Annotated[tuple[int, ...], Field(strict=False, examples=[[900, 1800, 3600]])] = AS_IT_IS
    validity_s: int = AS_IT_IS
    code: CodeBody = AS_IT_IS
    warn_at_s: Annotated[tuple[int, ...], Field(strict=False, examples=[[300, 60]])] = AS_IT_IS
    grace_s: int = AS_IT_IS
    idle_text: str = AS_IT_IS
    ticket_text: str = AS_IT_IS
    confirm_keys: bool = AS_IT_IS
    on_power_return: Annotated[PowerReturn, _Word] = AS_IT_IS
    on_end: Annotated[OnEnd, _Word] = AS_IT_IS
    open_hours_a_week: int = AS_IT_IS
    retention: RetentionBody = AS_IT_IS


@endpoint("GET", "/settings", Role.VIEWER, SettingsShape, summary="House settings")
async def show_settings(call: Call) -> Tagged[SettingsShape]:
    return await settings_now(call.web)


@endpoint("PATCH", "/settings", Role.ADMIN, SettingsShape, summary="Change house settings, at once and everywhere")
async def patch_settings(call: Call, body: SettingsBody, expected: Expected) -> Tagged[SettingsShape]:
    await change_settings(call.room, lambda house: changed(house, body), call.by, expected)
    return await settings_now(call.web)


async def settings_now(hub: Web) -> Tagged[SettingsShape]:
    """The settings as they now are, and how likely it is that a code is guessed under them."""
    queries = hub.queries
    view, live = await queries.house(), sum((await queries.session_counts()).values())
    posts = len(await queries.posts(hub.room.clock.now()))
    house = view.house
    chance = guessing(house.code, posts=posts, live_codes=live, open_hours_a_week=house.open_hours_a_week)
    return Tagged(settings_shape(view, chance), version(house))


def changed(record: R, given: Body) -> R:
    """The record with what a body gives, field by field, also within its own records."""
    values = {}
    for name in given.model_fields_set:
        value = getattr(given, name)
        values[name] = changed(getattr(record, name), value) if isinstance(value, Body) else value
    return replace(record, **values)


ENDPOINTS = (show_settings, patch_settings)
