"""Retention: what the house keeps, why, and for how long. docs/privacy.md has the same table; a test compares them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hub.domain.house import Retention


class Kind(StrEnum):
    """A class of records with one retention."""

    JOURNAL = "journal"
    SESSIONS = "sessions"
    REQUESTS = "requests"
    STARTS = "starts"
    TOKENS = "tokens"
    USERS = "users"


@dataclass(frozen=True, slots=True)
class Kept:
    """One class: what it is, why the house keeps it, and for how many days."""

    kind: Kind
    what: str
    why: str
    days: Callable[[Retention], int]


REQUEST_DAYS = 30
"""Longer than any post is without its hub: a repeated request must get its first answer again."""
TOKEN_DAYS = 30

TABLE = (
    Kept(
        Kind.JOURNAL,
        "the journal: who did what when, from which address; never a name, a code or what somebody looked at",
        "the law (in France, one year of traffic data: CPCE L34-1) and the desk's own account of what happened",
        lambda house: house.log_days,
    ),
    Kept(
        Kind.SESSIONS,
        "stays that are over, with their leases, notes and category",
        "questions and complaints after a stay",
        lambda house: house.session_days,
    ),
    Kept(
        Kind.REQUESTS,
        "requests of posts and what each was answered",
        "a post that asks again after a long outage gets the same answer",
        lambda _: REQUEST_DAYS,
    ),
    Kept(
        Kind.STARTS,
        "orders to start a stay at a post",
        "the same",
        lambda _: REQUEST_DAYS,
    ),
    Kept(
        Kind.TOKENS,
        "sign-ins of operators, with address and browser, and programs' tokens, when they are good no longer",
        "finding out, for a while, who came in from where",
        lambda _: TOKEN_DAYS,
    ),
    Kept(
        Kind.USERS,
        "a patron's name, card number, contact and notes, when they are not seen any more",
        "lending them posts; after that the record is anonymised, and only its category stays, for statistics",
        lambda house: house.user_days,
    ),
)
"""In the order in which they are purged: what refers to others goes first."""
