"""How each class of records is deleted once it is past its time. The journal's trigger lets nobody else delete."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient

from hub.adapters.db.counting import LAST_WORDS
from hub.adapters.db.sql import run
from hub.domain.retention import Kind

AT_ONCE = 500
OVER = "ended_at < ? AND status NOT IN ('pending', 'active', 'suspended')"
"""Sessions over since an instant; said so that SQLite takes an index of `ended_at`, and not all that is over."""
_NOT_LEASED = "NOT EXISTS (SELECT 1 FROM lease WHERE session_id = session.id AND closed_at IS NULL)"


async def purge(client: BaseDBAsyncClient, kind: Kind, before: datetime) -> int:
    """Delete what is older, at most AT_ONCE of a kind; how many. ValueError for a kind that is never deleted."""
    if kind not in _WAYS:
        raise ValueError(f"{kind} are not deleted")
    return await _WAYS[kind](client, before)


async def _journal(client: BaseDBAsyncClient, before: datetime) -> int:
    await run(client, "UPDATE hub_state SET journal_purged_before = ?", before)
    past = f"at < ? AND id NOT IN ({LAST_WORDS})"  # or one that is there, or gone, for longer would be neither
    oldest = f"SELECT id FROM log_entry WHERE {past} ORDER BY at LIMIT {AT_ONCE}"  # noqa: S608 - our own words
    gone = await _delete(client, "log_entry", "id", oldest, before, before)
    await run(client, "UPDATE hub_state SET journal_purged_before = NULL")
    return gone


async def _sessions(client: BaseDBAsyncClient, before: datetime) -> int:
    over = f"SELECT id FROM session WHERE {OVER} AND {_NOT_LEASED} ORDER BY ended_at, id LIMIT {AT_ONCE}"  # noqa: S608 - our own words
    ids = [row["id"] for row in await run(client, over, before)]
    if not ids:
        return 0
    these = ", ".join("?" for _ in ids)
    # How long a patron is known goes by their last stay: when that goes, their record remembers when it was.
    last = f'SELECT MAX(updated_at) FROM session WHERE user_id = "user".id AND id IN ({these})'  # noqa: S608
    theirs = f"SELECT user_id FROM session WHERE id IN ({these})"  # noqa: S608
    seen = f'UPDATE "user" SET updated_at = ({last}) WHERE id IN ({theirs}) AND updated_at < ({last})'  # noqa: S608
    await run(client, seen, *ids, *ids, *ids)
    leases = f"SELECT id FROM lease WHERE session_id IN ({these})"  # noqa: S608 - places for values
    await run(client, f"DELETE FROM request WHERE lease_id IN ({leases})", *ids)  # noqa: S608
    for table in ("start_order", "lease"):
        await run(client, f"DELETE FROM {table} WHERE session_id IN ({these})", *ids)  # noqa: S608
    await run(client, f"UPDATE session SET joined_id = NULL WHERE joined_id IN ({these})", *ids)  # noqa: S608
    await run(client, f"DELETE FROM session WHERE id IN ({these})", *ids)  # noqa: S608
    return len(ids)


def _plainly(
    table: str, key: str, column: str, but: str = ""
) -> Callable[[BaseDBAsyncClient, datetime], Awaitable[int]]:
    async def delete(client: BaseDBAsyncClient, before: datetime) -> int:
        oldest = f"SELECT {key} FROM {table} WHERE {column} < ?{but} ORDER BY {column} LIMIT {AT_ONCE}"  # noqa: S608
        return await _delete(client, table, key, oldest, before)

    return delete


async def _delete(client: BaseDBAsyncClient, table: str, key: str, which: str, *values: datetime) -> int:
    sql = f"DELETE FROM {table} WHERE {key} IN ({which}) RETURNING {key}"  # noqa: S608 - our own words
    return len(await run(client, sql, *values))


_WAYS: dict[Kind, Callable[[BaseDBAsyncClient, datetime], Awaitable[int]]] = {
    Kind.JOURNAL: _journal,
    Kind.SESSIONS: _sessions,
    Kind.REQUESTS: _plainly(
        "request",
        "req_id",
        "at",
        " AND (lease_id IS NULL OR lease_id IN (SELECT id FROM lease WHERE closed_at IS NOT NULL))",
    ),
    Kind.STARTS: _plainly("start_order", "id", "expires_at"),
    Kind.TOKENS: _plainly("token", "id", "COALESCE(revoked_at, expires_at)"),
}
