"""Settings: the desk changes how the house works, at once and everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

from hub.domain.errors import Invalid
from hub.domain.house import House, problems
from hub.domain.version import ANY, Expected
from hub.usecases.sync import send_sync
from hub.usecases.work import By, Room, Work, working
from hub.wire.terms import Action


async def change_settings(room: Room, change: Callable[[House], House], by: By, expected: Expected = ANY) -> House:
    """The house as `change` makes it of the present one, applied at once. Invalid with every field at fault; Stale.

    The hub reads the settings anew for each act; posts are told by `sync` what concerns them.
    """
    async with working(room) as work:
        before = expected.of(await work.tx.house())
        house = change(before)
        wrong = problems(house)
        if not room.clock.has_zone(house.time_zone):
            wrong.append(("time_zone", "must be a time zone that there is, such as Europe/Paris"))
        if wrong:
            raise Invalid(*wrong[0], more=wrong[1:])
        if house != before:
            old, new = dict(flat(before)), dict(flat(house))
            changed = {name: {"old": old[name], "new": new[name]} for name in new if old[name] != new[name]}
            await work.save(house)
            await work.log(Action.SETTINGS_CHANGED, by, changed=changed)
        if house.for_posts() != before.for_posts():
            await _tell_posts(work)
        return house


async def tell_posts(room: Room) -> None:
    """Tell every post the settings that another process has changed."""
    async with working(room) as work:
        await _tell_posts(work)


async def _tell_posts(work: Work) -> None:
    for post in await work.tx.posts():
        await send_sync(work, post)


def flat(settings: object, within: str = "") -> Iterator[tuple[str, object]]:
    """Every single setting with its name, as `code.length`."""
    for one in fields(settings):  # type: ignore[arg-type]
        value, name = getattr(settings, one.name), within + one.name
        if is_dataclass(value):
            yield from flat(value, f"{name}.")
        else:
            yield name, value
