"""Versions of records: two people who change one record at the same time must not undo each other unknowingly.

A record's version is made of what it holds, so it needs no column and no clock: whoever read the same, read the same
version. Facts that come by themselves (when a post was last heard, say) are no part of it: they are marked as such in
the record, by `fact`, and nobody who edits a name is told to look again for them.
"""

from __future__ import annotations

import hashlib
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

from hub.domain.errors import Stale

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")
_FACT = "fact"
_DIGITS = 32


def fact(default: Any = MISSING) -> Any:
    """A dataclass field for what comes by itself, and is no part of the record's version."""
    return field(default=default, metadata={_FACT: True})


def version(record: DataclassInstance) -> str:
    """The version of a record, as hexadecimal digits: another one whenever anything in it differs, but for facts."""
    held = [(one.name, getattr(record, one.name)) for one in fields(record) if _FACT not in one.metadata]
    return hashlib.sha256(repr(held).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


@dataclass(frozen=True, slots=True)
class Expected:
    """The versions of a record that somebody has seen, and may change; None: whatever it is."""

    versions: frozenset[str] | None = None

    def of(self, record: R) -> R:
        """The record, when it is one that was seen; else Stale. To be asked within the transaction that changes it."""
        if self.versions is not None and version(record) not in self.versions:
            raise Stale
        return record


ANY = Expected()
