"""Issue: the desk hands out a code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hub.domain.access_code import CodeFormat
from hub.domain.errors import Conflict, Invalid
from hub.domain.house import MAX_DURATION_S
from hub.domain.session import OnEnd, Session
from hub.usecases.people.quota import check_room_for
from hub.usecases.ports import Changes, Collision
from hub.usecases.work import By, Room, Work, working
from hub.wire.terms import Action

MAX_BATCH = 200
_DRAWS = 20
"""With six signs of 32 and 100,000 codes on record, twenty draws that all collide will not be seen in our time."""


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """What the desk asks for; None leaves validity and what ending does to the house."""

    duration_s: int
    user_id: str | None = None
    post_id: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    category: str | None = None
    on_end: OnEnd | None = None
    notes: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Issued:
    """A new session and its code in the clear."""

    session: Session
    code: str = field(repr=False)


async def issue(room: Room, order: IssueOrder, by: By) -> list[Issued]:
    """`order.count` new sessions, in one transaction; Invalid, NotFound or Conflict when the order makes no sense."""
    _check(order, room.clock.now())
    async with working(room) as work:
        if order.post_id is not None and (await work.post(order.post_id)).retired:
            raise Conflict("post_retired", f"{order.post_id} is retired")
        if order.user_id is not None:
            begins = max(work.now, order.valid_from or work.now)
            await check_user(work, order.user_id, order.count * order.duration_s, begins)
        return [await new_session(work, order, by) for _ in range(order.count)]


async def new_session(work: Work, order: IssueOrder, by: By) -> Issued:
    """One session, stored and journalled."""
    house = await work.tx.house()
    code, code_hash = await _free_code(work, house.code)
    session = Session(
        id=work.room.mint.new_id(),
        created_at=work.now,
        initial_s=order.duration_s,
        on_end=order.on_end or house.on_end,
        code_hash=code_hash,
        code_sealed=work.room.mint.seal_code(code),
        valid_from=order.valid_from,
        valid_until=order.valid_until
        or max(work.now, order.valid_from or work.now) + timedelta(seconds=house.validity_s),
        bound_post_id=order.post_id,
        user_id=order.user_id,
        category=order.category,
        operator=by.operator,
        notes=order.notes,
    )
    if order.post_id is not None:
        work.touch(order.post_id)
    entry = work.entry(
        Action.CODE_ISSUED,
        by,
        session=session,
        post_id=order.post_id,
        seconds=order.duration_s,
    )
    await work.write(Changes(added=(session,), entry=entry))
    return Issued(session, code)


async def _free_code(work: Work, form: CodeFormat) -> tuple[str, str]:
    for _ in range(_DRAWS):
        code = work.room.mint.new_code(form)
        code_hash = work.room.mint.hash_code(code)
        if await work.tx.session_by_code(code_hash) is None:
            return code, code_hash
    raise Collision("no free code: the format has too few signs for so many stays")


async def check_user(work: Work, user_id: str, seconds: int, at: datetime) -> None:
    """Whether this patron may have so much more on the day of `at`: NotFound, or Conflict that says why not."""
    user = await work.user(user_id)
    if user.anonymised_at is not None:
        raise Conflict("user_anonymised", "nobody knows any more who this was: register a new user")
    if user.blocked:
        raise Conflict("user_blocked", "this user is blocked")
    await check_room_for(work, user, seconds, at)


def check_duration(seconds: int, field_name: str) -> None:
    """A duration that one act of the desk may give, or Invalid."""
    if not 1 <= seconds <= MAX_DURATION_S:
        raise Invalid(field_name, f"must be 1 to {MAX_DURATION_S} seconds")


def _check(order: IssueOrder, now: datetime) -> None:
    check_duration(order.duration_s, "duration_s")
    if not 1 <= order.count <= MAX_BATCH:
        raise Invalid("count", f"must be 1 to {MAX_BATCH}")
    if order.valid_until is not None and order.valid_until <= max(now, order.valid_from or now):
        raise Invalid("valid_until", "must be later than now and than valid_from")
