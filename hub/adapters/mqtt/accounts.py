"""Broker accounts: their password lines and what each may read and write, as Mosquitto's two files."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import get_args

from hub.adapters.mqtt import home_assistant
from hub.wire.messages import Event, HubReport, PostReport, Summary, Up
from hub.wire.topics import ROOT, is_post_id, pattern, topic

SALT_BYTES = 12
"""Mosquitto reads no other length."""
ROUNDS = 101
"""Mosquitto's default. Passwords are long random tokens: stretching would only slow a room that reconnects."""


class AccountKind(StrEnum):
    """Who connects."""

    HUB = "hub"
    MONITOR = "monitor"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Account:
    """One broker account; `password_hash` is as `hash_password` makes it, the password is kept nowhere.

    A post's user name is its id; the hub's and a monitor's is that reserved word, or begins with it and a dot
    (`monitor`, `monitor.grafana`), so that no post can ever have it. ValueError otherwise.
    """

    username: str
    password_hash: str = field(repr=False)
    kind: AccountKind

    def __post_init__(self) -> None:
        if self.kind is AccountKind.POST:
            fits = is_post_id(self.username)
        else:
            word, dot, rest = self.username.partition(".")
            fits = word == self.kind and (not dot or is_post_id(rest))
        if not fits:
            raise ValueError(f"not a {self.kind} account's name: {self.username!r}")
        if not self.password_hash.startswith("$") or any(sign.isspace() for sign in self.password_hash):
            raise ValueError(f"account {self.username}: not a password hash")


def hash_password(password: str, *, salt: bytes) -> str:
    """The password as Mosquitto's `$7$` (PBKDF2-SHA512) text; `salt`: 12 random bytes, new each time."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"the salt has {len(salt)} bytes, not {SALT_BYTES}")
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"$7${ROUNDS}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def is_of(password_hash: str, password: str) -> bool:
    """Whether `hash_password` made this of the password."""
    salt = b64decode(password_hash.split("$")[3])
    return hmac.compare_digest(hash_password(password, salt=salt), password_hash)


def password_file(accounts: Iterable[Account]) -> str:
    """Mosquitto's password_file for these accounts."""
    return "".join(f"{account.username}:{account.password_hash}\n" for account in accounts)


def acl_file(accounts: Iterable[Account]) -> str:
    """Mosquitto's acl_file: one explicit block an account, since a `pattern` line would apply to everyone."""
    return "\n".join(_block(account) for account in accounts)


def _block(account: Account) -> str:
    return "".join(f"{line}\n" for line in (f"user {account.username}", *_rights(account)))


def _rights(account: Account) -> tuple[str, ...]:
    if account.kind is AccountKind.HUB:
        return (
            f"topic read {ROOT}/posts/+/up/#",
            f"topic read {pattern(PostReport)}",
            f"topic write {ROOT}/posts/+/down/#",
            f"topic readwrite {topic(HubReport)}",
            *(f"topic write {topic(kind)}" for kind in (Event, Summary)),
            f"topic write {home_assistant.FILTER}",
        )
    if account.kind is AccountKind.MONITOR:  # never up/: a redeem carries a code
        topics = (*(pattern(kind) for kind in (HubReport, PostReport, Event, Summary)), home_assistant.FILTER)
        return tuple(f"topic read {one}" for one in topics)
    return (
        # Each by its name: under a wildcard one account could fill the broker with retained messages.
        *(f"topic write {topic(kind, account.username)}" for kind in get_args(Up)),
        f"topic write {topic(PostReport, account.username)}",
        f"topic read {ROOT}/posts/{account.username}/down/#",
        f"topic read {topic(HubReport)}",
    )
