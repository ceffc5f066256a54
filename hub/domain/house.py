"""House settings: what the desk may change at run time. Frozen, and kept in the database."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from hub.domain.access_code import CodeFormat
from hub.domain.session import OnEnd
from hub.wire.messages import PostSettings
from hub.wire.terms import Language, PowerReturn

MAX_DURATION_S = 86_400
"""The longest stay that one code, or one addition of time, may give."""
UNDO_WITHIN_S = 60
SITE_ALARM_REFUSALS = 30
"""So many unknown codes at all posts together within SITE_ALARM_WINDOW_S raise an alarm (R16)."""
SITE_ALARM_WINDOW_S = 600

MAX_PRESETS = 12
VALIDITY_S = range(60, 366 * 86_400 + 1)
WARN_AT_S = range(1, 3601)
MAX_WARNINGS = 5
GRACE_S = range(601)
IDLE_TEXT_LENGTH = 200
"""The longest text that the wire carries to a post's screen."""
TICKET_TEXT_LENGTH = 500
OPEN_HOURS_A_WEEK = range(1, 169)
RETENTION_DAYS = range(1, 3651)

Problem = tuple[str, str]
"""A field of the settings, with a dot before a field within one, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the house keeps what it knows, in whole days; the retention job purges what is older.

    `log_days`: entries of the journal, from when they were written. `session_days`: stays with their leases and
    requests, from when they were over. `user_days`: a patron's name, card and contact, from their last stay or change;
    then they are anonymised.
    """

    log_days: int = 365
    session_days: int = 365
    user_days: int = 730


@dataclass(frozen=True, slots=True)
class House:
    """One house's settings, each with a default that works; what was stored before a field existed has its default."""

    language: Language = Language.FR
    time_zone: str = "Europe/Paris"
    presets_s: tuple[int, ...] = (900, 1800, 3600, 7200)
    validity_s: int = 86_400
    code: CodeFormat = CodeFormat()
    warn_at_s: tuple[int, ...] = (300, 60)
    grace_s: int = 60
    idle_text: str = ""
    confirm_keys: bool = False
    on_power_return: PowerReturn = PowerReturn.RESUME
    on_end: OnEnd = OnEnd.BANK
    """What ending at the keypad does with the rest, unless the code was issued otherwise."""
    ticket_text: str = ""
    """Lines that are printed below a code."""
    open_hours_a_week: int = 40
    """How long somebody can stand at a post and guess; see hub.domain.guessing."""
    retention: Retention = Retention()

    def for_posts(self) -> PostSettings:
        """The part of the settings that the posts obey."""
        return PostSettings(
            language=self.language,
            warn_at_s=self.warn_at_s,
            grace_s=self.grace_s,
            code_length=self.code.length,
            code_signs=self.code.signs,
            idle_text=self.idle_text,
            confirm_keys=self.confirm_keys,
            on_power_return=self.on_power_return,
        )


def problems(house: House) -> list[Problem]:
    """What is wrong with these settings, field by field. Whether there is such a time zone, only a clock knows."""
    found = [*_times(house), *_texts(house)]
    found += [(f"code.{field}", text) for field, text in house.code.problems()]
    for name in ("log_days", "session_days", "user_days"):
        found += _within(f"retention.{name}", getattr(house.retention, name), RETENTION_DAYS)
    return found


def _times(house: House) -> Iterator[Problem]:
    presets = house.presets_s
    if not 1 <= len(presets) <= MAX_PRESETS or len(set(presets)) < len(presets):
        yield "presets_s", f"must be 1 to {MAX_PRESETS} durations, each once"
    elif not all(1 <= preset <= MAX_DURATION_S for preset in presets):
        yield "presets_s", f"each must be 1 to {MAX_DURATION_S} seconds"
    yield from _within("validity_s", house.validity_s, VALIDITY_S)
    warnings = house.warn_at_s
    if len(warnings) > MAX_WARNINGS or len(set(warnings)) < len(warnings):
        yield "warn_at_s", f"must be at most {MAX_WARNINGS} warnings, each once"
    elif not all(warning in WARN_AT_S for warning in warnings):
        yield "warn_at_s", f"each must be {WARN_AT_S[0]} to {WARN_AT_S[-1]} seconds before the end"
    yield from _within("grace_s", house.grace_s, GRACE_S)
    yield from _within("open_hours_a_week", house.open_hours_a_week, OPEN_HOURS_A_WEEK)


def _texts(house: House) -> Iterator[Problem]:
    if len(house.idle_text) > IDLE_TEXT_LENGTH or _has_controls(house.idle_text):
        yield "idle_text", f"must be one line of at most {IDLE_TEXT_LENGTH} characters"
    if len(house.ticket_text) > TICKET_TEXT_LENGTH or _has_controls(house.ticket_text.replace("\n", "")):
        yield "ticket_text", f"must be lines of at most {TICKET_TEXT_LENGTH} characters together"


def _within(field: str, value: int, limits: range) -> Iterator[Problem]:
    if value not in limits:
        yield field, f"must be {limits[0]} to {limits[-1]}"


def _has_controls(text: str) -> bool:
    """Whether a text holds what would move a printer's or a terminal's cursor, or half a surrogate pair."""
    return any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text)
