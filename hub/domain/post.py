"""A post: what the hub keeps of it, and how its status follows from facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hub.domain.throttle import Throttle
from hub.domain.version import fact
from hub.wire.messages import Grant
from hub.wire.terms import PostStatus


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A post closed to codes; powered for staff for `total_s` seconds from the node's first debit (R14)."""

    grant_id: str
    total_s: int
    since: datetime
    reason: str = ""
    until: datetime | None = None

    def grant(self) -> Grant:
        return Grant(self.grant_id, self.total_s)


@dataclass(frozen=True, slots=True)
class Post:
    """One public computer with its node. `secret` is the broker's password line, never the password."""

    id: str
    name: str
    created_at: datetime
    zone: str = ""
    notes: str = ""
    secret: str = field(default="", repr=False)
    retired: bool = False
    maintenance: Maintenance | None = None
    throttle: Throttle = fact(Throttle())
    state_epoch: str | None = fact(None)
    boot_id: str | None = fact(None)
    client_version: str | None = fact(None)
    ip_address: str | None = fact(None)
    mac_address: str | None = fact(None)
    last_seen_at: datetime | None = fact(None)
    greeted_at: datetime | None = fact(None)


def status(*, maintenance: bool, online: bool, occupied: bool, reserved: bool) -> PostStatus:
    """The one status that the facts give, the weightiest first."""
    if maintenance:
        return PostStatus.MAINTENANCE
    if not online:
        return PostStatus.OFFLINE
    if occupied:
        return PostStatus.OCCUPIED
    return PostStatus.RESERVED if reserved else PostStatus.AVAILABLE
