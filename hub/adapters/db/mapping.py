"""Domain records to rows and back: same names, but where a foreign key gives its column another."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property
from typing import Any, Generic, TypeVar, cast, get_origin

from tortoise.models import Model

from hub.adapters.db import models
from hub.adapters.db.plain import from_plain, to_plain, type_hints
from hub.domain.accounts import Operator, Token
from hub.domain.house import House
from hub.domain.lease import Lease
from hub.domain.post import Post
from hub.domain.records import Answer, Learning, LogEntry, StartOrder, User
from hub.domain.session import Session

R = TypeVar("R")
SINGLE_ROW = 1
"""The id of the one row of a table that has one."""


class Kept(Generic[R]):
    """How one kind of record is kept: in which table, and field by field."""

    def __init__(self, record: type[R], row: type[Model], key: str = "id", **columns: str) -> None:
        self.record, self.row, self.key = record, row, key
        self.table: str = row._meta.db_table  # noqa: SLF001 - the table's name has no other home
        self._fields = [
            (name, columns.get(name, name), *_conversions(hint))
            for name, hint in type_hints(cast("Any", record)).items()
        ]

    def columns(self, record: R) -> dict[str, Any]:
        """What the row's columns are to hold; ValueError for an instant without a time zone."""
        held = {}
        for name, column, write, _ in self._fields:
            value = getattr(record, name)
            held[column] = write(value) if value is not None else None
        return held

    @property
    def names(self) -> list[str]:
        """The columns that a record is made of."""
        return [column for _, column, _, _ in self._fields]

    @cached_property
    def select(self) -> str:
        """The statement that `load` understands, up to its conditions."""
        return f'SELECT {", ".join(dict.fromkeys([self.key, *self.names]))} FROM "{self.table}" WHERE '  # noqa: S608 - our names

    def load(self, row: Mapping[str, Any]) -> R:
        """The record that a row holds, as the driver or as Tortoise gives its values."""
        held = {}
        for name, column, _, read in self._fields:
            value = row[column]
            held[name] = read(value) if value is not None else None
        return self.record(**held)


class KeptWhole(Kept[R]):
    """A record that exists once, in one column of a table with one row."""

    def __init__(self, record: type[R], row: type[Model], column: str) -> None:
        super().__init__(record, row)
        self._column = column

    def columns(self, record: R) -> dict[str, Any]:
        return {"id": SINGLE_ROW, self._column: _to_json(record)}

    @property
    def names(self) -> list[str]:
        return [self._column]

    def load(self, row: Mapping[str, Any]) -> R:
        return from_plain(self.record, _from_json(row[self._column]))


class KeptOnce(Kept[R]):
    """A record that exists once, field by field in a table with one row."""

    def columns(self, record: R) -> dict[str, Any]:
        return {"id": SINGLE_ROW, **super().columns(record)}


def _conversions(hint: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """What makes a column's value of a field's, and the other way."""
    if get_origin(hint) is Mapping:
        return _to_json, _from_json
    if isinstance(hint, type):
        if is_dataclass(hint):
            return _to_json, lambda value: from_plain(hint, _from_json(value))
        if issubclass(hint, Enum):
            return to_plain, hint
        if issubclass(hint, datetime):
            return _utc, instant
        if hint is bool:
            return bool, bool
    return _same, _same


def _same(value: Any) -> Any:
    return value


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return instant.astimezone(UTC)


def instant(value: datetime | str) -> datetime:
    """An instant as either driver gives it."""
    return _utc(value if isinstance(value, datetime) else datetime.fromisoformat(value))


def _to_json(value: object) -> str:
    return json.dumps(to_plain(value))


def _from_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


POSTS = Kept(Post, models.PostRow)
USERS = Kept(User, models.UserRow)
SESSIONS = Kept(Session, models.SessionRow, merged_into="joined_id")
LEASES = Kept(Lease, models.LeaseRow, transfer_to="target_id")
ANSWERS = Kept(Answer, models.AnswerRow, key="req_id")
START_ORDERS = Kept(StartOrder, models.StartOrderRow)
LOG = Kept(LogEntry, models.LogEntryRow)
HOUSE = KeptWhole(House, models.HouseRow, "settings")
OPERATORS = Kept(Operator, models.OperatorRow)
TOKENS = Kept(Token, models.TokenRow)
LEARNING = KeptOnce(Learning, models.HubStateRow, since="learning_since")

KEPT: dict[type, Kept[Any]] = {
    kept.record: kept for kept in (POSTS, USERS, SESSIONS, LEASES, ANSWERS, START_ORDERS, OPERATORS, HOUSE, LEARNING)
}
