"""Users: the patrons whom the house knows by name."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from hub.adapters.web.conditional import Tagged
from hub.adapters.web.csv_export import send_csv, wants_csv
from hub.adapters.web.declare import Call, endpoint
from hub.adapters.web.fields import Body, Notes, Paged, Word
from hub.adapters.web.lists import every, listed
from hub.adapters.web.shapes import Listed, UserShape
from hub.adapters.web.views import user_shape
from hub.domain.accounts import Role
from hub.domain.errors import NotFound
from hub.domain.version import Expected, version
from hub.usecases.people.users import (
    MAX_QUOTA_DAY_S,
    MAX_QUOTA_WEEK_S,
    UserChange,
    add_user,
    anonymise_user,
    delete_user,
    edit_user,
)
from hub.usecases.views import UserFilter

Contact = Annotated[Notes, Field(max_length=200)]
QuotaDay = Annotated[int, Field(ge=1, le=MAX_QUOTA_DAY_S, description="whole seconds a day", examples=[7200])]
QuotaWeek = Annotated[int, Field(ge=1, le=MAX_QUOTA_WEEK_S, description="whole seconds a week, from Monday")]


def _yes_or_no(value: Literal["true", "false"]) -> bool:
    if value not in ("true", "false"):
        raise ValueError("must be true or false")
    return value == "true"


class UserQuery(Paged):
    """Which users."""

    q: Annotated[Word | None, Field(description="in name, card number, contact or notes")] = None
    category: Word | None = None
    blocked: Annotated[bool | None, BeforeValidator(_yes_or_no)] = None


class UserBody(Body):
    """A new patron."""

    display_name: Annotated[Word, Field(examples=["Ada L."])]
    card_number: Annotated[Word | None, Field(examples=["C-1742"])] = None
    contact: Contact | None = None
    category: Annotated[Word | None, Field(examples=["student"])] = None
    notes: Notes = ""
    blocked: bool = False
    quota_day_s: QuotaDay | None = None
    quota_week_s: QuotaWeek | None = None


class UserEdit(Body):
    """What is to be different; what is left out stays, and null empties what may be empty.

    Factories, because the API's document must not promise a default where there is none.
    """

    display_name: Annotated[Word, Field(default_factory=str)]
    card_number: Word | None = None
    contact: Contact | None = None
    category: Word | None = None
    notes: Annotated[Notes, Field(default_factory=str)]
    blocked: Annotated[bool, Field(default_factory=bool)]
    quota_day_s: QuotaDay | None = None
    quota_week_s: QuotaWeek | None = None


async def show_user(call: Call, user_id: str) -> Tagged[UserShape]:
    """A user as they now are."""
    view = await call.web.queries.user(user_id)
    if view is None:
        raise NotFound("user", user_id)
    return Tagged(user_shape(view), version(view.user))


@endpoint("GET", "/users", Role.VIEWER, Listed[UserShape], csv=True, summary="Users")
async def list_users(call: Call, query: UserQuery) -> Any:
    wanted = UserFilter(query.q, query.category, query.blocked)
    if wants_csv(call.request):
        return await export_users(call, wanted)
    return await listed(query, lambda paging: call.web.queries.users(wanted, paging), user_shape)


async def export_users(call: Call, wanted: UserFilter) -> Any:
    """All of them as a file."""
    rows = every(lambda last: call.web.queries.users_after(last.user if last else None, wanted), user_shape)
    return await send_csv(call.request, "users", UserShape, rows)


@endpoint("POST", "/users", Role.OPERATOR, UserShape, status=201, shows=show_user, summary="Register a user")
async def register(call: Call, body: UserBody) -> str:
    return (await add_user(call.room, _change(body), call.by)).id


@endpoint("GET", "/users/{id}", Role.VIEWER, UserShape, summary="One user")
async def one_user(call: Call) -> Tagged[UserShape]:
    return await show_user(call, call.user_id)


@endpoint("PATCH", "/users/{id}", Role.OPERATOR, UserShape, summary="Change a user")
async def change_user(call: Call, body: UserEdit, expected: Expected) -> Tagged[UserShape]:
    await edit_user(call.room, call.user_id, _change(body), call.by, expected)
    return await show_user(call, call.user_id)


@endpoint("DELETE", "/users/{id}", Role.OPERATOR, None, status=204, summary="Delete a user who has no stays")
async def remove_user(call: Call) -> None:
    await delete_user(call.room, call.user_id, call.by)


@endpoint("POST", "/users/{id}/anonymise", Role.OPERATOR, UserShape, shows=show_user, summary="Forget who a user was")
async def forget_user(call: Call) -> str:
    return (await anonymise_user(call.room, call.user_id, call.by)).id


def _change(body: UserBody | UserEdit) -> UserChange:
    return UserChange(**{name: getattr(body, name) for name in body.model_fields_set})


ENDPOINTS = (list_users, register, one_user, change_user, remove_user, forget_user)
