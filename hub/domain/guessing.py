"""How likely it is that somebody opens a stay with a code that they only guessed, in a year at the whole site.

    guesses = posts x 365 x most_misses(opening hours a day)
    chance  = 1 - (1 - live / possible) ^ guesses

`possible` is the alphabet's size to the power of a code's length, `live` how many codes can open something, at least
one a post: a look before the doors open would be too good. The worst is assumed: that at every post somebody types
codes all day long, each day with a throttle that has rested over night, as cleverly as its lock-outs allow
(`most_misses`), and that nobody at the desk heeds the alarm. That the desk clears a lock-out now and then is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from hub.domain.access_code import CodeFormat
from hub.domain.throttle import most_misses

WORRYING = 0.01
"""A chance a year and site above which the house is warned."""
_DAYS_A_YEAR = 365
_DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Guessing:
    """The chance that some guess of a year opens something, 0 to 1, and what it was computed from."""

    chance_a_year: float
    possible_codes: int
    live_codes: int
    guesses_a_year: int

    @property
    def worrying(self) -> bool:
        """Whether the house should take longer codes."""
        return self.chance_a_year > WORRYING


def guessing(form: CodeFormat, *, posts: int, live_codes: int, open_hours_a_week: int) -> Guessing:
    """The chance for codes of a format; `posts`: those in use, `live_codes`: codes that open something now."""
    possible, live = len(form.signs) ** form.length, max(live_codes, posts)
    guesses = math.ceil(posts * _DAYS_A_YEAR * most_misses(open_hours_a_week * 3600 / _DAYS_A_WEEK))
    chance = 1.0 if live >= possible else -math.expm1(guesses * math.log1p(-live / possible))
    return Guessing(chance, possible, live, guesses)
