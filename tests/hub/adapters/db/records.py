"""Records with every field set, and the shortest way to a post with a session at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hub.adapters.db.store import TortoiseStore
from hub.domain.lease import Lease
from hub.domain.post import Maintenance, Post
from hub.domain.records import Answer, LogEntry, StartOrder, User
from hub.domain.session import OnEnd, Session
from hub.domain.throttle import Throttle
from hub.usecases.ports import Record
from hub.wire.terms import Action, DenyReason, Intent, SessionStatus
from tests.fakes.hub_clock import START

LATER = START + timedelta(seconds=90, microseconds=123456)


def post(post_id: str = "p01") -> Post:
    return Post(post_id, f"Post {post_id}", START)


def session(session_id: str = "s1", at: datetime = START) -> Session:
    return Session(session_id, at, 3600)


def lease(lease_id: str = "l1", session_id: str = "s1", post_id: str = "p01") -> Lease:
    return Lease(lease_id, session_id, post_id, START, 3600, f"req-{lease_id}", "epoch")


def entry(action: Action = Action.CODE_ISSUED, at: datetime = START, **details: object) -> LogEntry:
    return LogEntry(at, action, details=details)


async def furnish(store: TortoiseStore, *more: Lease) -> None:
    """Posts p01 and p02, sessions s1 and s2, and the given leases."""
    async with store.transaction() as tx:
        records: tuple[Record, ...] = (post("p01"), post("p02"), session("s1"), session("s2"), *more)
        for record in records:
            await tx.add(record)


FULL_POST = replace(
    post("full"),
    zone="Hall",
    notes="près de la fenêtre",
    secret="$7$line",
    retired=True,
    maintenance=Maintenance("g1", 600, START, "screen", LATER),
    throttle=Throttle(2.5, 3, START, LATER, LATER),
    state_epoch="e1",
    boot_id="b1",
    client_version="0.1.0",
    ip_address="10.0.0.11",
    mac_address="aa:bb",
    last_seen_at=LATER,
    greeted_at=START,
)
FULL_USER = User("u1", "Ada", START, "C-17", "ada@example.org", "student", "kind", True)
FULL_SESSION = Session(
    id="full",
    created_at=START,
    initial_s=3600,
    status=SessionStatus.SUSPENDED,
    added_s=300,
    consumed_s=120,
    allocated_s=60,
    on_end=OnEnd.BURN,
    code_hash="hash",
    code_sealed=b"\x00\xff sealed",
    valid_from=START,
    valid_until=LATER,
    started_at=START,
    ended_at=LATER,
    end_reason="used_up",
    bound_post_id="p01",
    user_id="u1",
    category="adult",
    operator="marie",
    notes="two\nlines, and 'quotes'",
    merged_into="s1",
    flag="surplus",
)
FULL_LEASE = replace(
    lease("full", "s2", "p02"),
    rev=4,
    debited_s=70,
    held=True,
    intent=Intent.TRANSFER,
    intent_by="marie",
    transfer_to="p01",
    closed_at=LATER,
    charged_s=80,
    forced=True,
    doubted=True,
)
FULL_ANSWER = Answer("r1", "p01", LATER, "full", 300, DenyReason.ALREADY_IN_USE, 30, "Post 2")
FULL_START = StartOrder("o1", "s1", "p01", LATER, True)
FULL_ENTRY = LogEntry(LATER, Action.TIME_ADDED, "s1", "p01", "u1", "marie", {"seconds": 300, "to": None}, "10.0.0.5")
