"""A mint whose ids and codes are the same in every run."""

from __future__ import annotations

import hashlib
from collections import deque
from itertools import count
from uuid import UUID

from hub.domain.access_code import CodeFormat, draw

_PREFIX = b"sealed:"


class FakeMint:
    """A `Mint` that counts; `next_codes` are handed out first, for a test that wants a certain code."""

    def __init__(self, *next_codes: str) -> None:
        self.next_codes = deque(next_codes)
        self._ids, self._codes = count(1), count(1)

    def new_id(self) -> str:
        return str(UUID(int=next(self._ids)))

    def new_code(self, form: CodeFormat) -> str:
        if self.next_codes:
            return self.next_codes.popleft()
        digest = hashlib.sha256(str(next(self._codes)).encode()).digest()
        numbers = iter(digest)
        return draw(form, lambda below: next(numbers) % below)

    def hash_code(self, code: str) -> str:
        return hashlib.sha256(code.encode()).hexdigest()

    def seal_code(self, code: str) -> bytes:
        return _PREFIX + code.encode()[::-1]

    def open_code(self, sealed: bytes) -> str:
        if not sealed.startswith(_PREFIX):
            raise ValueError("this code was sealed with another key")
        return sealed.removeprefix(_PREFIX)[::-1].decode()
