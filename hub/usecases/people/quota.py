"""What is left of a patron's quota, where a code is issued for them and where one is redeemed."""

from __future__ import annotations

from datetime import datetime

from hub.domain.errors import Conflict
from hub.domain.quota import Allowance, allowances
from hub.domain.records import User
from hub.usecases.work import Work


async def left_s(work: Work, user: User) -> int | None:
    """How many seconds a patron may still use now; None without a quota."""
    found = allowances(user, work.now, (await work.tx.house()).time_zone)
    return min([await _unused_s(work, user, one) for one in found], default=None)


async def check_room_for(work: Work, user: User, seconds: int, at: datetime) -> None:
    """Whether codes worth so much fit beside those that the patron holds, in day and week of `at`; else Conflict."""
    for one in allowances(user, at, (await work.tx.house()).time_zone):
        promised_s = await work.tx.promised_s(user.id, max(one.start, work.now), one.end)
        rest_s = await _unused_s(work, user, one) - promised_s
        if seconds > rest_s:
            raise Conflict(
                "quota", f"only {max(0, rest_s)} s of this user's quota are left beside the codes that they hold"
            )


async def _unused_s(work: Work, user: User, allowance: Allowance) -> int:
    return allowance.seconds - await work.tx.used_s(user.id, allowance.start, allowance.end)
