"""Ask for the password again, before something that a thief of an open panel must not do."""

from __future__ import annotations

from hub.domain.accounts import Operator
from hub.domain.errors import HubError, Invalid
from hub.usecases.accounts.ports import Desk
from hub.usecases.work import By


class Throttled(HubError):
    """Too many tries; `retry_after_s` is how long to wait."""

    reason = "throttled"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many tries: wait {retry_after_s} s")
        self.retry_after_s = retry_after_s


async def count_try(desk: Desk, name: str, address: str) -> None:
    """One more try of somebody who may be guessing; Throttled."""
    wait_s = await desk.throttle.attempt(name, address, desk.room.clock.now())
    if wait_s:
        raise Throttled(wait_s)


async def confirm_password(desk: Desk, operator: Operator, password: str, by: By) -> None:
    """Invalid for a wrong password, counted like a failed sign-in: Throttled."""
    address = by.ip_address or ""
    await count_try(desk, operator.name, address)
    if not await desk.passwords.matches(operator.password_hash, password):
        raise Invalid("password", "is wrong")
    await desk.throttle.succeeded(operator.name, address, desk.room.clock.now())
