"""Signs that people take for one another: hub and node read a typed code in the same way."""

from __future__ import annotations

LOOK_ALIKES = {"O": "0", "0": "O", "I": "1", "1": "I", "L": "1"}
"""A sign and the one that it is taken for. `L` is here for its small letter, which is typed for a 1 and never the
other way: codes are shown in capitals. Pairs that only bad print confuses (B and 8, S and 5) are left as they are."""


def read_sign(typed: str, signs: str) -> str | None:
    """The sign of the alphabet `signs` that somebody meant by `typed`; None when it is none of them.

    A sign of the alphabet is itself; any other is what it looks like, where the alphabet has that.
    """
    sign = typed.upper()
    if len(sign) != 1:
        return None
    if sign in signs:
        return sign
    meant = LOOK_ALIKES.get(sign)
    return meant if meant is not None and meant in signs else None


def read_code(typed: str, signs: str) -> str:
    """A code with each sign read so; what is no sign of the alphabet stays as it is, and finds nothing."""
    return "".join(read_sign(sign, signs) or sign for sign in typed)
