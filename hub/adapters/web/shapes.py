"""What the API answers: the shapes of post, session and journal entry. Absent facts are null."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from hub.domain.accounts import Role, TokenKind
from hub.domain.session import OnEnd
from hub.wire.terms import Action, Intent, Phase, PostStatus, SessionStatus

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


class AccountShape(Shape):
    """An account of the desk, as admins and its owner see it."""

    id: int = Field(examples=[3])
    name: str = Field(examples=["marie"])
    role: Role = Field(examples=[Role.OPERATOR])
    disabled: bool
    totp: bool = Field(description="whether signing in needs a second factor")
    last_login_at: datetime | None = Field(examples=[_AT])
    created_at: datetime = Field(examples=[_AT])
    updated_at: datetime = Field(examples=[_AT])


class MeShape(AccountShape):
    """One's own account."""

    recovery_codes_left: int = Field(examples=[10])


class TotpOfferShape(Shape):
    """A second factor that is not asked for until a code of it was shown; never shown again."""

    secret: str = Field(repr=False, examples=["JBSWY3DPEHPK3PXP"], description="in base32")
    uri: str = Field(repr=False, examples=["otpauth://totp/Poste%20Public:marie?secret=…"], description="for a QR code")


class RecoveryCodesShape(Shape):
    """Codes that are good once each in the place of a second factor; never shown again."""

    recovery_codes: list[str] = Field(repr=False, examples=[["K7M2Q-XR4TB"]])


class SignInShape(Shape):
    """Where an account is signed in."""

    id: int = Field(examples=[41])
    kind: TokenKind = Field(examples=[TokenKind.PANEL])
    current: bool = Field(description="whether it is the one that asks")
    address: str | None = Field(examples=["10.0.0.5"])
    agent: str | None = Field(examples=["Mozilla/5.0"], description="the browser or program, by its own word")
    created_at: datetime = Field(examples=[_AT])
    last_used_at: datetime | None = Field(examples=[_AT])
    expires_at: datetime | None = Field(examples=["2026-11-22T18:00:00Z"])


class NamedTokenShape(Shape):
    """A program's token. It may do what `role` may, and never more than its operator."""

    id: int = Field(examples=[17])
    name: str = Field(examples=["home assistant"])
    role: Role = Field(examples=[Role.VIEWER])
    operator: str = Field(examples=["marie"])
    created_at: datetime = Field(examples=[_AT])
    expires_at: datetime | None = Field(examples=["2027-11-22T10:00:00Z"])
    last_used_at: datetime | None = Field(examples=[_AT])


class NewTokenShape(NamedTokenShape):
    """A new token for a program; it is never shown again."""

    token: str = Field(repr=False, examples=["m0Zq…"])


class DisplayPostShape(Shape):
    """A post as the public room may see it."""

    id: str = Field(examples=["p01"])
    name: str = Field(examples=["Post 1"])
    zone: str = Field(examples=["Hall"])
    status: PostStatus = Field(examples=[PostStatus.OCCUPIED])
    remaining_s: int | None = Field(examples=[1500])
    as_of: datetime | None = Field(examples=[_AT], description="when remaining_s was true")


class DisplayShape(Shape):
    """The room on a wall: no code, no name of anybody, no note."""

    at: datetime = Field(examples=[_AT])
    posts: list[DisplayPostShape]


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
