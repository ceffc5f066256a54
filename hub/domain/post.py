"""A post: what the hub keeps of it, and how its status follows from facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hub.domain.throttle import Throttle
from hub.domain.version import fact
from hub.wire.messages import Finding, Grant
from hub.wire.terms import PostStatus

HOST_PATTERN = r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?"
"""A name or an address by which a node can find the broker."""


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
class SelfTest:
    """The last self-test that the desk asked a post for; `done_at` None: it has not answered yet."""

    test_id: str
    asked_at: datetime
    done_at: datetime | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """How a post's node reaches the broker. `ca`: the authority's certificate (PEM) where it speaks TLS.

    The password is shown once and kept nowhere; `secret` is the line that the broker keeps of it.
    """

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    secret: str = field(repr=False)
    ca: str | None = None


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
    self_test: SelfTest | None = fact(None)


def status(*, maintenance: bool, online: bool, occupied: bool, reserved: bool) -> PostStatus:
    """The one status that the facts give, the weightiest first."""
    if maintenance:
        return PostStatus.MAINTENANCE
    if not online:
        return PostStatus.OFFLINE
    if occupied:
        return PostStatus.OCCUPIED
    return PostStatus.RESERVED if reserved else PostStatus.AVAILABLE
