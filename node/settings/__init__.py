"""The node's configuration: node.toml and the environment, checked whole, to frozen settings."""

from __future__ import annotations

from node.settings.hardware import hardware_of
from node.settings.load import load_settings, open_to_others
from node.settings.shapes import (
    ButtonSettings,
    BuzzerSettings,
    HardwareSettings,
    HubSettings,
    JournalSettings,
    KeypadSettings,
    LedSettings,
    PostSettings,
    RelaySettings,
    ScreenSettings,
    Settings,
    SettingsError,
)

__all__ = [
    "ButtonSettings",
    "BuzzerSettings",
    "HardwareSettings",
    "HubSettings",
    "JournalSettings",
    "KeypadSettings",
    "LedSettings",
    "PostSettings",
    "RelaySettings",
    "ScreenSettings",
    "Settings",
    "SettingsError",
    "hardware_of",
    "load_settings",
    "open_to_others",
]
