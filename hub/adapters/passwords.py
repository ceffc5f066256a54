"""Passwords by Argon2id, away from the event loop; and tokens."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

T = TypeVar("T")
AT_ONCE = 2
"""A hash takes a core and 19 MiB for a while: a queue at the door is better than a hub that stutters."""


class Argon2Passwords:
    """The real thing, with the least figures that OWASP accepts (m=19 MiB, t=2, p=1)."""

    def __init__(self, *, memory_kib: int = 19_456, rounds: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._turns = asyncio.Semaphore(AT_ONCE)
        # Of no password: as slow to compare as any other, and made in no time.
        salt, key = _base64(self._hasher.salt_len), _base64(self._hasher.hash_len)
        self._nobodys = f"$argon2id$v=19$m={memory_kib},t={rounds},p=1${salt}${key}"

    async def hash(self, password: str) -> str:
        return await self._slowly(lambda: self._hasher.hash(password))

    async def matches(self, password_hash: str | None, password: str) -> bool:
        right = await self._slowly(lambda: self._verified(password_hash or self._nobodys, password))
        return right and password_hash is not None

    def common(self, password: str) -> bool:
        return password.lower() in _common()

    def outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    def new_token(self) -> str:
        return secrets.token_urlsafe(32)

    def new_totp_secret(self) -> str:
        return base64.b32encode(secrets.token_bytes(20)).decode()

    def _verified(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError, UnicodeEncodeError):  # the last: half a surrogate pair
            return False

    async def _slowly(self, work: Callable[[], T]) -> T:
        async with self._turns:
            return await asyncio.to_thread(work)


@cache
def _common() -> frozenset[str]:
    """In lower case; see the README beside them for where they come from."""
    return frozenset((Path(__file__).parent / "common_passwords" / "passwords.txt").read_text("ascii").splitlines())


def _base64(size: int) -> str:
    """So many random bytes, as a hash is written."""
    return base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
