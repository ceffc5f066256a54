"""New and changed records, and lines of the journal, as statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hub.adapters.db import mapping
from hub.adapters.db.mapping import Kept
from hub.adapters.db.sql import Change
from hub.domain.records import LogEntry
from hub.usecases.ports import Changes, Record


def statements(changes: Changes, now: datetime) -> list[Change]:
    """What is added, what is saved, the entry; each returns the key of its row. `now` stamps the rows."""
    added = [_insertion(record, now) for record in changes.added]
    saved = [_update(record, now) for record in changes.saved]
    return added + saved + ([_entry(changes.entry)] if changes.entry is not None else [])


def updates(records: Sequence[Record], now: datetime) -> tuple[str, list[list[Any]]]:
    """One statement that saves records of one kind, and its values for each of them; it returns nothing."""
    made = [_assigned(record, now) for record in records]
    return made[0].sql, [change.values for change in made]


def key_of(record: Record) -> Any:
    """The key of a record's row."""
    kept = mapping.KEPT[type(record)]
    return kept.columns(record)[kept.key]


def _insertion(record: Record, now: datetime) -> Change:
    kept = mapping.KEPT[type(record)]
    columns = kept.columns(record)
    made = columns.get("created_at", now)  # which is a moment after its transaction began: it never changed before
    return _inserted(kept, {"created_at": made, "updated_at": made, **columns})


def _entry(entry: LogEntry) -> Change:
    columns = mapping.LOG.columns(entry)
    del columns["id"]
    return _inserted(mapping.LOG, columns)


def _inserted(kept: Kept[Any], columns: dict[str, Any]) -> Change:
    names, places = ", ".join(columns), ", ".join("?" for _ in columns)
    sql = f'INSERT INTO "{kept.table}" ({names}) VALUES ({places}) RETURNING {kept.key}'  # noqa: S608 - our names
    return Change(sql, list(columns.values()))


def _update(record: Record, now: datetime) -> Change:
    change = _assigned(record, now)
    return Change(f"{change.sql} RETURNING {mapping.KEPT[type(record)].key}", change.values)


def _assigned(record: Record, now: datetime) -> Change:
    kept = mapping.KEPT[type(record)]
    columns = {"updated_at": now, **kept.columns(record)}
    key = columns.pop(kept.key)
    assigned = ", ".join(f"{column} = ?" for column in columns)
    sql = f'UPDATE "{kept.table}" SET {assigned} WHERE {kept.key} = ?'  # noqa: S608 - our names
    return Change(sql, [*columns.values(), key])
