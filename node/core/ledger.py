"""The debit ledger: what a post may spend, what it has spent, and what survives a power cut."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hub.wire.messages import PostSettings
from hub.wire.terms import SLICE_S, SettleReason

WRITE_AHEAD_MS = 1000
"""How long before the paid time runs out the next debit is written, so that power never waits for a disk."""

DEBIT_S = SLICE_S - WRITE_AHEAD_MS // 1000
"""Seconds in one debit: with those still unspent when it is written, a power cut loses at most SLICE_S (R5)."""


MOST_PAST_GRANTS = 8


@dataclass(frozen=True, slots=True)
class OpenLease:
    """The lease that this post is spending. `debited_s` is durable before it is spent (R5)."""

    lease_id: str
    rev: int
    total_s: int
    debited_s: int = 0
    grace_given: bool = False


@dataclass(frozen=True, slots=True)
class ClosedLease:
    """A lease that is over, told to the hub until it says `settled` (R6)."""

    lease_id: str
    rev: int
    total_s: int
    debited_s: int
    reason: SettleReason


@dataclass(frozen=True, slots=True)
class StaffGrant:
    """Maintenance power, debited like a lease (R14)."""

    grant_id: str
    total_s: int
    debited_s: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """All that the journal keeps: it is the node's whole memory over a power cut."""

    state_epoch: str
    lease: OpenLease | None = None
    closed: tuple[ClosedLease, ...] = ()
    grant: StaffGrant | None = None
    past_grants: tuple[StaffGrant, ...] = ()
    """Grants that were taken back, oldest first: one that is stated again, late or anew, goes on where it stood."""
    request: str | None = None
    orderly: bool = False
    """The program ended in order after this was written: what is open is paid on at the next start, whatever the
    house wants done after a power cut. False in every other record."""
    settings: PostSettings = field(default_factory=PostSettings)


def put_by(record: Record, unspent_s: int) -> Record:
    """The record without its grant, if it has one, which is remembered; `unspent_s` was debited and not enjoyed."""
    if record.grant is None:
        return record
    grant = replace(record.grant, debited_s=record.grant.debited_s - unspent_s)
    past = (*(one for one in record.past_grants if one.grant_id != grant.grant_id), grant)
    return replace(record, grant=None, past_grants=past[-MOST_PAST_GRANTS:])


def left_s(account: OpenLease | StaffGrant) -> int:
    """Seconds that may still be debited."""
    return account.total_s - account.debited_s


def next_debit_s(account: OpenLease | StaffGrant, overrun_ms: int) -> int:
    """Seconds to write down now: those enjoyed past the paid time, and the next slice; never more than are left."""
    return min(left_s(account), up_to_s(overrun_ms) + DEBIT_S)


def up_to_s(ms: int) -> int:
    """Milliseconds as whole seconds, rounded up; nothing for what is past."""
    return max(0, -(-ms // 1000))


def down_to_s(ms: int) -> int:
    """Milliseconds as whole seconds, rounded down; nothing for what is past."""
    return max(0, ms // 1000)
