"""What the API answers: the shapes of post, session and journal entry. Absent facts are null."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from hub.domain.access_code import Alphabet
from hub.domain.accounts import Role, TokenKind
from hub.domain.session import OnEnd
from hub.wire.terms import Action, Intent, Language, Phase, PostStatus, PowerReturn, SessionStatus

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


class FindingShape(Shape):
    """One part of a post, as its self-test found it."""

    what: str = Field(examples=["relay display"])
    ok: bool
    told: str = Field(examples=["on"])
    advice: str = Field(description="what to do where it is not well")


class SelfTestShape(Shape):
    """The last self-test that was asked for."""

    asked_at: datetime = Field(examples=[_AT])
    done_at: datetime | None = Field(examples=[_AT], description="null: the post has not answered yet")
    findings: list[FindingShape]


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
    calling_since: datetime | None = Field(description="a patron there waits for somebody from the desk")
    locked_for_s: int = Field(examples=[0], description="codes are refused for so long, because somebody guessed")
    self_test: SelfTestShape | None
    retired: bool = Field(examples=[False])
    notes: str
    created_at: datetime = Field(examples=[_AT])
    updated_at: datetime = Field(examples=[_AT])


class CredentialsShape(Shape):
    """What a node needs to connect; it is never shown again."""

    host: str = Field(examples=["10.0.0.2"])
    port: int = Field(examples=[8883])
    username: str = Field(examples=["p01"])
    password: str = Field(repr=False, examples=["…"])
    ca: str | None = Field(description="PEM of the broker's own authority; null where it speaks in the clear")


class NewPostShape(PostShape):
    """A new post, and what its node needs to connect."""

    credentials: CredentialsShape


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
    consumed_s: int = Field(examples=[120], description="used up; of a running session it grows as remaining_s shrinks")
    remaining_s: int = Field(examples=[3780])
    as_of: datetime = Field(examples=[_AT], description="when consumed_s and remaining_s were true")
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
    open_s: int = Field(examples=[14400], description="seconds that this hour has had so far, at all posts in service")
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


class CodeShape(Shape):
    """How new codes are."""

    length: int = Field(examples=[6])
    alphabet: Alphabet = Field(examples=[Alphabet.LETTERS_AND_DIGITS])


class RetentionShape(Shape):
    """For how many days the house keeps what."""

    log_days: int = Field(examples=[365], description="entries of the journal, from when they were written")
    session_days: int = Field(examples=[365], description="stays, from when they were over")
    user_days: int = Field(examples=[730], description="who a patron is, from their last stay or change")


class GuessingShape(Shape):
    """How likely it is that a guessed code opens something, and what that was computed from."""

    chance_a_year: float = Field(examples=[0.0042], description="0 to 1, a year and site")
    worrying: bool = Field(examples=[False], description="above 1 % a year: take longer codes")
    possible_codes: int = Field(examples=[1_073_741_824])
    live_codes: int = Field(examples=[12], description="codes that open something now; at least one a post is assumed")
    guesses_a_year: int = Field(examples=[339_450], description="at all posts, as fast as lock-outs allow")


class SettingsShape(Shape):
    """House settings."""

    language: Language
    time_zone: str = Field(examples=["Europe/Paris"], description="of the panel's times and of the statistics' days")
    presets_s: list[int] = Field(examples=[[900, 1800, 3600]], description="durations that the desk offers")
    validity_s: int = Field(examples=[86_400], description="how long a code is good, unless it is issued otherwise")
    code: CodeShape
    warn_at_s: list[int] = Field(examples=[[300, 60]], description="warnings at posts, seconds before the end")
    grace_s: int = Field(examples=[60], description="unpaid seconds at the end, to save one's work")
    idle_text: str = Field(examples=["Médiathèque des Lilas"], description="on the screen of a free post")
    ticket_text: str = Field(examples=["Bonne visite !"], description="printed below a code")
    confirm_keys: bool = Field(examples=[False], description="pause and end at the keypad ask once more")
    on_power_return: PowerReturn = Field(description="what becomes of a stay after a power cut")
    on_end: OnEnd = Field(description="what ending at the keypad does with the rest, unless the code says otherwise")
    open_hours_a_week: int = Field(examples=[40], description="for the chance that guessing succeeds")
    retention: RetentionShape
    guessing: GuessingShape
    updated_at: datetime = Field(examples=[_AT])


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
    phase: Phase | None = Field(examples=[Phase.RUNNING], description="fault: it takes no codes, whatever its status")
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
