"""The smaller records: patrons, requests and their answers, starts, and the entries of the audit journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hub.wire.terms import Action, DenyReason


@dataclass(frozen=True, slots=True)
class User:
    """A patron whom the house knows by name; most stays have none."""

    id: str
    display_name: str
    created_at: datetime
    card_number: str | None = None
    contact: str | None = None
    category: str | None = None
    notes: str = ""
    blocked: bool = False
    quota_day_s: int | None = None
    """The most that this patron may use in a day; None for as much as codes give. See hub.domain.quota."""
    quota_week_s: int | None = None
    anonymised_at: datetime | None = None
    """Since when the house knows no longer who this was; what is left serves statistics."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered (R1): a lease, or a reason why there is none."""

    req_id: str
    post_id: str
    at: datetime
    lease_id: str | None = None
    seconds_added: int | None = None
    reason: DenyReason | None = None
    retry_after_s: int | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class StartOrder:
    """The desk's "start here": good for one grant of one session at one post (R20)."""

    id: str
    session_id: str
    post_id: str
    expires_at: datetime
    spent: bool = False


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the audit journal; `id` is 0 until it is stored. Never a code, never a secret."""

    at: datetime
    action: Action
    session_id: str | None = None
    post_id: str | None = None
    user_id: str | None = None
    operator: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    ip_address: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Learning:
    """The hub's memory is older than the room's, since a restore (R26); None when it is not."""

    since: datetime | None = None
