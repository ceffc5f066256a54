"""`poste-hub settings`: what the house has decided, from a terminal."""

from __future__ import annotations

import pytest

from tests.hub.cli.terminal import Terminal


def listed(terminal: Terminal) -> dict[str, str]:
    _, *rows = terminal.does("settings", "list")
    return {name: value.strip() for name, _, value in (row.partition(" ") for row in rows)}


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("language", "fr", "en"),
        ("time_zone", "Europe/Paris", "Europe/London"),
        ("presets_s", "900,1800,3600,7200", "60,120"),
        ("warn_at_s", "300,60", ""),
        ("grace_s", "60", "0"),
        ("confirm_keys", "false", "true"),
        ("code.alphabet", "letters_and_digits", "letters_and_digits"),
        ("code.length", "6", "10"),
        ("retention.log_days", "365", "30"),
        ("idle_text", "", "Bonjour"),
    ],
)
def test_a_setting_is_listed_and_changed(terminal: Terminal, name: str, before: str, after: str) -> None:
    assert listed(terminal)[name] == before
    assert terminal.does("settings", "set", name, after) == []
    assert listed(terminal)[name] == after


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("grace", "60", "no such setting 'grace'"),
        ("code", "8", "no such setting 'code'"),
        ("grace_s", "soon", "grace_s must be a whole number"),
        ("grace_s", "-1", "grace_s must be 0 to 600"),
        ("confirm_keys", "yes", "confirm_keys must be true or false"),
        ("language", "de", "language must be one of fr, en"),
        ("presets_s", "900,,3600", "presets_s must be whole numbers with commas between"),
        ("presets_s", "15 min", "presets_s must be whole numbers with commas between"),
        ("code.alphabet", "digits", "code.length must be at least 9 with digits only: shorter ones could be guessed"),
        ("time_zone", "Mars/Olympus", "time_zone must be a time zone that there is, such as Europe/Paris"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(terminal: Terminal, name: str, value: str, why: str) -> None:
    before = listed(terminal)
    assert terminal.refuses("settings", "set", name, value).startswith(why)
    assert listed(terminal) == before
