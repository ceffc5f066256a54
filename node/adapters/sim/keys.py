"""The text of `POST /keys` to keys: `K7M2QX\\n`, `\\b`, `{pause}`."""

from __future__ import annotations

import re

from node.core.events import Key, KeyPressed, SignTyped

LONGEST = 4096
_TOKEN = re.compile(r"\{(?P<word>[^{}]*)\}|(?P<sign>.)", re.DOTALL)
_CONTROLS = {"\n": Key.CONFIRM, "\r": Key.CONFIRM, "\b": Key.ERASE, "\x7f": Key.ERASE}


class BadKeys(ValueError):
    """The text is not keys; the message never quotes it, as it may hold a code."""


def parse_keys(text: str) -> list[SignTyped | KeyPressed]:
    """All keys of the text in order; BadKeys, and no key, when any of it is not one."""
    if not 1 <= len(text) <= LONGEST:
        raise BadKeys(f"must have 1 to {LONGEST} signs")
    keys: list[SignTyped | KeyPressed] = []
    for token in _TOKEN.finditer(text):
        sign, word = token["sign"], token["word"]
        if word is not None:
            if word not in list(Key):
                raise BadKeys(f"unknown key in braces: known are {', '.join(f'{{{key}}}' for key in Key)}")
            keys.append(KeyPressed(Key(word)))
        elif sign in _CONTROLS:
            keys.append(KeyPressed(_CONTROLS[sign]))
        elif sign in "{}" or not sign.isprintable():
            raise BadKeys("a brace stands alone" if sign in "{}" else "an unknown control sign")
        else:
            keys.append(SignTyped(sign))
    return keys
