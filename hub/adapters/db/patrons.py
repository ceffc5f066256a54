"""What the database knows of patrons through their stays."""

from __future__ import annotations

from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient

from hub.adapters.db.sql import run

_USED = """
SELECT COALESCE(SUM(COALESCE(l.charged_s, l.total_s)), 0) AS seconds
FROM lease l JOIN session s ON s.id = l.session_id
WHERE s.user_id = ? AND l.granted_at >= ? AND l.granted_at < ?"""
GIVEN = """action = ? AND at >= ? AND at < ? AND session_id IN (
  SELECT s.id FROM session s JOIN session other ON other.id = s.joined_id
  WHERE s.user_id = ? AND (other.user_id IS NULL OR other.user_id <> s.user_id))"""
"""Entries of the journal that tell how stays of a user, given last, joined those of others in a time."""
_PROMISED = """
SELECT COALESCE(SUM(initial_s + added_s - consumed_s - allocated_s), 0) AS seconds FROM session
WHERE user_id = ? AND status IN ('pending', 'suspended')
  AND (valid_from IS NULL OR valid_from < ?) AND (valid_until IS NULL OR valid_until > ?)"""
UNSEEN = """anonymised_at IS NULL AND updated_at < ? AND NOT EXISTS (
  SELECT 1 FROM session s WHERE s.user_id = "user".id
  AND (s.status NOT IN ('ended', 'expired') OR s.updated_at >= ?))"""
"""Users whose record and stays did not change since an instant, given twice, and who have no live stay."""


async def has_sessions(client: BaseDBAsyncClient, user_id: str) -> bool:
    return bool(await run(client, "SELECT 1 AS one FROM session WHERE user_id = ? LIMIT 1", user_id))


async def used_s(client: BaseDBAsyncClient, user_id: str, start: datetime, end: datetime) -> int:
    (row,) = await run(client, _USED, user_id, start, end)
    return int(row["seconds"])


async def promised_s(client: BaseDBAsyncClient, user_id: str, start: datetime, end: datetime) -> int:
    (row,) = await run(client, _PROMISED, user_id, end, start)
    return int(row["seconds"])


async def wipe_notes_of(client: BaseDBAsyncClient, user_id: str, now: datetime) -> None:
    await run(client, "UPDATE session SET notes = '', updated_at = ? WHERE user_id = ? AND notes <> ''", now, user_id)
