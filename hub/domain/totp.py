"""One-time codes by the clock (RFC 6238: HMAC-SHA1, six digits, 30 s), as every authenticator app makes them.

Fifteen lines and no library: to refuse a code that was used before, one has to know which step it belongs to, and the
libraries at hand answer only yes or no. The tests hold it against the RFC's own figures.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

STEP_S = 30
DIGITS = 6
DRIFT = 1
"""So many steps a clock may be early or late."""


def step_at(now: datetime) -> int:
    """Which step an instant lies in."""
    return int(now.timestamp()) // STEP_S


def code_of(secret: str, step: int) -> str:
    """The code of one step; `secret` in base32."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, code: str, now: datetime, after: int | None) -> int | None:
    """The step that a code belongs to, which is near enough to now and later than `after`; None for a wrong code."""
    steps = range(step_at(now) - DRIFT, step_at(now) + DRIFT + 1)
    right = [step for step in steps if hmac.compare_digest(code_of(secret, step).encode(), code.encode())]
    return next((step for step in right if after is None or step > after), None)
