"""What the API answers: the shapes of post, session and journal entry. Absent facts are null."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from hub.domain.accounts import Role
from hub.domain.session import OnEnd
from hub.wire.terms import Action, Intent, Language, Phase, PostStatus, SessionStatus

T = TypeVar("T", bound=BaseModel)
_ID = "0b6a3c1e-5d2f-4f7e-9a53-0d6f2c9f8a11"
_AT = "2026-11-22T10:00:00Z"


class Shape(BaseModel):
    """One object of an answer; times are RFC 3339 in UTC, durations whole seconds."""

    model_config = ConfigDict(frozen=True)


class MaintenanceShape(Shape):
    """Why a post is closed, and until when staff have power there."""

    reason: str
    since: datetime
    until: datetime | None


class PostShape(Shape):
    """A post. `phase`, `remaining_s` and `faults` are what it last told, at `as_of`."""

    id: str = Field(examples=["p01"])
    name: str = Field(examples=["Post 1"])
    zone: str = Field(examples=["Hall"])
    status: PostStatus = Field(examples=[PostStatus.OCCUPIED])
    maintenance: MaintenanceShape | None
    ip_address: str | None = Field(examples=["10.0.0.11"])
    mac_address: str | None
    client_version: str | None = Field(examples=["0.1.0"])
    last_seen_at: datetime | None = Field(examples=[_AT])
    session_id: str | None = Field(examples=[_ID])
    phase: Phase | None = Field(examples=[Phase.RUNNING])
    remaining_s: int | None = Field(examples=[1500])
    as_of: datetime | None = Field(examples=[_AT])
    faults: list[str]
    notes: str
    created_at: datetime = Field(examples=[_AT])
    updated_at: datetime = Field(examples=[_AT])


class SessionShape(Shape):
    """A session. `code` is there until the stay ends, for operators; `pending_action` until the post has settled."""

    id: str = Field(examples=[_ID])
    code: str | None = Field(examples=["K7M2QX"])
    status: SessionStatus = Field(examples=[SessionStatus.ACTIVE])
    pending_action: Intent | None
    post_id: str | None = Field(examples=["p01"], description="where it is, or was last")
    bound_post_id: str | None = Field(description="the only post where the code works")
    user_id: str | None
    user_name: str | None
    category: str | None
    initial_s: int = Field(examples=[3600])
    added_s: int = Field(examples=[300])
    consumed_s: int = Field(examples=[120])
    remaining_s: int = Field(examples=[3780])
    as_of: datetime = Field(examples=[_AT], description="when remaining_s was true")
    on_end: OnEnd
    valid_from: datetime | None
    valid_until: datetime | None = Field(examples=["2026-11-23T10:00:00Z"])
    started_at: datetime | None = Field(examples=[_AT])
    ended_at: datetime | None
    end_reason: str | None
    flag: str | None = Field(description="why the figures need a look")
    operator: str | None = Field(examples=["marie"])
    notes: str
    created_at: datetime = Field(examples=[_AT])
    updated_at: datetime = Field(examples=[_AT])


class TicketShape(Shape):
    """All that is printed of a code. `text`: the house's lines below it; show times in `time_zone`."""

    session_id: str = Field(examples=[_ID])
    code: str = Field(repr=False, examples=["K7M2QX"])
    duration_s: int = Field(examples=[3600], description="what is left of it")
    valid_from: datetime | None
    valid_until: datetime | None = Field(examples=["2026-11-23T10:00:00Z"])
    post_id: str | None = Field(description="the only post where the code works")
    post_name: str | None
    text: str
    language: Language = Field(examples=[Language.FR])
    time_zone: str = Field(examples=["Europe/Paris"])


class UserShape(Shape):
    """A patron. Quotas in whole seconds; an anonymised one has neither name nor anything else that says who it was."""

    id: str = Field(examples=[_ID])
    display_name: str = Field(examples=["Ada L."])
    card_number: str | None = Field(examples=["C-1742"])
    contact: str | None
    category: str | None = Field(examples=["student"])
    notes: str
    blocked: bool
    quota_day_s: int | None = Field(examples=[7200])
    quota_week_s: int | None
    anonymised_at: datetime | None
    created_at: datetime = Field(examples=[_AT])
    updated_at: datetime = Field(examples=[_AT])


class OccupancyShape(Shape):
    """An hour of a weekday (1: Monday), over all such days of the range. `share`: 0 to 1; null where no post was."""

    weekday: int = Field(examples=[1])
    hour: int = Field(examples=[14])
    occupied_s: int = Field(examples=[8100])
    open_s: int = Field(examples=[14400], description="seconds of this hour at all posts in service")
    share: float | None = Field(examples=[0.5625])


class StaysShape(Shape):
    """Stays of a day or a week, told apart by zone or category where that is asked for."""

    start: date = Field(examples=["2026-11-23"])
    zone: str | None = Field(examples=["Hall"])
    category: str | None
    sessions: int = Field(examples=[12], description="stays that began then")
    occupied_s: int = Field(examples=[32400])
    average_s: int | None = Field(examples=[2700])
    refused: int | None = Field(examples=[1], description="codes that were refused; they have no category")


class PostUseShape(Shape):
    """What a post did in the range, and how long it was offline or without its keypad."""

    post_id: str = Field(examples=["p01"])
    name: str | None = Field(examples=["Post 1"])
    sessions: int = Field(examples=[12])
    occupied_s: int = Field(examples=[32400])
    fault_s: int = Field(examples=[0])
    offline_s: int = Field(examples=[600])


class Report(Shape, Generic[T]):
    """Statistics of the days from first to last, both included, as the house's time zone has them."""

    first: date = Field(examples=["2026-11-01"])
    last: date = Field(examples=["2026-11-30"])
    time_zone: str = Field(examples=["Europe/Paris"])
    items: list[T]


class LogShape(Shape):
    """One entry of the audit journal."""

    id: int = Field(examples=[17])
    at: datetime = Field(examples=[_AT])
    action: Action = Field(examples=[Action.TIME_ADDED])
    session_id: str | None = Field(examples=[_ID])
    post_id: str | None = Field(examples=["p01"])
    user_id: str | None
    operator: str | None = Field(examples=["marie"])
    details: dict[str, Any] = Field(examples=[{"seconds": 300}])
    ip_address: str | None = Field(examples=["10.0.0.5"])


class Listed(Shape, Generic[T]):
    """A part of a list."""

    items: list[T]
    total: int = Field(examples=[1])
    page: int = Field(examples=[1])
    page_size: int = Field(examples=[50])


class OperatorShape(Shape):
    """An account of the desk."""

    name: str = Field(examples=["marie"])
    role: Role = Field(examples=[Role.OPERATOR])


class TokenShape(Shape):
    """A new token; it is never shown again."""

    token: str = Field(repr=False, examples=["m0Zq…"])
    expires_at: datetime = Field(examples=["2026-12-22T10:00:00Z"])
    operator: OperatorShape


class FieldProblem(Shape):
    """What is wrong with one field."""

    field: str = Field(examples=["duration_s"])
    message: str = Field(examples=["must be 1 to 86400 seconds"])


class ProblemShape(Shape):
    """An error (RFC 9457). `reason` is a word for programs."""

    type: str = Field(examples=["urn:poste-public:problem:post_busy"])
    title: str = Field(examples=["Conflict"])
    status: int = Field(examples=[409])
    detail: str = Field(examples=["Post 1 is in use"])
    reason: str = Field(examples=["post_busy"])
    errors: list[FieldProblem] = Field(default_factory=list)
