"""The node's configuration: node.toml and the environment, checked whole, to frozen settings."""

from __future__ import annotations

from node.settings.load import load_settings, open_to_others
from node.settings.shapes import (
    BuzzerSettings,
    HubSettings,
    JournalSettings,
    KeypadSettings,
    PostSettings,
    RelaySettings,
    ScreenSettings,
    Settings,
    SettingsError,
)

__all__ = [
    "BuzzerSettings",
    "HubSettings",
    "JournalSettings",
    "KeypadSettings",
    "PostSettings",
    "RelaySettings",
    "ScreenSettings",
    "Settings",
    "SettingsError",
    "load_settings",
    "open_to_others",
]
