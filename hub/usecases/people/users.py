"""Users: register a patron, change or delete the record, and forget who it was."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from hub.domain.errors import Conflict, Invalid
from hub.domain.records import User
from hub.domain.version import ANY, Expected
from hub.usecases.edit_session import Keep
from hub.usecases.ports import Collision
from hub.usecases.work import By, Room, Work, working
from hub.wire.terms import Action

MAX_QUOTA_DAY_S = 86_400
MAX_QUOTA_WEEK_S = 7 * MAX_QUOTA_DAY_S


@dataclass(frozen=True, slots=True)
class UserChange:
    """What a patron's record is to say; KEEP leaves it as it is, None empties it."""

    display_name: str | Keep = Keep.KEEP
    card_number: str | Keep | None = Keep.KEEP
    contact: str | Keep | None = Keep.KEEP
    category: str | Keep | None = Keep.KEEP
    notes: str | Keep = Keep.KEEP
    blocked: bool | Keep = Keep.KEEP
    quota_day_s: int | Keep | None = Keep.KEEP
    quota_week_s: int | Keep | None = Keep.KEEP


async def add_user(room: Room, facts: UserChange, by: By) -> User:
    """A new patron; Invalid for a bad value, Conflict for a card number that another has."""
    try:
        async with working(room) as work:
            user = _changed(User(room.mint.new_id(), "", work.now), facts)
            await work.add(user)
            await work.log(Action.USER_CREATED, by, user_id=user.id)
            return user
    except Collision as taken:
        raise _card_taken() from taken


async def edit_user(room: Room, user_id: str, change: UserChange, by: By, expected: Expected = ANY) -> User:
    """The changed patron; Invalid, NotFound, Stale, or Conflict for a taken card number or one who is forgotten."""
    try:
        async with working(room) as work:
            before = expected.of(await work.user(user_id))
            if before.anonymised_at is not None:
                raise Conflict("user_anonymised", "nobody knows any more who this was: register a new user")
            user = _changed(before, change)
            if user != before:
                await work.save(user)
                await _log_change(work, before, user, by)
            return user
    except Collision as taken:
        raise _card_taken() from taken


async def delete_user(room: Room, user_id: str, by: By) -> None:
    """Remove a record; Conflict where stays speak of it: those are anonymised instead."""
    async with working(room) as work:
        user = await work.user(user_id)
        if await work.tx.has_sessions(user_id):
            raise Conflict("user_has_history", "this user has stays on record: anonymise instead")
        await work.tx.remove(user)
        await work.log(Action.USER_DELETED, by, user_id=user_id)


async def anonymise_user(room: Room, user_id: str, by: By) -> User:
    """The record without anything that says who it was; nothing happens when that is done already."""
    async with working(room) as work:
        return await forget(work, await work.user(user_id), by)


async def forget(work: Work, user: User, by: By | None = None) -> User:
    """Wipe name, card, contact, quotas and notes, also those of the patron's stays; category and stays remain."""
    if user.anonymised_at is not None:
        return user
    nobody = User(
        user.id,
        "",
        user.created_at,
        category=user.category,
        blocked=user.blocked,
        anonymised_at=work.now,
    )
    await work.save(nobody)
    await work.tx.wipe_notes_of(user.id)
    await work.log(Action.USER_CHANGED, by, user_id=user.id, changed=["anonymised_at"])
    return nobody


def _changed(user: User, change: UserChange) -> User:
    wanted = {one.name: getattr(change, one.name) for one in fields(change)}
    user = replace(user, **{name: value for name, value in wanted.items() if not isinstance(value, Keep)})
    if not user.display_name.strip():
        raise Invalid("display_name", "must not be empty")
    for name, most in (("quota_day_s", MAX_QUOTA_DAY_S), ("quota_week_s", MAX_QUOTA_WEEK_S)):
        quota = getattr(user, name)
        if quota is not None and not 1 <= quota <= most:
            raise Invalid(name, f"must be 1 to {most} seconds")
    return user


async def _log_change(work: Work, before: User, user: User, by: By) -> None:
    """The names of what changed, never the values: they are the patron's, and entries stay."""
    changed = [one.name for one in fields(UserChange) if getattr(before, one.name) != getattr(user, one.name)]
    await work.log(Action.USER_CHANGED, by, user_id=user.id, changed=changed)


def _card_taken() -> Conflict:
    return Conflict("card_taken", "another user has this card number")
