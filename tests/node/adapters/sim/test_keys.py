"""The text that presses keys."""

from __future__ import annotations

import pytest

from node.adapters.sim import BadKeys, parse_keys
from node.core.events import Key, KeyPressed, SignTyped


def test_signs_controls_and_words() -> None:
    assert parse_keys("K7\n\b{pause}{end}{balance}{language}{help}") == [
        SignTyped("K"),
        SignTyped("7"),
        KeyPressed(Key.CONFIRM),
        KeyPressed(Key.ERASE),
        KeyPressed(Key.PAUSE),
        KeyPressed(Key.END),
        KeyPressed(Key.BALANCE),
        KeyPressed(Key.LANGUAGE),
        KeyPressed(Key.HELP),
    ]


@pytest.mark.parametrize("text", ["", "{", "}", "K{pause", "{paus}", "{}", "a\0", "\ud800", "A" * 4097])
def test_anything_else_is_refused_whole_and_not_quoted(text: str) -> None:
    with pytest.raises(BadKeys) as caught:
        parse_keys(text)
    assert "paus}" not in str(caught.value).replace("{pause}", "")
