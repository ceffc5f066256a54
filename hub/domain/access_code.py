"""Access codes: which signs, how long, how they are drawn and how a typed one is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from hub.wire.terms import LETTERS_AND_DIGITS

LENGTHS = range(6, 11)
SHORTEST_OF_DIGITS = 9
"""Ten digits are so much fewer than 32 signs that shorter codes could be guessed."""


class Alphabet(StrEnum):
    """Which signs a code is made of."""

    LETTERS_AND_DIGITS = "letters_and_digits"
    DIGITS = "digits"

    @property
    def signs(self) -> str:
        return _SIGNS[self]


_SIGNS = {Alphabet.LETTERS_AND_DIGITS: LETTERS_AND_DIGITS, Alphabet.DIGITS: "0123456789"}


@dataclass(frozen=True, slots=True)
class CodeFormat:
    """Length and alphabet of the codes that the house issues."""

    length: int = 6
    signs: str = LETTERS_AND_DIGITS

    @property
    def alphabet(self) -> Alphabet:
        """The alphabet by its name."""
        return Alphabet.DIGITS if self.signs == Alphabet.DIGITS.signs else Alphabet.LETTERS_AND_DIGITS

    def problems(self) -> Iterator[tuple[str, str]]:
        """Why a house may not have such codes: a field, and what is wrong with it."""
        if self.length not in LENGTHS:
            yield "length", f"must be {LENGTHS[0]} to {LENGTHS[-1]}"
        elif self.alphabet is Alphabet.DIGITS and self.length < SHORTEST_OF_DIGITS:
            yield "length", f"must be at least {SHORTEST_OF_DIGITS} with digits only: shorter ones could be guessed"


def draw(form: CodeFormat, choose: Callable[[int], int]) -> str:
    """A code in the given format; `choose(n)` gives an unguessable whole number below n."""
    return "".join(form.signs[choose(len(form.signs))] for _ in range(form.length))


def normalise(typed: str) -> str:
    """A code as it is hashed: upper case, without the spaces that a person writes to read it better."""
    return "".join(typed.split()).upper()
