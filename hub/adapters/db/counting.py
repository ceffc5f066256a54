"""What statistics are made of: facts from sessions, leases and the journal, and the daily figures that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from hub.adapters.db.mapping import instant
from hub.adapters.db.sql import run, written_for
from hub.domain.statistics import LONGEST_SPELL, Event, Facts, Measure, Place, Sign, Spell, Tally

_SPELLS = """
SELECT l.granted_at, COALESCE(l.charged_s, l.debited_s) AS seconds, l.post_id,
  COALESCE(s.category, u.category) AS category, s.started_at IS NULL OR s.started_at = l.granted_at AS first
FROM lease l JOIN session s ON s.id = l.session_id LEFT JOIN "user" u ON u.id = s.user_id
WHERE l.granted_at >= ? AND l.granted_at < ? ORDER BY l.granted_at, l.id"""
_SIGN = "CASE action WHEN 'incident' THEN details ->> 'kind' ELSE action END"
_TOLD = """post_id IS NOT NULL AND (action IN ('post_connected', 'post_disconnected')
  OR action = 'incident' AND details ->> 'kind' IN ('keypad_lost', 'keypad_back'))"""
_EVENTS = f"""
SELECT at, post_id, {_SIGN} AS sign FROM log_entry
WHERE at >= ? AND at < ? AND (action = 'code_refused' AND post_id IS NOT NULL OR {_TOLD}) ORDER BY at, id"""  # noqa: S608
_BEFORE = f"""
SELECT MAX(at) AS at, post_id, {_SIGN} AS sign FROM log_entry
WHERE at < ? AND {_TOLD} GROUP BY post_id, {_SIGN}"""  # noqa: S608 - our own words
LAST_WORDS = f"""
SELECT MAX(id) FROM log_entry
WHERE at < ? AND {_TOLD} AND post_id IN (SELECT id FROM post WHERE NOT retired) GROUP BY post_id, {_SIGN}"""  # noqa: S608
"""The entries that say how each post was at an instant: since when there or gone, and whether with its keypad."""
_NEWEST = """
SELECT MAX(at) AS at, post_id, action AS sign FROM log_entry
WHERE action IN ('post_connected', 'post_disconnected') AND post_id IN (SELECT id FROM post WHERE NOT retired)
GROUP BY post_id, action"""
_TALLY = ("day", "measure", "amount", "hour", "post_id", "zone", "category")
_NAMES = ", ".join(_TALLY)


async def facts(client: BaseDBAsyncClient, start: datetime, end: datetime) -> Facts:
    """What happened in an interval."""
    spells = await run(client, _SPELLS, start - LONGEST_SPELL, end)
    places = await run(client, "SELECT id, zone, created_at, retired FROM post ORDER BY id")
    return Facts(
        start,
        end,
        [
            Spell(instant(row["granted_at"]), row["seconds"], row["post_id"], row["category"], bool(row["first"]))
            for row in spells
        ],
        [_event(row) for row in await run(client, _EVENTS, start, end)],
        [_event(row) for row in await run(client, _BEFORE, start)],
        [Place(row["id"], row["zone"], instant(row["created_at"]), bool(row["retired"])) for row in places],
    )


async def connected(client: BaseDBAsyncClient) -> dict[str, datetime]:
    """Since when the journal has which posts as connected; without those that are retired."""
    last = {event.post_id: event for event in sorted(map(_event, await run(client, _NEWEST)), key=lambda one: one.at)}
    return {post_id: event.at for post_id, event in last.items() if event.sign is Sign.CONNECTED}


async def tallies(client: BaseDBAsyncClient, first: date, last: date, by: Sequence[str]) -> list[Tally]:
    """The figures that are kept of these days, added up but for the day, the measure and what is named."""
    if not set(by) <= {"hour", "post_id", "zone", "category"}:
        raise ValueError(f"figures are not kept by {by}")
    names = ", ".join(["day", "measure", *by])
    sql = (
        f"SELECT {names}, SUM(amount) AS amount FROM tally WHERE day >= ? AND day <= ? "  # noqa: S608 - checked above
        f"GROUP BY {names} ORDER BY {names}"
    )
    return [_tally(row) for row in await run(client, sql, first.isoformat(), last.isoformat())]


async def counted_until(client: BaseDBAsyncClient) -> date | None:
    """The last day of which figures are kept."""
    (row,) = await run(client, "SELECT MAX(day) AS day FROM tally")
    return date.fromisoformat(row["day"]) if row["day"] is not None else None


async def roll(client: BaseDBAsyncClient, day: date, figures: list[Tally]) -> None:
    """Keep the figures of a day, in place of those that were kept for it."""
    await run(client, "DELETE FROM tally WHERE day = ?", day.isoformat())
    places = ", ".join("?" for _ in _TALLY)
    sql = written_for(client, f"INSERT INTO tally ({_NAMES}) VALUES ({places})")  # noqa: S608 - our own words
    await client.execute_many(sql, [[_plain(getattr(one, name)) for name in _TALLY] for one in figures])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _event(row: dict[str, Any]) -> Event:
    return Event(instant(row["at"]), row["post_id"], Sign(row["sign"]))


def _tally(row: dict[str, Any]) -> Tally:
    day, measure, amount = date.fromisoformat(row["day"]), Measure(row["measure"]), int(row["amount"])
    return Tally(**(row | {"day": day, "measure": measure, "amount": amount}))
