"""Every message that crosses the broker, one frozen dataclass each (the table of fields is the protocol's).

A field without a default must be present; one with a default may be absent, as from an older sender. Fields that are
not named here are ignored, so that a newer sender may add some.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Union

from hub.wire.shapes import Code, Count, Details, Id, Instant, Line, Name, PostId, Range, Seconds, Text
from hub.wire.terms import (
    LETTERS_AND_DIGITS,
    Action,
    DenyReason,
    HubLink,
    IncidentKind,
    Intent,
    Language,
    LeaseState,
    Phase,
    PostStatus,
    PowerReturn,
    Relay,
    SessionStatus,
    SettleReason,
)

Versions = tuple[Count, Count]
"""The oldest and the newest protocol version that a side speaks."""


@dataclass(frozen=True, slots=True)
class ToldLease:
    """One lease as a node's journal knows it; `reason` is set when it is closed."""

    lease_id: Id
    rev: Count
    total_s: Seconds
    debited_s: Seconds
    state: LeaseState
    reason: SettleReason | None = None


@dataclass(frozen=True, slots=True)
class Hello:
    """up/hello: a node greets and tells every lease it holds or has closed and not yet been told `settled`."""

    boot_id: Id
    state_epoch: Id
    version: Name
    protocol: Versions
    leases: tuple[ToldLease, ...] = ()
    ip: Name | None = None
    mac: Name | None = None
    hardware: Mapping[str, str] = field(default_factory=dict)
    clock_synced: bool = False


@dataclass(frozen=True, slots=True)
class Redeem:
    """up/redeem: a request for a lease, by `code` or by `start_id`, never both; `lease_id` names one to top up."""

    req_id: Id
    state_epoch: Id
    lease_id: Id | None = None
    code: Code | None = field(default=None, repr=False)
    start_id: Id | None = None


@dataclass(frozen=True, slots=True)
class Settle:
    """up/settle: a lease is closed and `debited_s` of its `total_s` were spent."""

    lease_id: Id
    rev: Count
    total_s: Seconds
    debited_s: Seconds
    state_epoch: Id
    reason: SettleReason


@dataclass(frozen=True, slots=True)
class Incident:
    """up/incident: something the desk should know."""

    incident_id: Id
    kind: IncidentKind
    detail: Line = ""


@dataclass(frozen=True, slots=True)
class Lease:
    """down/lease: what a post may spend, in absolute numbers; also the answer to the request `req_id`."""

    lease_id: Id
    rev: Count
    total_s: Seconds
    state: LeaseState = LeaseState.OPEN
    req_id: Id | None = None
    intent: Intent | None = None
    seconds_added: Seconds | None = None


@dataclass(frozen=True, slots=True)
class Deny:
    """down/deny: the request `req_id` gets no lease; `detail` is the other post's name with `already_in_use`."""

    req_id: Id
    reason: DenyReason
    retry_after_s: Seconds | None = None
    detail: Name | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """down/start: "start here" from the desk; the node answers with a redeem that carries `start_id`."""

    start_id: Id
    ttl_s: Seconds


@dataclass(frozen=True, slots=True)
class Settled:
    """down/settled: the hub has the settlement on disk, the node may forget the lease."""

    lease_id: Id


@dataclass(frozen=True, slots=True)
class Notice:
    """down/notice: a message from the desk on the OLED."""

    notice_id: Id
    text: Line
    ttl_s: Seconds


@dataclass(frozen=True, slots=True)
class Identify:
    """down/identify: let screen and LED blink for `ttl_s`, so that somebody in the room finds the post."""

    identify_id: Id
    ttl_s: Seconds


@dataclass(frozen=True, slots=True)
class SelfTest:
    """down/self-test: look at every part of the post, a running stay undisturbed, and answer with `Findings`."""

    test_id: Id


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of a post, whether it is well, what was found, and what to do where it is not."""

    what: Name
    ok: bool
    told: Line = ""
    advice: Line = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """up/findings: what the self-test `test_id` found."""

    test_id: Id
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """Maintenance power for staff: `total_s` seconds, debited like a lease; 0 only closes the post to codes."""

    grant_id: Id
    total_s: Seconds


@dataclass(frozen=True, slots=True)
class PostSettings:
    """What the house lets a post know: how it speaks, warns and takes codes."""

    language: Language = Language.FR
    warn_at_s: tuple[Seconds, ...] = (300, 60)
    grace_s: Seconds = 60
    code_length: Annotated[int, Range(4, 16)] = 6
    code_signs: Annotated[str, Text(36, r"[0-9A-Z]{2,36}")] = LETTERS_AND_DIGITS
    idle_text: Line = ""
    confirm_keys: bool = False
    """Whether Pause and End ask once more on the screen before they do it; else one press does it."""
    on_power_return: PowerReturn = PowerReturn.RESUME
    """After a power cut: the stay goes on at once, or is paused until its code is typed again."""


@dataclass(frozen=True, slots=True)
class Sync:
    """down/sync: the state a post should have; the answer to every hello, and sent whenever any of it changes."""

    hub_epoch: Id
    utc: Instant
    lease: Lease | None = None
    revoked: tuple[Id, ...] = ()
    settled: tuple[Id, ...] = ()
    maintenance: Grant | None = None
    settings: PostSettings = field(default_factory=PostSettings)
    state_epoch: Id | None = None
    """The card that the hub was greeted by: a node with another one greets again, and obeys nothing of this."""
    locked_for_s: Seconds | None = None
    """How long codes are still refused for guessing (R16), 0 when they are not; None when it is not told."""


@dataclass(frozen=True, slots=True)
class PostReport:
    """posts/ID/status, retained: what a post is doing. The last will is the same with `online` false."""

    online: bool
    phase: Phase = Phase.IDLE
    lease_id: Id | None = None
    rev: Count = 0
    total_s: Seconds = 0
    debited_s: Seconds = 0
    remaining_s: Seconds = 0
    grace_left_s: Seconds = 0
    retry_after_s: Seconds = 0
    relays: Mapping[str, Relay] = field(default_factory=dict)
    faults: tuple[Name, ...] = ()
    hub_link: HubLink = HubLink.OK
    uptime_s: Seconds = 0
    boot_id: Id | None = None
    state_epoch: Id | None = None
    version: Name = ""
    seq: Count = 0


@dataclass(frozen=True, slots=True)
class HubReport:
    """hub/status, retained: is the hub there, and is it the same one as before (`hub_epoch` is new at each start)."""

    online: bool
    hub_epoch: Id | None = None
    version: Name = ""
    protocol: Versions = (1, 1)


@dataclass(frozen=True, slots=True)
class Event:
    """events: one entry of the audit journal, for monitors; never a code."""

    seq: Count
    at: Instant
    action: Action
    post: PostId | None = None
    session: Id | None = None
    details: Details = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """summary, retained: how many posts and sessions there are of each status."""

    at: Instant
    posts: Mapping[PostStatus, Count]
    sessions: Mapping[SessionStatus, Count]


Up = Union[Hello, Redeem, Settle, Incident, Findings]  # noqa: UP007 - a runtime alias that get_args can read on 3.11
Down = Union[Sync, Lease, Deny, Start, Settled, Notice, Identify, SelfTest]  # noqa: UP007
Message = Union[Up, Down, PostReport, HubReport, Event, Summary]  # noqa: UP007
