"""Access codes: which signs, how long, how they are drawn and how a typed one is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hub.wire.terms import LETTERS_AND_DIGITS


@dataclass(frozen=True, slots=True)
class CodeFormat:
    """Length and alphabet of the codes that the house issues."""

    length: int = 6
    signs: str = LETTERS_AND_DIGITS


def draw(form: CodeFormat, choose: Callable[[int], int]) -> str:
    """A code in the given format; `choose(n)` gives an unguessable whole number below n."""
    return "".join(form.signs[choose(len(form.signs))] for _ in range(form.length))


def normalise(typed: str) -> str:
    """A code as it is hashed: upper case, without the spaces that a person writes to read it better."""
    return "".join(typed.split()).upper()
