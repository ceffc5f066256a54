"""What is left of a patron's quota, where a code is issued for them and where one is redeemed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hub.domain.errors import Conflict
from hub.domain.quota import Allowance, allowances
from hub.domain.records import User
from hub.usecases.work import Room, Work, working


@dataclass(frozen=True, slots=True)
class Use:
    """What a patron has of an allowance: used already, and held by codes that are not used up."""

    allowance: Allowance
    used_s: int
    promised_s: int

    @property
    def left_s(self) -> int:
        """What a new code could still be worth."""
        return max(0, self.allowance.seconds - self.used_s - self.promised_s)


async def quota_use(room: Room, user: User) -> list[Use]:
    """How a patron stands with today's and this week's quota, where they have one."""
    async with working(room) as work:
        found = allowances(user, work.now, (await work.tx.house()).time_zone)
        return [await _use(work, user, one) for one in found]


async def left_s(work: Work, user: User) -> int | None:
    """How many seconds a patron may still use now; None without a quota."""
    found = allowances(user, work.now, (await work.tx.house()).time_zone)
    return min([await _unused_s(work, user, one) for one in found], default=None)


async def check_room_for(work: Work, user: User, seconds: int, at: datetime) -> None:
    """Whether codes worth so much fit beside those that the patron holds, in day and week of `at`; else Conflict."""
    for one in allowances(user, at, (await work.tx.house()).time_zone):
        left_s = (await _use(work, user, one)).left_s
        if seconds > left_s:
            raise Conflict("quota", f"only {left_s} s of this user's quota are left beside the codes that they hold")


async def _use(work: Work, user: User, allowance: Allowance) -> Use:
    used_s = await work.tx.used_s(user.id, allowance.start, allowance.end)
    promised_s = await work.tx.promised_s(user.id, max(allowance.start, work.now), allowance.end)
    return Use(allowance, used_s, promised_s)


async def _unused_s(work: Work, user: User, allowance: Allowance) -> int:
    return allowance.seconds - await work.tx.used_s(user.id, allowance.start, allowance.end)
