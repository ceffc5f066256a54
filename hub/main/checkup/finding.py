"""What a look has found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is: a warning may wait until Monday."""

    OK = "ok"
    WARNING = "warning"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, what was found, and what to do where it is not well."""

    what: str
    level: Level
    told: str
    advice: str = ""


def ok(what: str, told: str) -> Finding:
    """All is well."""
    return Finding(what, Level.OK, told)


def warning(what: str, told: str, advice: str) -> Finding:
    """It works, but not for ever, or not for everybody."""
    return Finding(what, Level.WARNING, told, advice)


def fail(what: str, told: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(what, Level.FAIL, told, advice)
