"""House settings: what the desk may change at run time. Frozen, and kept in the database."""

from __future__ import annotations

from dataclasses import dataclass

from hub.domain.access_code import CodeFormat
from hub.wire.messages import PostSettings
from hub.wire.terms import Language, PowerReturn

MAX_DURATION_S = 86_400
"""The longest stay that one code, or one addition of time, may give."""
UNDO_WITHIN_S = 60
SITE_ALARM_REFUSALS = 30
"""So many unknown codes at all posts together within SITE_ALARM_WINDOW_S raise an alarm (R16)."""
SITE_ALARM_WINDOW_S = 600


@dataclass(frozen=True, slots=True)
class House:
    """One house's settings, each with a default that works."""

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
